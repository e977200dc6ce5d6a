package autheventsencoding

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// FuzzUnmarshal: whatever a message holds, there is no error; no more records
// than lines, or than an array can have elements; each valid UTF-8, with a uid
// of its own; and no record is there without the message having had something.
func FuzzUnmarshal(f *testing.F) {
	for _, seed := range []string{
		"", " \n", hera, loginGov, hera + "\n" + loginGov, "[" + hera + "," + loginGov + "]", "[{", "[{\"a\":1},\n{\"b\":",
		"\xef\xbb\xbf[{", "\xef\xbb\xbf\xef\xbb\xbf[{", "{\n\"a\":1\n}", "text\r\n[x", "\xff[{\xfe", "[[]", "# Logfile created on x\n{}",
	} {
		f.Add([]byte(seed))
	}
	u := newTest(f, defaultConfig())
	f.Fuzz(func(t *testing.T, payload []byte) {
		before := bytes.Clone(payload)
		logs, err := u.UnmarshalLogs(payload)
		require.NoError(t, err)
		require.Equal(t, before, payload, "the payload is the receiver's")

		lines := bytes.Count(payload, []byte("\n")) + bytes.Count(payload, []byte(",")) + 1
		require.LessOrEqual(t, logs.LogRecordCount(), lines)
		if len(bytes.TrimSpace(payload)) == 0 {
			require.Zero(t, logs.LogRecordCount())
		}
		seen := map[string]bool{}
		for _, rl := range logs.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, lr := range sl.LogRecords().All() {
					require.True(t, utf8.ValidString(lr.Body().Str()))
					uid := text(lr, attr.LogRecordUID)
					require.NotEmpty(t, uid)
					if _, parseError := lr.Attributes().Get(attr.ParseError); parseError {
						require.False(t, seen[uid], "twice")
						seen[uid] = true
					}
				}
			}
		}
	})
}
