//go:build unix

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// badLine is a line, and what becomes of it.
type badLine struct {
	name, line string
	// kept is auth.parse.error of a line that is no event, "skipped" for one
	// with nothing in it; "" for a line that is delivered.
	kept string
	// holds and lacks are texts of the record.
	holds, lacks []string
}

const redacted = `[REDACTED]`

// event makes a Hera line with further members.
func event(members string) string {
	return `{"type":"audit","event":"login_failed","ts":"2026-05-20T10:00:00.000Z",` + members + `}`
}

// The values that no output may hold.
var badLineCanaries = []string{
	"bad-canary", "198.51.100.77", "eyJhbGciOiJIUzI1NiJ9", "c2VjcmV0", "session=abcdef", "AUTHCODE123", "STATE456", "4155550123",
}

func badLines() []badLine {
	deep := strings.Repeat("[", 30_000)
	return []badLine{
		{name: "empty", line: "", kept: "skipped"},
		{name: "white space", line: " \t ", kept: "skipped"},
		{name: "Ruby's header", line: "# Logfile created on 2026-05-20 10:00:00 +0000 by logger.rb/v1.5.3", kept: "skipped"},
		{name: "null", line: "null", kept: "not_an_object"},
		{name: "array", line: "[1]", kept: "not_an_object"},
		{name: "string", line: `"bad-canary@example.com"`, kept: "not_an_object"},
		{name: "number", line: "42", kept: "not_an_object"},
		{name: "no event", line: "{}", kept: "no_event"},
		{name: "cut off", line: `{"type":"audit","email":"bad-canary@exam`, kept: "invalid_json"},
		{name: "trailing comma", line: `{"a":1,}`, kept: "invalid_json"},
		{name: "single quotes", line: `{'a':1}`, kept: "invalid_json"},
		{name: "NaN", line: `{"a":NaN}`, kept: "invalid_json"},
		{name: "leading zero", line: `{"a":01}`, kept: "invalid_json"},
		{name: "trailing text", line: event(`"a":1`) + " bad-canary@example.com", kept: "trailing_data"},
		{name: "two objects", line: `{"a":1}{"b":2}`, kept: "trailing_data"},
		{name: "a number beyond all", line: event(`"n":1e999`), kept: "number_out_of_range"},
		{name: "beyond 2^53", line: event(`"n":9007199254740993`), holds: []string{"9007199254740993"}},
		{name: "beyond int64", line: event(`"n":92233720368547758089`), holds: []string{"92233720368547758089"}},
		{name: "the same key twice", line: event(`"email":"bad-canary-1@example.com","email":"bad-canary-2@example.com"`)},
		{name: "the same key in disguise", line: event(`"email":"bad-canary-3@example.com","\u0065mail":"bad-canary-4@example.com"`)},
		{name: "other spellings of a key", line: event(`"EMAIL":"bad-canary-5@example.com","e-mail":"bad-canary-6@example.com"," email ":"bad-canary-7@example.com"`)},
		{name: "lone surrogate", line: event(`"note":"a\ud800b"`)},
		{name: "bytes that are no UTF-8", line: event("\"note\":\"a\xff\xfeb\""), holds: []string{"a\ufffd\ufffdb"}},
		{name: "raw NUL", line: event("\"note\":\"a\x00b\""), kept: "invalid_json"},
		{name: "escaped NUL", line: event(`"note":"a\u0000b"`)},
		{name: "CRLF", line: event(`"n":1`) + "\r", lacks: []string{`\r`}},
		{name: "forged line in a value", line: event(`"note":"x\n{\"type\":\"audit\",\"event\":\"forged\"}"`), lacks: []string{`"forged"}}`}},
		{name: "terminal escapes", line: `{"type":"audit","event":"evil\u001b[31m\u202ename","ts":"2026-05-20T10:00:00Z"}`},
		{name: "what templates would replace", line: event(`"note":"${env:HOME} {{.x}} $1"`), holds: []string{"${env:HOME} {{.x}} $1"}},
		{name: "too deep", line: `{"a":` + deep, kept: "too_deep"},
		{name: "100,000 keys", line: `{"a":0` + manyMembers(100_000) + `}`, kept: "too_many_members"},
		{name: "3 MiB", line: event(`"note":"` + strings.Repeat("bad-canary", 3<<20/10) + `"`), kept: "too_long"},
		{name: "time missing", line: `{"type":"audit","event":"login_failed"}`, holds: []string{"auth.time.fallback"}},
		{name: "year 0001", line: `{"type":"audit","event":"login_failed","ts":"0001-01-01T00:00:00Z"}`, holds: []string{"auth.time.fallback"}},
		{name: "year 9999", line: `{"type":"audit","event":"login_failed","ts":"9999-12-31T23:59:59Z"}`, holds: []string{"auth.time.fallback"}},
		{name: "epoch seconds", line: `{"type":"audit","event":"login_failed","ts":1779271200}`, holds: []string{"1779271200000000000"}, lacks: []string{"auth.time.fallback"}},
		{name: "epoch milliseconds", line: `{"type":"audit","event":"login_failed","ts":1779271200000}`, holds: []string{"1779271200000000000"}, lacks: []string{"auth.time.fallback"}},
		{name: "no zone", line: `{"type":"audit","event":"login_failed","ts":"2026-05-20T10:00:00"}`, holds: []string{"1779271200000000000"}, lacks: []string{"auth.time.fallback"}},
		{name: "leap second", line: `{"type":"audit","event":"login_failed","ts":"2016-12-31T23:59:60Z"}`, holds: []string{"1483228800000000000"}, lacks: []string{"auth.time.fallback"}},
		{name: "e-mail as number", line: event(`"email":4155550123`)},
		{name: "e-mail as object", line: event(`"email":{"value":"bad-canary-8@example.com"}`)},
		{name: "e-mail as array", line: event(`"email":["bad-canary-9@example.com","bad-canary"]`)},
		{name: "e-mail as boolean", line: event(`"email":true`)},
		{name: "text", line: "user bad-canary@example.com signed in from 198.51.100.77", kept: "not_json"},
		{name: "compose", line: `ciam-hera  | ` + event(`"n":1`), lacks: []string{"ciam-hera"}},
		{name: "quotes and line ends in a label", line: `{"type":"audit","event":"pkce_failed","client_id":"a\"b\\\nc}","ts":"2026-05-20T10:00:00Z"}`},
		{name: "10 KB in a label", line: `{"type":"audit","event":"pkce_failed","client_id":"` + strings.Repeat("x", 10<<10) + `","ts":"2026-05-20T10:00:00Z"}`},
		{name: "an empty base64", line: event(`"code":""`)},
		{name: "JWT", line: event(`"note":"eyJhbGciOiJIUzI1NiJ9.c2VjcmV0.c2VjcmV0"`), holds: []string{redacted}},
		{name: "cookie", line: event(`"note":"Cookie: session=abcdef"`), holds: []string{redacted}},
		{name: "code and state", line: event(`"note":"https://x.example/cb?code=AUTHCODE123&state=STATE456"`), holds: []string{redacted}},
	}
}

func manyMembers(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"%x":0`, i)
	}
	return b.String()
}

// TestBadLines runs each row of the list of broken and hostile lines through
// the binary, a good line between any two, and looks at what became of it.
func TestBadLines(t *testing.T) {
	dir := t.TempDir()
	lines := badLines()
	offsets := map[int64]*badLine{}
	var text strings.Builder
	text.WriteString("\ufeff" + event(`"good":-1`) + "\n") // a byte-order mark before the first line
	for i := range lines {
		offsets[int64(text.Len())] = &lines[i]
		text.WriteString(lines[i].line + "\n" + event(`"good":`+strconv.Itoa(i)) + "\n")
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "bad.ndjson"), []byte(text.String()), 0o600))
	writeUTF16(t, filepath.Join(dir, "utf16.ndjson"), event(`"email":"bad-canary-16@example.com"`)+"\n")

	r := newRun(t, filepath.Join(dir, "*.ndjson"))
	r.start(t)
	// drain fails where the counts are no valid exposition.
	counts, own := r.drain(t, 2*len(lines)+1)
	assert.EqualValues(t, 2, colproc.Sum(counts, "auth_pkce_failures_total", "auth_client_id", "_OTHER"), "what no label can be")
	code, err := r.Stop(e2etest.Patience)
	require.NoError(t, err)
	require.Zero(t, code, r.Log())

	records, good := map[int64]map[string]any{}, 0
	logs := e2etest.ReadFile(t, filepath.Join(r.out, "logs.jsonl"))
	e2etest.EachRecord(t, logs, func(record map[string]any) {
		if strings.Contains(fmt.Sprint(record["body"]), `"good":`) {
			good++
			return
		}
		offset := offsetOf(t, record)
		require.NotContains(t, records, offset, "two records of one line")
		records[offset] = record
	})
	assert.Equal(t, len(lines)+1, good, "neighbours are delivered")
	skipped := 0
	for offset, l := range offsets {
		t.Run(l.name, func(t *testing.T) { l.check(t, records[offset]) })
		if l.kept == "skipped" {
			skipped++
		}
	}
	assert.EqualValues(t, skipped, colproc.Sum(own, linesRead, "result", "skipped"))

	for _, canary := range badLineCanaries {
		for where, output := range map[string]string{"logs": logs, "log": r.Log(), "metrics": e2etest.ReadFile(t, filepath.Join(r.out, "metrics.jsonl"))} {
			assert.False(t, strings.Contains(output, canary), "%s in %s", canary, where)
		}
	}
	log := r.Log()
	assert.Equal(t, 1, strings.Count(log, "UTF-16"), "one error names the file and its encoding")
	assert.Contains(t, log, "utf16.ndjson")
	assert.NotContains(t, log, "\x1b[31m", "names are escaped")
	assert.NotContains(t, log, "\u202e", "names are escaped")
}

func (l *badLine) check(t *testing.T, record map[string]any) {
	if l.kept == "skipped" {
		assert.Nil(t, record)
		return
	}
	require.NotNil(t, record, "lost")
	all := fmt.Sprint(record)
	if l.kept != "" {
		assert.Equal(t, l.kept, attribute(record, "auth.parse.error"))
		assert.Equal(t, redacted, record["body"].(map[string]any)["stringValue"], "a line that could not be parsed never leaves as it came")
		return
	}
	assert.Nil(t, attribute(record, "auth.parse.error"))
	assert.NotEmpty(t, record["eventName"])
	for _, text := range l.holds {
		assert.Contains(t, all, text)
	}
	for _, text := range l.lacks {
		assert.NotContains(t, all, text)
	}
}

// offsetOf reads the line's offset off the record's uid.
func offsetOf(t *testing.T, record map[string]any) int64 {
	t.Helper()
	uid, _ := attribute(record, "log.record.uid").(string)
	require.Len(t, uid, 32)
	offset, err := strconv.ParseInt(uid[16:], 16, 64)
	require.NoError(t, err)
	return offset
}

// attribute returns a text attribute of a record, nil for none.
func attribute(record map[string]any, name string) any {
	list, _ := record["attributes"].([]any)
	for _, a := range list {
		if a := a.(map[string]any); a["key"] == name {
			return a["value"].(map[string]any)["stringValue"]
		}
	}
	return nil
}

func writeUTF16(t *testing.T, path, text string) {
	t.Helper()
	data := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(text)) {
		data = append(data, byte(unit), byte(unit>>8))
	}
	require.NoError(t, os.WriteFile(path, data, 0o600))
}

// TestLineWithoutEnd reads a file of one line that does not end, far greater
// than the memory that reading it may take.
func TestLineWithoutEnd(t *testing.T) {
	const size, bound = 1 << 30, 200 << 20
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, "huge.ndjson"))
	require.NoError(t, err)
	_, err = f.WriteString(`{"email":"bad-canary@example.com","note":"`)
	require.NoError(t, err)
	require.NoError(t, f.Truncate(size)) // a hole: it takes no room on the disk
	_, err = f.WriteAt([]byte("\n"+event(`"good":1`)+"\n"), size)
	require.NoError(t, err)
	require.NoError(t, f.Close())

	r := newRun(t, filepath.Join(dir, "*.ndjson"))
	r.start(t)
	r.read(t, 2)
	peak, err := r.PeakMemory()
	require.NoError(t, err)
	r.stop(t)
	var codes []any
	e2etest.EachRecord(t, e2etest.ReadFile(t, filepath.Join(r.out, "logs.jsonl")), func(record map[string]any) {
		codes = append(codes, attribute(record, "auth.parse.error"))
	})
	assert.Equal(t, []any{"too_long", nil}, codes)
	assert.Less(t, peak, int64(bound), "bytes of memory at the peak")
}
