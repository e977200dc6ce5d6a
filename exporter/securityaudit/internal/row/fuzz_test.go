package row

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
	"github.com/authevents/otelcol-auth/internal/attr"
)

// everything is a table with every type and source.
var everything = layout.Config{
	Layout: layout.Custom, Table: "everything", Key: []string{"id"},
	Columns: []layout.ColumnConfig{
		{Name: "id", Type: layout.UUID, From: "id"},
		{Name: "uid", Type: layout.Text, From: "uid"},
		{Name: "event", Type: layout.Text, From: "event_name", MaxLength: 10},
		{Name: "happened", Type: layout.TimestampTZ, From: "time", Required: true},
		{Name: "observed", Type: layout.TimestampTZ, From: "observed_time"},
		{Name: "severity", Type: layout.BigInt, From: "severity_number"},
		{Name: "severity_text", Type: layout.Text, From: "severity_text"},
		{Name: "trace", Type: layout.Text, From: "trace_id"},
		{Name: "who", Type: layout.Text, From: "attribute:user.id", MaxLength: 7, Default: "nobody"},
		{Name: "address", Type: layout.Inet, From: "attribute:client.address"},
		{Name: "seconds", Type: layout.Double, From: "attribute:auth.duration"},
		{Name: "count", Type: layout.BigInt, From: "attribute:auth.count", Default: "1"},
		{Name: "first", Type: layout.Boolean, From: "attribute:auth.first_login"},
		{Name: "service", Type: layout.Text, From: "resource:service.name"},
		{Name: "source", Type: layout.Text, From: "scope:auth.source"},
		{Name: "inner", Type: layout.JSONB, From: "body:/a"},
		{Name: "inner_text", Type: layout.Text, From: "body:/a/b"},
		{Name: "inner_count", Type: layout.BigInt, From: "body:/n"},
		{Name: "line", Type: layout.JSONB, From: "body"},
		{Name: "rest", Type: layout.JSONB, From: "metadata"},
	},
}

// hostile are bodies and texts that Postgres, or jsonb, or an index would not
// take as they are, and some that only look so.
var hostile = []string{
	`{"event":"x","a":{"b":"\u0000"},"n":5}`, `{"a\u0000":"\u0000"}`, `{"a":"\ud800"}`, `{"a":"\ud800\u0041\udc00"}`,
	`{"a":"\ud83d\ude00"}`, `{"a":"\\u0000 \\\u0000"}`, `{"a":"` + strings.Repeat(`\u0000`, 50) + `"}`,
	`{"a":1e-20000}`, `{"a":1e-400}`, `{"n":1e308}`, `{"n":-1.5E+307}`, `{"n":1e999}`, `{"a":0e-99999999999999999999}`, `{"a":0e2000000000}`, `{"a":0E+99999}`, `{"n":0.0e-401}`,
	`{"a":0.` + strings.Repeat("0", 20000) + `1}`, `{"n":9007199254740993}`, `{"n":9223372036854775808}`, `{"n":1e3}`, `{"n":5.5}`,
	`{"a":"` + "\xff\xfe" + `"}`, "{\"a\":\"\x00\"}", "\x00\x01\xff", `{"a":` + strings.Repeat("[", 63) + strings.Repeat("]", 63) + `}`,
	`{"a":` + strings.Repeat(`{"a":`, 200) + "1" + strings.Repeat("}", 201), `{"a":1}{"b":2}`, `{"a":1,}`, `{`, `[1,2]`, `"text"`, `null`, ``, ` `,
	`{"auth.outcome":"success","log.record.uid":"forged","auth\u002emethod":"forged"}`,
	`{"":1,"":2,"a":1,"a":{"b":2}}`, strings.Repeat("é", 5000), strings.Repeat("x", 1<<14), `{"a":{"b":"` + strings.Repeat("y", 1<<14) + `"}}`,
}

// record makes a record of fuzzed parts. Every text stands where it could do harm.
func record(body, name, value string, nanos, observed uint64, number float64) (plog.Logs, plog.LogRecord) {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr(attr.ServiceName, value)
	sl := rl.ScopeLogs().AppendEmpty()
	sl.Scope().Attributes().PutStr(attr.Source, value)
	lr := sl.LogRecords().AppendEmpty()
	lr.SetEventName(name)
	lr.SetSeverityText(value)
	lr.SetTimestamp(pcommon.Timestamp(nanos))
	lr.SetObservedTimestamp(pcommon.Timestamp(observed))
	lr.Body().SetStr(body)
	attrs := lr.Attributes()
	for _, known := range []string{attr.UserID, attr.ClientAddress, attr.UserAgentOriginal, attr.Domain, attr.UserEmail, attr.ActorID, attr.LogRecordUID, attr.Outcome} {
		if len(value)%3 != 0 || known != attr.LogRecordUID { // some without a uid
			attrs.PutStr(known, value)
		}
	}
	attrs.PutDouble(attr.Duration, number)
	attrs.PutDouble(attr.Count, number)
	attrs.PutStr(attr.FirstLogin, value)
	attrs.PutStr(name, value)
	attrs.PutEmptyBytes("bytes").FromRaw([]byte(value))
	deep := attrs.PutEmptyMap("deep")
	deep.PutStr(name, value)
	for range 70 {
		deep = deep.PutEmptySlice("deeper").AppendEmpty().SetEmptyMap()
	}
	return logs, lr
}

// layouts are the tables that every hostile record has to have a row in.
func layouts(tb testing.TB) []*layout.Table {
	tb.Helper()
	return []*layout.Table{
		table(tb, layout.Config{}), table(tb, layout.Config{Layout: layout.CIAMLog}),
		table(tb, layout.Config{Layout: layout.ActorLog}), table(tb, everything),
	}
}

func FuzzRow(f *testing.F) {
	for i, text := range hostile {
		f.Add(text, "login", hostile[(i+3)%len(hostile)], uint64(i), uint64(1)<<62, float64(i))
		f.Add(hostile[0], text, text, ^uint64(0), uint64(0), 1e300)
	}
	f.Add(`{"identity_id":"x"}`, "e", "203.0.113.9:443", uint64(1), uint64(2), 0.5)
	tables := layouts(f)
	f.Fuzz(func(t *testing.T, body, name, value string, nanos, observed uint64, number float64) {
		logs, lr := record(body, name, value, nanos, observed, number)
		rl := logs.ResourceLogs().At(0)
		for _, table := range tables {
			m := New(table)
			rows, err := m.Append(nil, rl.Resource(), rl.ScopeLogs().At(0).Scope(), lr)
			if err != nil {
				t.Fatal(err)
			}
			checkRow(t, table, rows[0])
			again, err := m.Append(nil, rl.Resource(), rl.ScopeLogs().At(0).Scope(), lr)
			if id := table.Column("id"); err != nil || id >= 0 && again[0][id] != rows[0][id] {
				t.Fatalf("%s: the same record has another id", table.Name)
			}
		}
	})
}

// checkRow checks that Postgres will take a row.
func checkRow(t *testing.T, table *layout.Table, values []any) {
	t.Helper()
	for i, value := range values {
		c := &table.Columns[i]
		if value == nil {
			if c.Required {
				t.Fatalf("%s.%s: NULL", table.Name, c.Name)
			}
			continue
		}
		if why := unfit(c, value); why != "" {
			t.Fatalf("%s.%s: %s: %.200q", table.Name, c.Name, why, value)
		}
	}
}

func unfit(c *layout.Column, value any) string {
	switch v := value.(type) {
	case string:
		switch {
		case c.Type == layout.JSONB:
			return unfitJSON(v)
		case c.Type != layout.Text:
			return "a text"
		case !utf8.ValidString(v) || strings.ContainsRune(v, 0):
			return "a text that Postgres refuses"
		case c.MaxLength > 0 && len(v) > c.MaxLength:
			return "too long"
		}
		return ""
	case [16]byte:
		return unlike(c, layout.UUID)
	case netip.Prefix:
		if v.Addr().Zone() != "" || !v.IsValid() {
			return "no address"
		}
		return unlike(c, layout.Inet)
	case time.Time:
		if v.Year() < 1970 || v.Year() > 2300 || v.Location() != time.UTC || v.Nanosecond()%1000 != 0 {
			return "no time of Postgres"
		}
		return unlike(c, layout.TimestampTZ)
	case int64:
		return unlike(c, layout.BigInt)
	case float64:
		return unlike(c, layout.Double)
	case bool:
		return unlike(c, layout.Boolean)
	}
	return "of a Go type that the types do not name"
}

func unlike(c *layout.Column, want layout.Type) string {
	if c.Type != want {
		return "a " + string(want)
	}
	return ""
}

// unfitJSON says why jsonb would refuse a text, as encoding/json reads it.
func unfitJSON(s string) string {
	if !utf8.ValidString(s) || !json.Valid([]byte(s)) {
		return "no JSON"
	}
	decoder := json.NewDecoder(strings.NewReader(s))
	decoder.UseNumber()
	for {
		token, err := decoder.Token()
		if err != nil {
			break
		}
		switch v := token.(type) {
		case string:
			if strings.ContainsRune(v, 0) {
				return "holds NUL"
			}
		case json.Number:
			if exponent := strings.IndexAny(string(v), "eE"); len(v) > 400 || exponent >= 0 && len(v)-exponent > 5 {
				return "holds a number beyond numeric"
			}
		}
	}
	if i := strings.Index(s, `\u`); i >= 0 && loneSurrogate(s) {
		return "holds a lone surrogate"
	}
	return ""
}

// loneSurrogate looks for the escape of one: encoding/json replaces it in silence.
func loneSurrogate(s string) bool {
	var units []uint16
	for i := 0; i+6 <= len(s); i++ {
		if s[i] != '\\' {
			continue
		}
		if s[i+1] != 'u' {
			i++
			units = append(units, 'x')
			continue
		}
		var unit uint16
		for _, digit := range strings.ToLower(s[i+2 : i+6]) {
			unit = unit<<4 | uint16(strings.IndexRune("0123456789abcdef", digit))
		}
		if low := unit >= 0xDC00 && unit < 0xE000; low != (len(units) > 0 && units[len(units)-1] >= 0xD800 && units[len(units)-1] < 0xDC00) {
			return true
		}
		units = append(units, unit)
		i += 5
	}
	return len(units) > 0 && units[len(units)-1] >= 0xD800 && units[len(units)-1] < 0xDC00 || slices.Contains(units, 0)
}
