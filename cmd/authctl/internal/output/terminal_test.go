package output

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func FuzzTerminal(f *testing.F) {
	for _, seed := range []string{"plain", "\x1b[31m", "\u009b31m", "\x9b31m", "\u202e", "\U000E0041", "Ann Übel", "a\tb\nc", "\ufeff\u2028"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var got bytes.Buffer
		require.NoError(t, JSON(&got, map[string]string{text: text}))
		var back map[string]string
		require.NoError(t, json.Unmarshal(got.Bytes(), &back))
		plain, err := json.Marshal(map[string]string{text: text})
		require.NoError(t, err)
		var want map[string]string
		require.NoError(t, json.Unmarshal(plain, &want))
		assert.Equal(t, want, back, "it is the same JSON")
		for _, r := range got.String() {
			assert.False(t, obeyed(r) && r != '\n', "%q", got.String())
		}
		for _, r := range Printable(text, "\n") {
			assert.False(t, obeyed(r) && r != '\n', "%q", text)
		}
		once := Printable(text, "")
		assert.Equal(t, once, Printable(once, ""))
		assert.NotContains(t, once, "\n")
	})
}
