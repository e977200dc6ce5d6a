package leakscan

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/otlpjson"
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub"
)

// signal reads a request, and scrubs it.
type signal struct {
	text  func() (string, error)
	scrub func() scrub.Stats
	// fields are those of the profiles, of logs.
	fields func() []pii.Field
}

// otlp looks through a request. It is read a second time if something is found,
// to be compared. ok is false of what is no request.
func (s *scanner) otlp(u unit, name string) (ok bool) {
	if scrubbed, err := s.read(name, u.text); err == nil {
		stats := scrubbed.scrub()
		if !changed(&stats) {
			if hasText(u.text, mayHold) {
				s.tell(s.compare(u, u.text, u.text, &stats, nil, true))
			}
			return true
		}
		original, err := s.read(name, u.text)
		if err != nil {
			return false
		}
		before, errBefore := original.text()
		after, errAfter := scrubbed.text()
		if errBefore != nil || errAfter != nil {
			return false
		}
		s.tell(s.compare(u, before, after, &stats, original.fields(), true))
		return true
	}
	return false
}

func (s *scanner) read(name, text string) (signal, error) {
	switch name {
	case otlpjson.Logs:
		ld, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs([]byte(text))
		if err == nil {
			s.prepare(ld)
		}
		return signal{
			func() (string, error) { return marshaled((&plog.JSONMarshaler{}).MarshalLogs(ld)) },
			func() scrub.Stats { return s.scrubber.Logs(ld) },
			func() []pii.Field { return s.fieldsIn(ld) },
		}, err
	case otlpjson.Traces:
		td, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces([]byte(text))
		return signal{
			func() (string, error) { return marshaled((&ptrace.JSONMarshaler{}).MarshalTraces(td)) },
			func() scrub.Stats { return s.scrubber.Traces(td) },
			func() []pii.Field { return nil },
		}, err
	}
	md, err := (&pmetric.JSONUnmarshaler{}).UnmarshalMetrics([]byte(text))
	return signal{
		func() (string, error) { return marshaled((&pmetric.JSONMarshaler{}).MarshalMetrics(md)) },
		func() scrub.Stats { return s.scrubber.Metrics(md) },
		func() []pii.Field { return nil },
	}, err
}

func marshaled(text []byte, err error) (string, error) { return string(text), err }

// nothing is auth.pii.fields of who knows no field.
const nothing = "{}"

// maxTried is how many records of a scope are tried for one that a profile knows.
const maxTried = 16

// prepare tells the scrubber of each scope what the collector's receiver does:
// the fields of the profile. Bodies that are a text would be redacted whole, and
// are searched here.
func (s *scanner) prepare(ld plog.Logs) {
	for _, rl := range ld.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			attrs := sl.Scope().Attributes()
			if _, ok := attrs.Get(attr.PIIFields); !ok {
				attrs.PutStr(attr.PIIFields, s.fieldsOf(sl.LogRecords()))
			}
			for _, lr := range sl.LogRecords().All() {
				// The trace of a record is no value that anybody left there.
				lr.SetTraceID(pcommon.TraceID{})
				lr.SetSpanID(pcommon.SpanID{})
				lr.SetFlags(0)
				if body := lr.Body(); body.Type() == pcommon.ValueTypeStr && !container(body.Str()) {
					lr.Attributes().PutStr(attr.ParseError, "none")
				}
			}
		}
	}
}

// fieldsOf is auth.pii.fields of the first record that a profile knows.
func (s *scanner) fieldsOf(records plog.LogRecordSlice) string {
	for i := range min(records.Len(), maxTried) {
		body := records.At(i).Body()
		if body.Type() != pcommon.ValueTypeStr || !container(body.Str()) {
			continue
		}
		result := s.batch.Add(authevent.Line{Text: []byte(body.Str())}, &authevent.Origin{ID: 1}, time.Unix(0, 0))
		ld := s.batch.Take()
		if result.Kind != authevent.Event || ld.LogRecordCount() != 1 {
			continue
		}
		if v, ok := ld.ResourceLogs().At(0).ScopeLogs().At(0).Scope().Attributes().Get(attr.PIIFields); ok {
			return v.Str()
		}
	}
	return nothing
}

// fieldsIn are the fields that the scopes name. A scope whose fields can't be read
// has none here; its records are redacted whole.
func (s *scanner) fieldsIn(ld plog.Logs) (fields []pii.Field) {
	seen := map[string]bool{}
	for _, rl := range ld.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			v, ok := sl.Scope().Attributes().Get(attr.PIIFields)
			if !ok || seen[v.Str()] {
				continue
			}
			seen[v.Str()] = true
			fields = append(fields, s.parsed(v.Str())...)
		}
	}
	return fields
}

// maxParsed bounds the lists of fields that are remembered: profiles are few.
const maxParsed = 64

// parsed reads a list of fields once. Nobody changes what it returns.
func (s *scanner) parsed(text string) []pii.Field {
	fields, ok := s.lists[text]
	if ok {
		return fields
	}
	fields, err := pii.ParseFields(text)
	if err != nil {
		fields = nil
	}
	if len(s.lists) == maxParsed {
		clear(s.lists)
	}
	s.lists[text] = fields
	return fields
}
