package wrapper

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestAutoLeavesOthersAlone: lines of IdPs, and what only resembles a wrapper.
func TestAutoLeavesOthersAlone(t *testing.T) {
	u := New(Auto, maxLine)
	for _, line := range samples(t) {
		assert.Equal(t, []got{{Text: string(line)}}, add(u, string(line)))
	}
	for _, line := range []string{
		``, ` `, `{`, `{"`, `{""`, `{"":1}`, `[1]`, `null`, "\x1b[", "\x1b[31mred\x1b[0m", "\x1b[0m", "\x1b[37m\x1b[0m",
		`{"log":"x\n","stream":"stdout","time":"2026-05-20T10:00:00Z","type":"audit","event":"pkce_failed"}`,
		`{"type":"audit","event":"pkce_failed","log":"x\n","stream":"stdout","time":"2026-05-20T10:00:00Z"}`,
		`{"time":"2026-05-20T10:00:00Z","level":"INFO","msg":"x","log":"a\n","stream":"stdout"}`,
		`{"MESSAGE":"x","type":"audit","event":"pkce_failed","__CURSOR":"c","__REALTIME_TIMESTAMP":"1779271200000000"}`,
		`{"message":"x","messageType":"DATA_MESSAGE","logEvents":[]}`,
		`{"source":"hera","data":{"events":[{"a":1}]},"eventType":"login"}`,
		`a | b`, `name | text`, `name | "text"`, `- | -`, `| {"a":1}`, ` | {"a":1}`, `two words | {"a":1}`, `name |{"a":1}`, `name| {"a":1}`, `[a b] | {"a":1}`, `[a | {"a":1}`, `[] | {"a":1}`,
		strings.Repeat("n", 300) + ` | {"a":1}`,
		`[security][brute_force][fail_open] | {"a":1}`, `# Logfile created on 2026-05-20`,
		`2026-05-20T10:00:00Z started`, `2026-05-20T10:00:00Z [info] started`, `2026-05-20T10:00:00.000000000Z started`, `2026-05-20 10:00:00 {"a":1}`, `2026-13-20T10:00:00Z {"a":1}`,
		`0123456789ab text`, `0123456789abc {"a":1}`, `0123456789aX {"a":1}`,
	} {
		assert.Equal(t, []got{{Text: line}}, add(u, line))
	}
}

// TestAutoNestsOnce: a message of an envelope may be wrapped once more, and no
// further; its parts are joined within the envelope only.
func TestAutoNestsOnce(t *testing.T) {
	part := func(tag, text string) string { return `2026-05-20T10:00:00Z stdout ` + tag + ` ` + text }
	dockered := `{"log":"` + quoted + `\n","stream":"stdout","time":"2026-05-20T10:00:00Z"}`
	envelope := data + strings.Join([]string{
		event(part("F", hera), "7"), event(dockered, "7"), event("ciam-hera | "+hera, "1779271200000"),
		event(part("P", "be"), "7"), event("between", "0"), event(part("F", "gin"), "7"),
		event(part("F", part("F", "x")), "7"), event(part("P", "open"), "7"),
	}, ",") + `]}`
	want := []got{
		{Text: hera, Time: ten},
		{Text: hera, Index: 1, Time: ten},
		{Text: hera, Index: 2, Time: ten},
		{Text: "between", Index: 4},
		{Text: "begin", Index: 3, Time: ten},
		{Text: part("F", "x"), Index: 6, Time: ten},
		{Text: "open", Index: 7, Time: ten},
	}
	u := New(Auto, maxLine)
	assert.Equal(t, want, add(u, envelope))
	_, held := u.Held()
	assert.False(t, held, "an envelope leaves nothing behind")

	// What a damaged envelope held, or a control message, is not of the next one.
	open := data + event(part("P", "void"), "7") + `,`
	control := `{"messageType":"CONTROL_MESSAGE","logGroup":"g","logEvents":[` + event(part("P", "void"), "7") + `]}`
	last := data + event(part("F", "x"), "7") + `]}`
	assert.Equal(t, []got{{Text: open}, {Text: "x", Offset: 100, Time: ten}}, add(u, open, last))
	assert.Equal(t, []got{{Text: "x", Index: 1, Time: ten}}, add(u, control+last))

	byName := add(New(CloudWatch, maxLine), data+event(part("F", "x"), "0")+`]}`)
	assert.Equal(t, []got{{Text: part("F", "x")}}, byName, "a wrapper set by name is the only one")
}

// TestColourOfNothing: the code that ends a colour is not taken for one that
// begins it.
func TestColourOfNothing(t *testing.T) {
	u := New(Compose, maxLine)
	assert.Equal(t, []got{{}}, add(u, "[a] | \x1b[37m\x1b[0m"))
	assert.Equal(t, []got{{Text: "\x1b[0m"}}, add(u, "[a] | \x1b[0m"))
	assert.Equal(t, []got{{Text: "\x1b[32mgreen\x1b[0m"}}, add(u, "a | \x1b[32mgreen\x1b[0m"), "the application's own")
}

// TestAutoAllocatesNothing for a line without a wrapper, nor for one whose text
// stands in the caller's.
func TestAutoAllocatesNothing(t *testing.T) {
	u := New(Auto, maxLine)
	dst := make([]Line, 0, 1)
	for _, line := range []string{hera, "plain text", criLine("1", "stdout", "F", hera), "ciam-hera | " + hera} {
		text := []byte(line)
		assert.Zero(t, testing.AllocsPerRun(100, func() { dst = u.Add(dst[:0], text, 0, false) }), line)
	}
}
