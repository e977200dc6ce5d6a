package bench

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBatches: as the receiver makes them.
func TestBatches(t *testing.T) {
	long := strings.Repeat("x", batchBytes/2) + "\n"
	for name, tc := range map[string]struct {
		text  string
		lines []int // of each batch
	}{
		"few":              {"a\nb\n\n", []int{2}},
		"no end":           {"a\nb", []int{2}},
		"a thousand":       {strings.Repeat("a\n", 1000), []int{1000}},
		"one more":         {strings.Repeat("a\n", 1001), []int{1000, 1}},
		"blank lines":      {strings.Repeat("a\n\n", 1000), []int{1000}},
		"512 KiB":          {long + long + long, []int{1, 1, 1}},
		"a line of 1 MiB":  {"a\n" + strings.Repeat("x", 1<<20) + "\nb\n", []int{1, 1, 1}},
		"nothing":          {"", nil},
		"only blank lines": {"\n \n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			var s Sample
			s.add([]byte(tc.text))
			var lines []int
			total := 0
			for _, b := range s.batches {
				n := 0
				for line := range bytes.Lines(b) {
					if len(bytes.TrimSpace(line)) > 0 {
						n++
					}
				}
				lines = append(lines, n)
				total += n
			}
			assert.Equal(t, tc.lines, lines)
			assert.Equal(t, total, s.Lines)
			assert.Equal(t, len(tc.text), s.Bytes)
		})
	}
}

// TestFiles: in their order, standard input among them, and no batch across two.
func TestFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	require.NoError(t, os.WriteFile(path, []byte("1\n2"), 0o600))
	s, err := readSample(t.Context(), strings.NewReader("3\n"), []string{path, "-"})
	require.NoError(t, err)
	assert.Equal(t, [][]byte{[]byte("1\n2"), []byte("3\n")}, s.batches)
	assert.Equal(t, 3, s.Lines)
	assert.False(t, s.Cut)
}

// TestCut: of a long sample as many whole lines are read as there is room for.
func TestCut(t *testing.T) {
	line := strings.Repeat("x", 1<<20-2) + "\n" // 64 of them leave 64 bytes
	s, err := readSample(t.Context(), strings.NewReader(strings.Repeat(line, 66)), []string{"-"})
	require.NoError(t, err)
	assert.True(t, s.Cut)
	assert.Equal(t, 64, s.Lines)
	assert.Equal(t, 64*len(line), s.Bytes)
}

// TestBuiltIn: it has lines of two identity providers.
func TestBuiltIn(t *testing.T) {
	s, err := readSample(t.Context(), nil, nil)
	require.NoError(t, err)
	assert.Equal(t, 248, s.Lines)
	assert.Equal(t, 1, s.Batches)
}
