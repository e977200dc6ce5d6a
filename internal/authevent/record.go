package authevent

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// addEvent makes a record of the line that the decoder has read and p has
// taken. body is the JSON object's text.
func (b *Batch) addEvent(p *compiled, body string, l Line, from *Origin, observed time.Time) {
	environment, ok := b.firstText(p.environment)
	if !ok {
		environment = b.parser.options.Environment
	}
	g := b.group(p, environment)
	lr := g.records.AppendEmpty()
	b.records++
	b.attrs.EnsureCapacity(g.size)

	name, _ := b.firstText(p.eventName)
	m := p.meaningOf(name)
	b.setTimes(p, lr, observed)
	b.setTraceID(p, lr)
	b.setBody(lr, name, body)

	lr.SetEventName(name)
	b.put(attr.OTelEventName, name)
	b.put(attr.Source, p.name)
	b.put(attr.Category, m.category)
	outcome, errorType := b.putOutcome(p, m)
	b.setSeverity(p, lr, m, outcome, errorType)
	if m.step != "" {
		b.put(attr.Step, m.step)
	}
	if m.limiter != "" {
		b.put(attr.Limiter, m.limiter)
	}
	b.putAttributes(p, name, m)

	if uid, ok := b.firstText(p.uid); ok {
		b.put(attr.LogRecordUID, uid)
	} else {
		b.put(attr.LogRecordUID, b.uid(l, from))
	}
	b.putFile(from)
	b.attrs.UnsafeIntoMap(lr.Attributes())
	g.size = max(g.size, lr.Attributes().Len())
}

// firstText returns the first of the values that holds a text that is not empty.
func (b *Batch) firstText(slots []int) (string, bool) {
	for _, slot := range slots {
		if s, ok := b.decoder.text(slot); ok && s != "" {
			return s, true
		}
	}
	return "", false
}

func (b *Batch) setTimes(p *compiled, lr plog.LogRecord, observed time.Time) {
	now := pcommon.NewTimestampFromTime(observed)
	lr.SetObservedTimestamp(now)
	if s, ok := b.firstText(p.time); ok {
		if nanos, ok := parseTime(s); ok {
			lr.SetTimestamp(pcommon.Timestamp(nanos))
			return
		}
	}
	lr.SetTimestamp(now)
	b.putBool(attr.TimeFallback, true)
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
		setMap(lr.Body(), body)
	case BodyEventName:
		lr.Body().SetStr(name)
	default:
		lr.Body().SetStr(body)
	}
}

// putOutcome finds success or failure: as the line says, else as the name says.
func (b *Batch) putOutcome(p *compiled, m meaning) (outcome, errorType string) {
	outcome = m.outcome
	if s, ok := b.firstText(p.outcome); ok {
		switch strings.ToLower(s) {
		case "true", "1":
			outcome = attr.OutcomeSuccess
		case "false", "0":
			outcome = attr.OutcomeFailure
		}
	}
	if outcome == "" {
		return "", ""
	}
	b.put(attr.Outcome, outcome)
	if outcome == attr.OutcomeFailure {
		if errorType = p.errorType(b.decoder); errorType != "" {
			b.put(attr.ErrorType, errorType)
		}
	}
	return outcome, errorType
}

func (b *Batch) setSeverity(p *compiled, lr plog.LogRecord, m meaning, outcome, errorType string) {
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

func (b *Batch) putAttributes(p *compiled, event string, m meaning) {
	for i := range p.attributes {
		a := &p.attributes[i]
		switch {
		case m.step != "" && a.name == attr.Step, m.limiter != "" && a.name == attr.Limiter:
			continue // the name has said it
		case !a.when.to(event, m.category):
			continue
		}
		if !b.assign(a) {
			b.putDefault(a.name, m)
		}
	}
}

// putDefault fills an attribute that the line does not.
func (b *Batch) putDefault(name string, m meaning) {
	switch name {
	case attr.Method:
		if m.method != "" {
			b.put(name, m.method)
		}
	case attr.Domain:
		if b.parser.options.Domain != "" {
			b.put(name, b.parser.options.Domain)
		}
	}
}

// assign fills an attribute from the first of its places that holds something
// of its type.
func (b *Batch) assign(a *assignment) bool {
	if a.as == asConst {
		b.putBool(a.name, a.truth)
		return true
	}
	for _, slot := range a.slots {
		s, ok := b.decoder.text(slot)
		if !ok || s == "" || len(a.except) > 0 && slices.Contains(a.except, s) {
			continue
		}
		if b.convert(a, s) {
			return true
		}
	}
	return false
}

func (b *Batch) convert(a *assignment, s string) bool {
	switch a.as {
	case asText:
		b.put(a.name, s)
	case asCode:
		if !isCode(s) {
			return false
		}
		b.put(a.name, s)
	case asStep: // "cancel token validation" as the names of newer events have it
		if s = strings.ReplaceAll(s, " ", "_"); !isCode(s) {
			return false
		}
		b.put(a.name, s)
	case asMethod:
		b.put(a.name, method(s))
	case asEmail: // an actor may also be a name, or "system"
		if !strings.Contains(s, "@") {
			return false
		}
		b.put(a.name, s)
	case asBool:
		truth, err := strconv.ParseBool(s)
		if err != nil {
			return false
		}
		b.putBool(a.name, truth)
	case asInt:
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return false
		}
		b.attrs.AppendEmpty(a.name).SetInt(n)
	case asSeconds, asMilliseconds:
		f, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return false
		}
		if a.as == asMilliseconds {
			f /= 1000
		}
		b.attrs.AppendEmpty(a.name).SetDouble(f)
	case asBot:
		if s != "true" {
			return false
		}
		b.put(a.name, "bot")
	}
	return true
}

// method gives an authentication method one spelling: personal-key and
// personal_key, backup_codes and backup_code are the same.
func method(s string) string {
	if strings.ContainsAny(s, "-ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		s = strings.ReplaceAll(strings.ToLower(s), "-", "_")
	}
	if s == "backup_codes" {
		return "backup_code"
	}
	return s
}
