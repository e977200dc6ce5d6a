package framing

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/tail"
)

func TestSplit(t *testing.T) {
	for name, test := range map[string]struct {
		body string
		want []string
	}{
		"nothing":                    {"", nil},
		"white space":                {" \r\n\t", nil},
		"one object":                 {`{"a":1}`, []string{`{"a":1}`}},
		"one object, ended":          {"{\"a\":1}\n", []string{`{"a":1}`}},
		"NDJSON":                     {"{\"a\":1}\n{\"a\":2}\r\n{\"a\":3}", []string{`{"a":1}`, `{"a":2}`, `{"a":3}`}},
		"a blank line between":       {"{\"a\":1}\n\n{\"a\":2}\n", []string{`{"a":1}`, ``, `{"a":2}`}},
		"byte-order mark":            {"\xef\xbb\xbf{\"a\":1}", []string{`{"a":1}`}},
		"pretty-printed":             {"{\n  \"a\": 1\n}\n", []string{"{\n  \"a\": 1\n}"}},
		"two pretty-printed objects": {"{\n1}\n{\n2}", []string{"{", "1}", "{", "2}"}},
		"broken line, good line":     {"{\"a\":\n{\"a\":2}", []string{`{"a":`, `{"a":2}`}},
		"array":                      {` [ {"a":1} , {"a":[2]} ] `, []string{`{"a":1}`, `{"a":[2]}`}},
		"array over lines":           {"[\n{\"a\":1},\n{\"a\":2}\n]\n", []string{`{"a":1}`, `{"a":2}`}},
		"array with other elements":  {`[{},null,"s",1]`, []string{`{}`, `null`, `"s"`, `1`}},
		"empty array":                {"[]", nil},
		"text with a bracket":        {"[security][fail_open] x\n{\"a\":1}", []string{"[security][fail_open] x", `{"a":1}`}},
		"Okta event hook":            {oktaHook(`{"uuid":"1"}`, `{"uuid":"2"}`), []string{`{"uuid":"1"}`, `{"uuid":"2"}`}},
		"Okta hook without events":   {oktaHook(), nil},
		"an object about Okta hooks": {`{"a":"com.okta.event_hook"}`, []string{`{"a":"com.okta.event_hook"}`}},
		"a long line":                {strings.Repeat("x", 40) + "\n{}", []string{strings.Repeat("x", 32), "{}"}},
	} {
		t.Run(name, func(t *testing.T) {
			lines, err := Split(nil, []byte(test.body), 32)
			require.NoError(t, err)
			var texts []string
			for _, l := range lines {
				texts = append(texts, string(l.Text))
				assert.True(t, strings.HasPrefix(test.body[l.Offset:], string(l.Text)), "offset %d", l.Offset)
				assert.Equal(t, strings.HasPrefix(string(l.Text), "xxx"), l.Truncated)
			}
			assert.Equal(t, test.want, texts)
		})
	}
}

// oktaHook is what Okta posts, by its documentation.
func oktaHook(events ...string) string {
	return `{"eventType":"com.okta.event_hook","source":"s","data":{"events":[` + strings.Join(events, ",") + `]},"eventTime":"t"}`
}

// What only resembles an Okta event hook stays as it is.
func TestSplitNoOktaHook(t *testing.T) {
	hook := oktaHook(`{"uuid":"1"}`)
	for name, body := range map[string]string{
		"cut":                  hook[:len(hook)-1],
		"with more behind":     hook + `{}`,
		"of another type":      strings.Replace(hook, "eventType", "eventtype", 1),
		"without a list":       `{"eventType":"com.okta.event_hook","data":{"events":{}}}`,
		"with a broken event":  oktaHook(`{"uuid":1`),
		"with a broken member": `{"eventType":"com.okta.event_hook",data}`,
		"with no value":        `{"eventType":"com.okta.event_hook","data":`,
	} {
		t.Run(name, func(t *testing.T) {
			lines, err := Split(nil, []byte(body), 1024)
			require.NoError(t, err)
			require.Len(t, lines, 1)
			assert.Equal(t, body, string(lines[0].Text))
		})
	}
}

func TestSplitUpTo(t *testing.T) {
	for name, body := range map[string]string{
		"NDJSON": "{}\n\n{}", "array": "[{},{},{}]", "Okta event hook": oktaHook("{}", "{}", "{}"),
	} {
		t.Run(name, func(t *testing.T) {
			before := []tail.Line{{Offset: 7}}
			lines, err := SplitUpTo(before, []byte(body), 1024, 3)
			require.NoError(t, err)
			assert.Len(t, lines, 4)
			lines, err = SplitUpTo(before, []byte(body), 1024, 2)
			require.ErrorIs(t, err, ErrTooManyLines)
			assert.Equal(t, before, lines)
		})
	}
}

func TestSplitBrokenArray(t *testing.T) {
	for _, body := range []string{`[`, `[{"a":1}`, `[{"a":1},]`, `[{"a":1}] x`, `[] []`, `[{"a":1} {"a":2}]`, `[{"a":}]`} {
		lines, err := Split([]tail.Line{}, []byte(body), 1024)
		assert.ErrorIs(t, err, ErrArray, body)
		assert.Empty(t, lines, body)
	}
}

// A batch is as long as its sender likes; the limits are those of a line.
func TestSplitLongArray(t *testing.T) {
	body := "[" + strings.TrimSuffix(strings.Repeat(`{"a":1,"b":2},`, 30_000), ",") + "]"
	lines, err := Split(nil, []byte(body), 1024)
	require.NoError(t, err)
	assert.Len(t, lines, 30_000)
}

// FuzzSplit: an array that encoding/json reads has its elements, whatever else
// there is has texts that stand in the body, in order, and not twice.
func FuzzSplit(f *testing.F) {
	for _, seed := range []string{`[{"a":1},{}]`, "{\"a\":1}\n{}\r\n", "{\n}\n", "[x\n{}", "", "\xef\xbb\xbf[]", oktaHook(`{"a":1}`, "{}")} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		lines, err := Split(nil, body, 64)
		end := int64(0)
		for _, l := range lines {
			require.GreaterOrEqual(t, l.Offset, end)
			require.LessOrEqual(t, len(l.Text), 64)
			require.True(t, bytes.HasPrefix(body[l.Offset:], l.Text))
			end = l.Offset + int64(len(l.Text))
		}
		var elements []json.RawMessage
		if start := space(body, 0); isArray(body, start) && err == nil && json.Unmarshal(body, &elements) == nil {
			require.Len(t, lines, len(elements))
		}
	})
}
