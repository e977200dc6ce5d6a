//go:build unix

package e2e

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
)

// TestStdin pipes a file through configs/stdin.yaml: it drains to the end of
// file, ends with exit code 0, and logs no error.
func TestStdin(t *testing.T) {
	for _, file := range samples(t) {
		in, err := os.Open(file)
		require.NoError(t, err)
		p, err := colproc.Start(t.Context(), colproc.Options{
			Binary: binary(t),
			Config: "configs/stdin.yaml",
			Dir:    root,
			Env:    []string{"PIISCRUB_KEY=0123456789abcdef0123456789abcdef"},
			Stdin:  in,
		})
		require.NoError(t, err)
		code, err := p.Wait(patience)
		p.Kill()
		require.NoError(t, err)
		require.NoError(t, in.Close())

		assert.Zero(t, code, p.Log())
		requireNoErrors(t, p.Log())
		want := countPlainly(t, file)
		assert.Equal(t, want.Events+want.Unparsed, recordCount(t, p.Stdout()))
		requireNothingPersonal(t, samples(t), map[string]string{"standard output": p.Stdout(), "log": p.Log()})
	}
}
