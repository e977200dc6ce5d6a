package results

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSections: neither command takes away what the other has written, wherever
// the soak's section stands.
func TestSections(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results.md")
	holds := func(want string) {
		t.Helper()
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, want, string(got))
	}
	require.NoError(t, SetSoak(path, "first\n"))
	holds("## Soak\n\nfirst\n")
	require.NoError(t, Renew(path, "# Side by side\n\n## Rows\n\nTook 1s.\n"))
	holds("# Side by side\n\n## Rows\n\nTook 1s.\n\n## Soak\n\nfirst\n")
	require.NoError(t, SetSoak(path, "second\n\n### Faults\n\n- 503\n"))
	holds("# Side by side\n\n## Rows\n\nTook 1s.\n\n## Soak\n\nsecond\n\n### Faults\n\n- 503\n")

	require.NoError(t, os.WriteFile(path, []byte("# Side\n\n## Soak\n\nthird\n\n## Rows\n\n## Last\n"), 0o644))
	require.NoError(t, SetSoak(path, "fourth\n"))
	holds("# Side\n\n## Soak\n\nfourth\n\n## Rows\n\n## Last\n")
	require.NoError(t, Renew(path, "# Anew\n"))
	holds("# Anew\n\n## Soak\n\nfourth\n")
}
