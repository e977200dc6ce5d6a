//go:build unix

package tail

import (
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPipeInPlaceOfAFile: it comes there between the look at a path and its
// opening, and nobody writes into it.
func TestPipeInPlaceOfAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hera.log")
	require.NoError(t, syscall.Mkfifo(path, 0o600))
	stat, err := statPath(path)
	require.NoError(t, err)
	opened := make(chan outcome, 1)
	go func() {
		x := &turn{path: path, f: &follower{key: stat.key}}
		opened <- x.openFile(t.Context())
	}()
	select {
	case got := <-opened:
		assert.Equal(t, later, got)
	case <-time.After(10 * time.Second):
		t.Fatal("the pipe is waited for")
	}
}
