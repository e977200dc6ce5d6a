package leakscan

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
)

// unit is what is looked at at once: a line, or a part of a document.
type unit struct {
	file string
	// line counts from 1; 0 in a document.
	line int
	// column is where text begins in the line, in bytes, from 0.
	column int
	// pointer is where text stands in its document.
	pointer string
	text    string
	// json says that text is a JSON object or array.
	json bool
}

// check looks through a unit.
func (s *scanner) check(u unit) {
	s.report.result.Units++
	if !u.json {
		s.text(u)
		return
	}
	if signal, ok := signalOf(u.text); ok && s.otlp(u, signal) {
		return
	}
	s.object(u)
}

// maxTails is how many places of a line are tried for the beginning of JSON.
const maxTails = 8

// text looks through a text that is no JSON. It may end in JSON, behind what a
// container runtime or a shell put before it.
func (s *scanner) text(u unit) {
	for i, from := 0, 0; i < maxTails; i++ {
		at := strings.IndexByte(u.text[from:], '{')
		if at < 0 {
			break
		}
		at += from
		if tail := u.text[at:]; json.Valid([]byte(tail)) {
			s.plain(u, u.text[:at])
			u.text, u.column = tail, u.column+at
			s.object(u)
			return
		}
		from = at + 1
	}
	s.plain(u, u.text)
}

// plain searches a text for what tells itself.
func (s *scanner) plain(u unit, text string) {
	spans := detect.Options{DecodeTokens: true}.Find(nil, text)
	for _, span := range spans {
		if s.leaves("text", text[span.Start:span.End]) {
			continue
		}
		s.report.add(span.Kind.String(), "text", Location{u.file, u.line, column(u, span.Start), u.pointer}, 1)
	}
}

// leaves says whether the scrubber leaves a text as it is: an address of which
// the end is cut off.
func (s *scanner) leaves(name, text string) bool {
	ld, attrs := oneRecord()
	attrs.PutStr(name, text)
	return !changed(s.scrubber.Logs(ld))
}

// object looks through a JSON object or array: an event of an IdP by its
// profile, and all else by its names and values.
func (s *scanner) object(u unit) {
	ld, ok := s.event(u.text)
	if !ok {
		ld, _ = oneRecord()
	}
	body := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Body()
	body.SetStr(u.text)
	fields := s.fieldsIn(ld)
	stats := s.scrubber.Logs(ld)
	if !changed(stats) {
		return
	}
	s.compare(u, u.text, body.AsString(), stats, fields, false)
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

// compare reports what of before the scrubber changed.
func (s *scanner) compare(u unit, before, after string, stats scrub.Stats, fields []pii.Field, otlp bool) {
	var found []difference
	root := spot{pointer: u.pointer}
	if err := compare(before, after, root, otlp, false, func(d difference) { found = append(found, d) }); err != nil {
		found = append(found, difference{pointer: u.pointer, place: "", offset: -1, whole: true})
	}
	kinds := make([]map[pii.Kind]int, len(found))
	left := map[pii.Kind]int{} // what the scrubber counted, and no value alone shows
	for _, k := range pii.Kinds() {
		left[k] = changesOf(stats, k)
	}
	for i, d := range found {
		kinds[i] = s.kinds(d, fields)
		for k := range kinds[i] {
			delete(left, k)
		}
	}
	rest := restOf(left)
	for i, d := range found {
		at := Location{File: u.file, Line: u.line, Pointer: d.pointer}
		if d.offset >= 0 && !otlp && u.line > 0 {
			at.Column = column(u, d.offset)
		}
		place := d.place
		if place == "" {
			place = "/"
		}
		switch {
		case d.whole:
			s.report.add(unsearched, place, at, 1)
		case len(kinds[i]) == 0:
			s.report.add(rest.String(), place, at, 1)
		}
		for _, k := range pii.Kinds() {
			if n := kinds[i][k]; n > 0 {
				s.report.add(k.String(), place, at, n)
			}
		}
	}
}

// column counts from 1.
func column(u unit, offset int) int {
	if u.line == 0 {
		return 0
	}
	return u.column + offset + 1
}

// kinds are those of a value, with how many there are: by its field, or else by
// its name and by itself. None of what is one of the record's own ids.
func (s *scanner) kinds(d difference, fields []pii.Field) map[pii.Kind]int {
	if d.whole {
		return nil
	}
	if kind := fieldKind(fields, d.pointer); kind != pii.None && kind != pii.Public {
		return map[pii.Kind]int{kind: 1}
	}
	ld, attrs := oneRecord()
	value := d.before
	if strings.HasSuffix(d.pointer, "/bytesValue") {
		if raw, err := base64.StdEncoding.DecodeString(value); err == nil {
			value = string(raw)
		}
	}
	attrs.PutStr(d.name, value)
	stats := s.scrubber.Logs(ld)
	kinds := map[pii.Kind]int{}
	for _, k := range pii.Kinds() {
		if n := changesOf(stats, k); n > 0 {
			kinds[k] = n
		}
	}
	return kinds
}

// fieldKind is the kind of the field that is nearest around a place of a body.
func fieldKind(fields []pii.Field, pointer string) (kind pii.Kind) {
	if at := strings.IndexByte(pointer, '#'); at >= 0 {
		pointer = pointer[at+1:]
	}
	tokens, err := pii.ParsePointer(pointer)
	if err != nil {
		return pii.None
	}
	longest := -1
	for _, f := range fields {
		if len(f.Path) > longest && len(f.Path) <= len(tokens) && matches(f.Path, tokens) {
			longest, kind = len(f.Path), f.Kind
		}
	}
	return kind
}

func matches(path, tokens []string) bool {
	for i, token := range path {
		if token != "*" && token != tokens[i] {
			return false
		}
	}
	return true
}

// restOf is the kind of what no value alone shows: where several are, an id,
// which is what records repeat.
func restOf(left map[pii.Kind]int) pii.Kind {
	rest := pii.Identity
	kinds := slices.DeleteFunc(pii.Kinds(), func(k pii.Kind) bool { return left[k] == 0 })
	if len(kinds) == 1 {
		rest = kinds[0]
	}
	return rest
}

// trimmed is a line without the byte-order mark and the white space around it,
// and how much stood before.
func trimmed(line []byte) (text []byte, before int) {
	text = bytes.TrimPrefix(line, []byte("\xEF\xBB\xBF"))
	text = bytes.TrimLeft(text, " \t\r\n")
	before = len(line) - len(text)
	return bytes.TrimRight(text, " \t\r\n"), before
}
