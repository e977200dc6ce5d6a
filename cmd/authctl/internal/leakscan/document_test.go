package leakscan

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLongStreams: each line of a stream of Loki is looked at by itself.
func TestLongStreams(t *testing.T) {
	r := scan(t, "{\"data\":\n{\"result\":[{\"stream\":{\"app\":\"x\"},\"values\":[\n[\"1\",\"a\"],\n[\"2\",\"bob@example.org\"],\n[\"3\",\"c\"]]}]}}\n")
	assert.Equal(t, 4, r.Units)
	require.Len(t, r.Findings, 1)
	assert.Equal(t, "/data/result/*/values/*/*", r.Findings[0].Place)
	assert.Equal(t, Location{File: "stdin", Pointer: "/data/result/0/values/1/1"}, r.Findings[0].First)
}

// endless repeats a text for ever.
type endless string

func (e endless) Read(p []byte) (n int, err error) {
	for n < len(p) {
		n += copy(p[n:], e)
	}
	return n, nil
}

// TestEndlessValues: a value of a document that does not end is an error, and not all
// of the memory.
func TestEndlessValues(t *testing.T) {
	rep := newReport(nil)
	s, err := newScanner(known{}, rep)
	require.NoError(t, err)
	in := io.MultiReader(strings.NewReader("{\"a\":[\"bob@example.org\",\n\""), endless("xxxxxxxx"))
	err = s.files(t.Context(), in, []string{"-"})
	require.ErrorContains(t, err, "a value is longer than 64 MiB there")
	assert.Equal(t, 1, rep.done(9).Found)
}
