package leakscan

import (
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
)

// FuzzScan: whatever a file is, no value of it is printed, nor what a terminal obeys.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{
		`{"a":1,"`, "[\n{\"a\":[1,", `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"attributes":[{"key":"`, `{"resourceSpans":[`, "n,user_id\n1,", "n\tnote\n\"", "user_id=", "{\n\"result\":[\n",
		"\xff", `{"a":"{\"b\":\"`, "\x1b[31m\u009b", "{\"\u202e\":\"b@example.org\"}", `{"\n":"b@example.org"}`, "\x1F\x8B", `{"a":{"b@example.org":{"`,
	} {
		f.Add(seed, `":"x"}`)
		f.Add(seed, "\n")
	}
	const who = "zq-who-it-is-zq@example.org"
	f.Fuzz(func(t *testing.T, before, after string) {
		if strings.Contains(before+after, "zq") {
			return
		}
		for _, args := range [][]string{{"-"}, {"--json", "-"}} {
			out, err := run(t, before+who+after, args...)
			if err != nil {
				out += err.Error()
			}
			assert.NotContains(t, out, "zq-who")
			for _, r := range out {
				assert.False(t, r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp), "%q", r)
			}
		}
	})
}
