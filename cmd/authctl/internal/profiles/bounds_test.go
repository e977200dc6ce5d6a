package profiles

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSampleIsBounded: ten thousand long lines would be gigabytes.
func TestSampleIsBounded(t *testing.T) {
	line := `{"event":"login","user":"u1","pad":"` + strings.Repeat("x", 1<<19) + `"}` + "\n"
	r, err := draftOf(strings.NewReader(strings.Repeat(line, 2+maxSample/len(line))), "x", 10_000, false, nil)
	require.NoError(t, err)
	assert.True(t, r.Cut)
	assert.Equal(t, maxSample/(len(line)-1), r.Lines)
	assert.Contains(t, r.header(), "longer than 32 MiB")
	r, err = draftOf(strings.NewReader(line), "x", 10_000, false, nil)
	require.NoError(t, err)
	assert.False(t, r.Cut)
}

// TestProfileIsBounded: arguments in the wrong order, or a device.
func TestProfileIsBounded(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sample.ndjson")
	require.NoError(t, os.WriteFile(file, make([]byte, maxProfile+1), 0o600))
	_, err := run(t, "", "test", file, file)
	require.ErrorContains(t, err, "is longer than 16 MiB")
}
