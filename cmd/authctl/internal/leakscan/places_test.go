package leakscan

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// place puts a value somewhere, under a name where there is one.
type place struct {
	name string
	// nameless: nothing there says that a value is an id.
	nameless bool
	file     func(t *testing.T, name, value string) string
}

func inLog(put func(rl plog.ResourceLogs, sl plog.ScopeLogs, lr plog.LogRecord, name, value string)) func(*testing.T, string, string) string {
	return func(t *testing.T, name, value string) string {
		ld := plog.NewLogs()
		rl := ld.ResourceLogs().AppendEmpty()
		sl := rl.ScopeLogs().AppendEmpty()
		lr := sl.LogRecords().AppendEmpty()
		lr.SetTimestamp(pcommon.Timestamp(1779271200000000000))
		put(rl, sl, lr, name, value)
		text, err := (&plog.JSONMarshaler{}).MarshalLogs(ld)
		require.NoError(t, err)
		return string(text) + "\n"
	}
}

func inText(format string) func(*testing.T, string, string) string {
	return func(_ *testing.T, _, value string) string { return fmt.Sprintf(format, value) + "\n" }
}

// inJSON replaces NAME and VALUE, quoted, in a JSON text.
func inJSON(text string) func(*testing.T, string, string) string {
	return func(_ *testing.T, name, value string) string {
		return strings.NewReplacer("NAME", quoted(name), "VALUE", quoted(value)).Replace(text) + "\n"
	}
}

var places = []place{
	{"log attribute", false, inLog(func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, n, v string) {
		lr.Attributes().PutStr(n, v)
	})},
	{"log attribute, map two deep", false, inLog(func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, n, v string) {
		lr.Attributes().PutEmptyMap("a").PutEmptyMap("b").PutStr(n, v)
	})},
	{"log attribute, slice", false, inLog(func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, n, v string) {
		s := lr.Attributes().PutEmptySlice(n)
		s.AppendEmpty().SetStr("x")
		s.AppendEmpty().SetStr(v)
	})},
	{"log attribute, slice of maps", false, inLog(func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, n, v string) {
		lr.Attributes().PutEmptySlice("a").AppendEmpty().SetEmptyMap().PutStr(n, v)
	})},
	{"log attribute, bytes", false, inLog(func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, n, v string) {
		lr.Attributes().PutEmptyBytes(n).FromRaw([]byte(v))
	})},
	{"log attribute's name", true, inLog(func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, _, v string) {
		lr.Attributes().PutInt(v, 7)
	})},
	{"log body", true, inLog(func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, _, v string) { lr.Body().SetStr(v) })},
	{"log body, JSON text", false, inLog(func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, n, v string) {
		lr.Body().SetStr(`{"n":1,` + quoted(n) + `:` + quoted(v) + `}`)
	})},
	{"log body, map", false, inLog(func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, n, v string) {
		lr.Body().SetEmptyMap().PutEmptyMap("a").PutStr(n, v)
	})},
	{"log body, slice", true, inLog(func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, _, v string) {
		lr.Body().SetEmptySlice().AppendEmpty().SetStr(v)
	})},
	{"log body, bytes", true, inLog(func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, _, v string) {
		lr.Body().SetEmptyBytes().FromRaw([]byte(v))
	})},
	{"log body, map's name", true, inLog(func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, _, v string) {
		lr.Body().SetEmptyMap().PutEmptyMap("a").PutInt(v, 7)
	})},
	{"event name", true, inLog(func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, _, v string) { lr.SetEventName(v) })},
	{"severity text", true, inLog(func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, _, v string) { lr.SetSeverityText(v) })},
	{"resource attribute", false, inLog(func(rl plog.ResourceLogs, _ plog.ScopeLogs, _ plog.LogRecord, n, v string) {
		rl.Resource().Attributes().PutStr(n, v)
	})},
	{"scope attribute", false, inLog(func(_ plog.ResourceLogs, sl plog.ScopeLogs, _ plog.LogRecord, n, v string) {
		sl.Scope().Attributes().PutStr(n, v)
	})},
	{"scope name and version", true, inLog(func(_ plog.ResourceLogs, sl plog.ScopeLogs, _ plog.LogRecord, _, v string) {
		sl.Scope().SetName(v)
		sl.Scope().SetVersion(v)
	})},
	{"schema URL", true, inLog(func(rl plog.ResourceLogs, sl plog.ScopeLogs, _ plog.LogRecord, _, v string) {
		rl.SetSchemaUrl(v)
		sl.SetSchemaUrl(v)
	})},
	{"span attribute", false, func(t *testing.T, n, v string) string {
		td := ptrace.NewTraces()
		span := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
		span.SetTraceID(pcommon.TraceID{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
		span.Attributes().PutStr(n, v)
		text, err := (&ptrace.JSONMarshaler{}).MarshalTraces(td)
		require.NoError(t, err)
		return string(text)
	}},
	{"data point's attribute", false, func(t *testing.T, n, v string) string {
		md := pmetric.NewMetrics()
		m := md.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics().AppendEmpty()
		m.SetName("auth.attempts")
		p := m.SetEmptySum().DataPoints().AppendEmpty()
		p.SetIntValue(7)
		p.Attributes().PutStr(n, v)
		text, err := (&pmetric.JSONMarshaler{}).MarshalMetrics(md)
		require.NoError(t, err)
		return string(text)
	}},
	{"NDJSON", false, inJSON(`{"n":1,NAME:VALUE}`)},
	{"NDJSON, deep", false, inJSON(`{"a":{"list":[1,{NAME:VALUE}]}}`)},
	{"NDJSON, name", true, inJSON(`{"a":{VALUE:1}}`)},
	{"JSON behind a prefix", false, inJSON(`app-1  | {"n":1,NAME:VALUE}`)},
	{"logcli's default output", false, inJSON(`2026-05-20T10:00:00Z {service_name="hera"} {"n":1,NAME:VALUE}`)},
	{"a document of many lines", false, inJSON("{\n \"n\": 1,\n \"list\": [\n  {NAME:\n VALUE}]}")},
	{"many lines, no list", false, inJSON("{\n \"n\": 1,\n NAME:\n VALUE}")},
	{"text", true, inText("%s")},
	{"text, in a sentence", true, inText("2026-05-20T10:00:00Z INFO said: %s (twice)")},
	{"CloudWatch", false, func(_ *testing.T, n, v string) string {
		line := quoted(`{"n":1,` + quoted(n) + `:` + quoted(v) + `}`)
		return "{\n    \"events\": [\n        {\n            \"timestamp\": 1779271200000,\n            \"message\": " + line + ",\n            \"ingestionTime\": 1779271201000\n        }\n    ],\n    \"nextForwardToken\": \"f/1\"\n}\n"
	}},
	{"Loki, query_range", false, func(_ *testing.T, n, v string) string {
		line := quoted(`{"n":1,` + quoted(n) + `:` + quoted(v) + `}`)
		return `{"status":"success","data":{"resultType":"streams","result":[{"stream":{"service_name":"hera"},"values":[["1779271200000000000",` + line + `]]}]}}`
	}},
	{"Loki, logcli jsonl", false, func(_ *testing.T, n, v string) string {
		line := quoted(`{"n":1,` + quoted(n) + `:` + quoted(v) + `}`)
		return `{"labels":{"service_name":"hera"},"line":` + line + `,"timestamp":"2026-05-20T10:00:00Z"}`
	}},
	{"CSV", false, inTable(",", csvCell)},
	{"CSV with semicolons", false, inTable(";", csvCell)},
	{"TSV, in quotes", false, inTable("\t", csvCell)},
	{"TSV, of COPY", false, inTable("\t", copyCell)},
	{"CSV, a cell over lines", false, inTable(",", func(v string) string { return csvCell("\n" + v + "\n") })},
	{"CSV, JSON in a cell", false, in(member, func(v string) string { return "@timestamp,@message\n2026-05-20," + csvCell(v) })},
	{"CSV, JSON behind words", false, in(member, func(v string) string { return "@message\n" + csvCell("2026-05-20\tINFO\t"+v) })},
	{"CSV, logfmt in a cell", false, in(logfmt, func(v string) string { return "@timestamp,@message\n2026-05-20," + csvCell(v) })},
	{"TSV of COPY, JSON in a cell", false, in(member, func(v string) string { return "id\tmetadata\n1\t" + copyCell(v) })},
	{"logfmt", false, in(logfmt, func(v string) string { return v })},
	{"logfmt behind words", false, in(logfmt, func(v string) string { return "app-1 | " + v })},
	{"logfmt, logcli jsonl", false, in(logfmt, func(v string) string { return `{"labels":{},"line":` + quoted(v) + `}` })},
	{"logfmt, Loki", false, in(logfmt, func(v string) string {
		return `{"data":{"result":[{"stream":{},"values":[["1779271200000000000",` + quoted(v) + `]]}]}}`
	})},
	{"logfmt in JSON in JSON", false, in(logfmt, func(v string) string { return member("line", member("log", v)) })},
	{"JSON behind words in JSON", false, in(member, func(v string) string { return member("line", "INFO "+v) })},
	{"logfmt in a log's body", false, inLog(func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, n, v string) {
		lr.Body().SetStr(logfmt(n, v))
	})},
	{"JSON behind words in a log's body", false, inLog(func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, n, v string) {
		lr.Body().SetStr("INFO " + member(n, v))
	})},
}

func csvCell(text string) string { return `"` + strings.ReplaceAll(text, `"`, `""`) + `"` }

// copyCell escapes as COPY does in its format text.
func copyCell(text string) string {
	return strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`).Replace(text)
}

func member(name, value string) string { return `{"n":1,` + quoted(name) + `:` + quoted(value) + `}` }

// logfmt is a line of slog's text handler.
func logfmt(name, value string) string {
	return fmt.Sprintf(`time=2026-05-20T10:00:00Z level=INFO msg="signed in" %s=%q n=1`, name, value)
}

// inTable makes a file of three columns, of which the second has the name.
func inTable(comma string, cell func(string) string) func(*testing.T, string, string) string {
	return func(_ *testing.T, name, value string) string {
		rows := [][]string{{"created_at", name, "n"}, {"2026-05-20 10:00:00+00", cell(value), "1"}, {"2026-05-20 10:00:01+00", "", "2"}}
		out := ""
		for _, row := range rows {
			out += strings.Join(row, comma) + "\n"
		}
		return out
	}
}

// in makes a file of what a line is written as.
func in(line func(name, value string) string, written func(string) string) func(*testing.T, string, string) string {
	return func(_ *testing.T, name, value string) string { return written(line(name, value)) + "\n" }
}
