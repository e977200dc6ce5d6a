package leakscan

import (
	"encoding/json"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/otlpjson"
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
)

// check looks through a unit.
func (s *scanner) check(u unit) {
	s.report.result.Units++
	if !u.json {
		s.text(u)
		return
	}
	if signal, ok := otlpjson.Signal(u.text); ok && s.otlp(u, signal) {
		return
	}
	s.tell(s.object(u))
}

// text looks through a text that is no JSON, but may have some behind it, and pairs
// of logfmt in it.
func (s *scanner) text(u unit) {
	head := u.text
	if at := jsonTail(head); at >= 0 {
		tail := u
		tail.text, tail.column = head[at:], u.column+at
		s.tell(s.object(tail))
		head = head[:at]
	}
	pairs := pairsIn(head)
	found := s.pairs(u, pairs)
	s.tell(found)
	for _, span := range (detect.Options{DecodeTokens: true}).Find(nil, head) {
		if !told(found, pairs, span) && !s.leaves("text", head[span.Start:span.End]) {
			s.report.add(span.Kind.String(), "text", u.at(span.Start, u.pointer), 1)
		}
	}
}

// told says whether what was found in pairs is what is found there by its looks.
func told(found []finding, pairs []pairAt, span detect.Span) bool {
	for _, f := range found {
		if f.kind == span.Kind.String() && f.cell >= 0 && pairs[f.cell].start < span.End && span.Start < pairs[f.cell].end {
			return true
		}
	}
	return false
}

// maxTails is how many places of a line are tried for the beginning of JSON.
const maxTails = 8

// jsonTail is where in a text JSON begins that it ends with, behind what a container
// runtime or a shell put before it; -1 where there is none.
func jsonTail(text string) int {
	if end := strings.TrimRight(text, " \t\r\n"); !strings.HasSuffix(end, "}") {
		return -1
	}
	for i, from := 0, 0; i < maxTails; i++ {
		at := strings.IndexByte(text[from:], '{')
		if at < 0 {
			break
		}
		if at += from; json.Valid([]byte(text[at:])) {
			return at
		}
		from = at + 1
	}
	return -1
}

// pairs looks through those of a text, as the members of an object.
func (s *scanner) pairs(u unit, pairs []pairAt) []finding {
	var c composer
	for _, p := range pairs {
		at := u.at(p.start, "")
		c.add(p.key, p.value, at.Line, at.Column)
	}
	return s.composed(&c, u)
}

func (s *scanner) composed(c *composer, u unit) []finding {
	if len(c.cells) == 0 {
		return nil
	}
	return s.object(c.into(u))
}

// leaves says whether the scrubber leaves a text as it is: an address of which
// the end is cut off.
func (s *scanner) leaves(name, text string) bool {
	ld, attrs := oneRecord()
	attrs.PutStr(name, text)
	stats := s.scrubber.Logs(ld)
	return !changed(&stats)
}

// object looks through a JSON object or array: an event of an IdP by its
// profile, and all else by its names and values.
func (s *scanner) object(u unit) []finding {
	ld, ok := s.event(u.text)
	if !ok {
		ld, _ = oneRecord()
	}
	sl := ld.ResourceLogs().At(0).ScopeLogs().At(0)
	if !ok {
		if fields := s.eventsIn(u.text); fields != "" {
			sl.Scope().Attributes().PutStr(attr.PIIFields, fields)
		}
	}
	body := sl.LogRecords().At(0).Body()
	body.SetStr(u.text)
	fields, _ := sl.Scope().Attributes().Get(attr.PIIFields)
	list := fields.Str() // the scrubber may take it away
	stats := s.scrubber.Logs(ld)
	if !changed(&stats) && !hasText(u.text, mayHold) {
		return nil
	}
	return s.compare(u, u.text, body.AsString(), &stats, s.parsed(list), false)
}

// event makes an empty record of the profile that knows a text. ok is false where
// none does.
func (s *scanner) event(text string) (ld plog.Logs, ok bool) {
	result := s.batch.Add(authevent.Line{Text: []byte(text)}, &authevent.Origin{ID: 1}, time.Unix(0, 0))
	ld = s.batch.Take()
	if result.Kind != authevent.Event || ld.LogRecordCount() != 1 {
		return ld, false
	}
	rl := ld.ResourceLogs().At(0)
	rl.Resource().Attributes().RemoveIf(all)
	record := rl.ScopeLogs().At(0).LogRecords().At(0)
	record.Attributes().RemoveIf(all)
	record.SetEventName("")
	record.SetSeverityText("")
	return ld, true
}

func all(string, pcommon.Value) bool { return true }

// oneRecord is a record of which nothing is known. Its scope says so: without that
// the scrubber would be strict.
func oneRecord() (plog.Logs, pcommon.Map) {
	ld := plog.NewLogs()
	sl := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty()
	sl.Scope().Attributes().PutStr(attr.PIIFields, nothing)
	return ld, sl.LogRecords().AppendEmpty().Attributes()
}
