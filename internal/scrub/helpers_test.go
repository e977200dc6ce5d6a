package scrub

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

func testPolicy() Policy {
	p := DefaultPolicy()
	p.Keys = []pseudonym.Key{{ID: "k1", Secret: []byte("0123456789abcdef0123456789abcdef")}}
	p.Context = "test"
	return p
}

func newTest(t testing.TB, p Policy) *Scrubber {
	t.Helper()
	s, err := New(p)
	require.NoError(t, err)
	return s
}

// testFields are the fields of the bodies in these tests.
const testFields = `{"identity":["/id","/users/*","/deep/a/0/id"],"email":["/email"],"ip":["/ip","/deep/ip"],"phone":["/tel"],"secret":["/hidden"]}`

// oneRecord builds a batch of one record under a scope with fields; "" for none.
func oneRecord(fields string, fill func(plog.LogRecord)) plog.Logs {
	ld := plog.NewLogs()
	sl := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty()
	if fields != "" {
		sl.Scope().Attributes().PutStr(attr.PIIFields, fields)
	}
	fill(sl.LogRecords().AppendEmpty())
	return ld
}

func record(ld plog.Logs) plog.LogRecord {
	return ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
}

// scrubBody returns what becomes of a text body under testFields.
func scrubBody(s *Scrubber, body string, fill ...func(plog.LogRecord)) (string, Stats) {
	ld := oneRecord(testFields, func(lr plog.LogRecord) {
		lr.Body().SetStr(body)
		for _, f := range fill {
			f(lr)
		}
	})
	stats := s.Logs(ld)
	return record(ld).Body().Str(), stats
}

func marshal(t testing.TB, ld plog.Logs) string {
	t.Helper()
	text, err := (&plog.JSONMarshaler{}).MarshalLogs(ld)
	require.NoError(t, err)
	return string(text)
}

// named writes tokens as <kind:value>, so that a test can state them.
func named(s *Scrubber, text string, values ...string) string {
	for _, value := range values {
		for _, kind := range pseudonym.Kinds() {
			text = strings.ReplaceAll(text, s.names.Token(kind, value), "<"+kind.String()+":"+value+">")
		}
	}
	return text
}

func readLines[T any](t testing.TB, name string) (rows []T) {
	t.Helper()
	file, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	for lines := bufio.NewScanner(bytes.NewReader(file)); lines.Scan(); {
		var row T
		dec := json.NewDecoder(strings.NewReader(lines.Text()))
		dec.UseNumber()
		require.NoError(t, dec.Decode(&row))
		rows = append(rows, row)
	}
	require.NotEmpty(t, rows)
	return rows
}

func readFile(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return strings.TrimSpace(string(text))
}

// ipActions are all that can be done with an address.
var ipActions = []Action{Keep, Drop, Redact, Pseudonym, Truncate}

// newWalker is ready to walk a record under testFields.
func newWalker(s *Scrubber) *walker {
	w := &walker{s: s, names: s.names.View()}
	w.begin(nil)
	w.scope.read(s, testFields, false)
	w.use(s.treatments[0], 0)
	return w
}

// summary writes what stats has counted, without the zeros: "ip truncate field
// body" and "changed ip truncate field body", "unlisted scan", "records".
func summary(stats Stats) map[string]int {
	m := map[string]int{}
	put := func(n int, name ...string) {
		if n != 0 {
			m[strings.Join(name, " ")] = n
		}
	}
	counts := func(prefix string, c *Counts) {
		for kind := range c {
			for action := range c[kind] {
				for by := range c[kind][action] {
					for place, n := range c[kind][action][by] {
						put(int(n), prefix+pii.Kind(kind).String(), Action(action).String(), FoundBy(by).String(), Place(place).String())
					}
				}
			}
		}
	}
	counts("", &stats.Values)
	counts("changed ", &stats.Changed)
	put(stats.Records, "records")
	put(stats.Dropped, "dropped")
	put(stats.Redacted, "redacted")
	put(stats.Panics, "panics")
	put(stats.Residual, "residual")
	for reason, n := range stats.DroppedBy {
		put(n, "dropped by", DropReason(reason).String())
	}
	for u, n := range stats.Unlisted {
		put(n, "unlisted", Unlisted(u).String())
	}
	for reason, n := range stats.Bodies {
		put(n, "body", Reason(reason).String())
	}
	return m
}

// broken has no keys at all, so that to make a pseudonym panics.
func broken() *pseudonym.Pseudonymizer { return &pseudonym.Pseudonymizer{} }
