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

// A batch is as long as its sender likes; the limits are those of a line.
func TestSplitLongArray(t *testing.T) {
	body := "[" + strings.TrimSuffix(strings.Repeat(`{"a":1,"b":2},`, 30_000), ",") + "]"
	lines, err := Split(nil, []byte(body), 1024)
	require.NoError(t, err)
	assert.Len(t, lines, 30_000)
}

// A list that is used again must not keep a body that was refused.
func TestSplitRefusedKeepsNothing(t *testing.T) {
	dst := make([]tail.Line, 1, 8)
	for body, want := range map[string]error{`[{"a":1},{"b":2},x]`: ErrArray, "{}\n{}\n{}": ErrTooManyLines} {
		lines, err := SplitUpTo(dst, []byte(body), 1024, 2)
		require.ErrorIs(t, err, want)
		require.Len(t, lines, 1)
		for _, l := range lines[:cap(lines)] {
			assert.Nil(t, l.Text)
		}
	}
}

// FuzzSplit: an array that encoding/json reads has its elements, whatever else
// there is has texts that stand in the body, in order, and not twice.
func FuzzSplit(f *testing.F) {
	for _, seed := range []string{`[{"a":1},{}]`, "{\"a\":1}\n{}\r\n", "{\n}\n", "[x\n{}", "", "\xef\xbb\xbf[]"} {
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
