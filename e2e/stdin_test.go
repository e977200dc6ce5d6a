//go:build unix

package e2e

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// TestStdin pipes a file through configs/stdin.yaml: it drains to the end of
// file, ends with exit code 0, and logs no error.
func TestStdin(t *testing.T) {
	for _, file := range e2etest.Samples(t) {
		in, err := os.Open(file)
		require.NoError(t, err)
		p, err := colproc.Start(t.Context(), colproc.Options{
			Binary: e2etest.Binary(t),
			Config: "configs/stdin.yaml",
			Dir:    root,
			Env:    []string{"PIISCRUB_KEY=0123456789abcdef0123456789abcdef"},
			Stdin:  in,
		})
		require.NoError(t, err)
		code, err := p.Wait(e2etest.Patience)
		p.Kill()
		require.NoError(t, err)
		require.NoError(t, in.Close())

		assert.Zero(t, code, p.Log())
		e2etest.RequireNoErrors(t, p.Log())
		want := e2etest.CountPlainly(t, file)
		assert.Equal(t, want.Events+want.Unparsed, e2etest.RecordCount(t, p.Stdout()))
		e2etest.RequireNothingPersonal(t, e2etest.Samples(t), map[string]string{"standard output": p.Stdout(), "log": p.Log()})
	}
}
