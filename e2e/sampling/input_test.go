//go:build unix

package sampling

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// repeats is how often Hera's lines are written. Login.gov's are written once,
// and so are rare.
const repeats = 20

// input writes the lines, line for line in the order of their times, and
// returns the files.
func input(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	var files []string
	for _, sample := range e2etest.Samples(t) {
		text := e2etest.ReadFile(t, sample)
		var out strings.Builder
		for line := range strings.Lines(text) {
			n := repeats
			if strings.Contains(sample, "login_gov") {
				n = 1
			}
			for range n {
				out.WriteString(line)
			}
		}
		file := filepath.Join(dir, filepath.Base(sample))
		require.NoError(t, os.WriteFile(file, []byte(out.String()), 0o600))
		files = append(files, file)
	}
	return files
}

// personal are members of the sample's lines that no destination may see.
var personal = []string{"identity_id", "source_ip", "email", "admin_id", "admin_email", "user_id", "user_ip", "visitor_id", "visit_id"}

// values collects the texts of personal members, at any depth.
func values(t *testing.T, files []string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, file := range files {
		for line := range strings.Lines(e2etest.ReadFile(t, file)) {
			var parsed any
			if json.Unmarshal([]byte(line), &parsed) == nil {
				collect(parsed, found)
			}
		}
	}
	delete(found, "anonymous-uuid") // of nobody
	delete(found, "unknown")
	require.Greater(t, len(found), 300, "the sample has too little personal data to prove anything")
	return found
}

func collect(value any, found map[string]bool) {
	switch value := value.(type) {
	case map[string]any:
		for _, name := range personal {
			text, ok := value[name].(string)
			// An address that ends in zeros is its own network, which may be told.
			if ok && len(text) > 6 && !strings.HasSuffix(text, ".0") && !strings.HasSuffix(text, "::") {
				found[text] = true
			}
		}
		for _, inner := range value {
			collect(inner, found)
		}
	case []any:
		for _, inner := range value {
			collect(inner, found)
		}
	}
}
