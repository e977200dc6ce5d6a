package leakscan

import (
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDeepDocuments: one that nests for ever is an error, and not all of the memory.
func TestDeepDocuments(t *testing.T) {
	for name, level := range map[string]endless{
		"objects": "{\n\"" + endless(strings.Repeat("a", 100)) + "\":\n",
		"streams": "{\n\"result\":[\n",
	} {
		t.Run(name, func(t *testing.T) {
			rep := newReport(nil)
			s, err := newScanner(known{}, rep)
			require.NoError(t, err)
			in := io.MultiReader(strings.NewReader("{\"x\":\"bob@example.org\",\n\"a\":\n"), level)
			err = s.files(t.Context(), in, []string{"-"})
			require.ErrorContains(t, err, "nests deeper than 256 levels there")
		})
	}
}

// TestDeepLines: what is too deep is told as such, and its pointers take no memory.
func TestDeepLines(t *testing.T) {
	const depth = 9000
	level := `{"` + strings.Repeat("a", 100) + `":`
	deep := strings.Repeat(level, depth) + `"bob@example.org"` + strings.Repeat("}", depth)
	for name, in := range map[string]string{
		"line": deep,
		"OTLP": `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"bob@example.org"},"x":` + deep + `}]}]}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			r := scan(t, in)
			runtime.ReadMemStats(&after)
			assert.NotZero(t, r.Found)
			assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(500<<20))
		})
	}
}
