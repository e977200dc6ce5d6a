package authevent

import (
	"encoding/hex"
	"math/bits"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// addEvent makes a record of the line that the decoder has read and p has
// taken, of the event b.event. body is the line's JSON object, or its text.
func (b *Batch) addEvent(p *compiled, body string, l Line, from *Origin, observed time.Time) {
	environment, ok := b.firstText(p.environment)
	if !ok {
		environment = b.parser.options.Environment
	}
	lr := b.group(p, environment).records.AppendEmpty()
	b.records++

	m := b.event.meaning
	timed := b.setTimes(p, lr, l, observed)
	b.setTraceID(p, lr)
	b.setBody(lr, m.name, body)
	lr.SetEventName(m.name)
	outcome := b.outcome(p, m)
	shape := b.shape(m)
	b.begin(p, shape, outcome, !timed)
	errorType := ""
	if outcome == attr.OutcomeFailure {
		if errorType = p.errorType(b.decoder); errorType != "" {
			b.put(attr.ErrorType, errorType)
		}
	}
	b.setSeverity(p, lr, m, outcome, errorType)
	if m.step != "" {
		b.put(attr.Step, m.step)
	}
	if m.limiter != "" {
		b.put(attr.Limiter, m.limiter)
	}
	b.putAttributes(m)

	if uid, ok := b.firstText(p.uid); ok {
		b.put(attr.LogRecordUID, uid)
	} else {
		b.put(attr.LogRecordUID, b.uid(l, from))
	}
	b.putFile(from)
	b.attrs[0].UnsafeIntoMap(lr.Attributes())
	shape.places = max(shape.places, lr.Attributes().Len())
}

// firstText returns the first of the values that holds a text that is not empty.
func (b *Batch) firstText(slots []int) (string, bool) {
	for _, slot := range slots {
		if b.decoder.values[slot].kind <= null {
			continue
		}
		if s, ok := b.decoder.text(slot); ok && s != "" {
			return s, true
		}
	}
	return "", false
}

// setTimes says whether the line has a usable time.
func (b *Batch) setTimes(p *compiled, lr plog.LogRecord, l Line, observed time.Time) (usable bool) {
	lr.SetObservedTimestamp(pcommon.NewTimestampFromTime(observed))
	for _, slot := range p.time {
		if s, ok := b.decoder.text(slot); ok {
			if nanos, ok := p.parseTime(s); ok {
				lr.SetTimestamp(pcommon.Timestamp(nanos))
				return true
			}
		}
	}
	setFallbackTime(lr, l, observed)
	return false
}

// setFallbackTime is for a line without a usable time: the time of the wrapper
// around it, or else of reading, stands in.
func setFallbackTime(lr plog.LogRecord, l Line, observed time.Time) {
	nanos, ok := usable(l.Time)
	if !ok {
		nanos = observed.UnixNano()
	}
	lr.SetTimestamp(pcommon.Timestamp(nanos))
}

// setTraceID reads an X-Amzn-Trace-Id, Root=1-<8 hex digits>-<24 hex digits>,
// whose digits together are a trace id.
func (b *Batch) setTraceID(p *compiled, lr plog.LogRecord) {
	s, ok := b.firstText(p.traceID)
	if !ok {
		return
	}
	_, root, ok := strings.Cut(s, "Root=1-")
	if !ok || len(root) < 33 || root[8] != '-' {
		return
	}
	var digits [32]byte
	copy(digits[:8], root[:8])
	copy(digits[8:], root[9:33])
	var id pcommon.TraceID
	if _, err := hex.Decode(id[:], digits[:]); err == nil {
		lr.SetTraceID(id)
	}
}

func (b *Batch) setBody(lr plog.LogRecord, name, body string) {
	switch b.parser.options.Body {
	case BodyMap:
		if body[0] != '{' { // plain text
			lr.Body().SetStr(body)
			return
		}
		setMap(lr.Body(), body)
	case BodyEventName:
		lr.Body().SetStr(name)
	default:
		lr.Body().SetStr(body)
	}
}

// outcome finds success or failure: as the line says, else as the name says.
func (b *Batch) outcome(p *compiled, m *meaning) string {
	if s, ok := b.firstText(p.outcome); ok {
		if said := p.outcomeOf(s); said != "" {
			return said
		}
	}
	return m.outcome
}

// outcomeOf returns what a line's outcome stands for, or "".
func (p *compiled) outcomeOf(s string) string {
	switch {
	case s == "1" || strings.EqualFold(s, "true"):
		return attr.OutcomeSuccess
	case s == "0" || strings.EqualFold(s, "false"):
		return attr.OutcomeFailure
	}
	for i := range p.outcomes { // few, and a map would need s in lower case
		if strings.EqualFold(s, p.outcomes[i].text) {
			return p.outcomes[i].outcome
		}
	}
	return ""
}

func (b *Batch) setSeverity(p *compiled, lr plog.LogRecord, m *meaning, outcome, errorType string) {
	switch {
	case m.isError, b.hasException(p), errorType != "" && slices.Contains(p.errorTypes, errorType):
		lr.SetSeverityNumber(plog.SeverityNumberError)
		lr.SetSeverityText("ERROR")
	case outcome == attr.OutcomeFailure:
		lr.SetSeverityNumber(plog.SeverityNumberWarn)
		lr.SetSeverityText("WARN")
	default:
		lr.SetSeverityNumber(plog.SeverityNumberInfo)
		lr.SetSeverityText("INFO")
	}
}

func (b *Batch) hasException(p *compiled) bool {
	_, ok := b.firstText(p.exceptions)
	return ok
}

// putAttributes fills the attributes that the profile has rules for.
func (b *Batch) putAttributes(m *meaning) {
	for i := range m.rules {
		g := &m.rules[i]
		for due := g.due(b.decoder.noted); due != 0; due &= due - 1 {
			b.putAttribute(&g.rules[bits.TrailingZeros64(due)], m)
		}
	}
	for i := range m.attributes {
		b.putAttribute(&m.attributes[i], m)
	}
}

func (b *Batch) putAttribute(a *assignment, m *meaning) {
	switch {
	case a.beside == nameSaysStep && m.step != "" || a.beside == nameSaysLimiter && m.limiter != "": // it has
	case a.when != nil || len(a.more) > 0:
		b.putByRules(a, m)
	case !b.assign(a):
		b.putDefault(a, m)
	}
}

// putByRules fills an attribute by the first of its rules that is for the line
// and yields a value; or where one is for it and none does, by the default.
func (b *Batch) putByRules(a *assignment, m *meaning) {
	applies := a.when.to(m, b.decoder)
	if applies && b.assign(a) {
		return
	}
	for i := range a.more {
		more := &a.more[i]
		if !more.when.to(m, b.decoder) {
			continue
		}
		applies = true
		if b.assign(more) {
			return
		}
	}
	if applies {
		b.putDefault(a, m)
	}
}

// putDefault fills an attribute that the line does not.
func (b *Batch) putDefault(a *assignment, m *meaning) {
	switch {
	case a.beside == defaultMethod && m.method != "":
		b.put(a.name, m.method)
	case a.beside == defaultDomain && b.parser.options.Domain != "":
		b.put(a.name, b.parser.options.Domain)
	}
}
