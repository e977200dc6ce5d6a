package line

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// patience is for a loaded machine; nothing waits for it in vain.
const patience = 30 * time.Second

// clientIDs reads the client_id of each line; every line must be JSON.
func clientIDs(t *testing.T, lines []byte) []string {
	t.Helper()
	var ids []string
	for l := range bytes.Lines(lines) {
		var event struct {
			ClientID string `json:"client_id"`
		}
		require.NoError(t, json.Unmarshal(l, &event), "%s", l)
		ids = append(ids, event.ClientID)
	}
	return ids
}

func TestRange(t *testing.T) {
	ids := clientIDs(t, Range(8, 1008))
	require.Len(t, ids, 1000)
	for i, id := range ids {
		sequence, ok := Sequence(id)
		require.True(t, ok, id)
		require.Equal(t, 8+i, sequence)
		require.False(t, IsFiller(id))
	}
}

func TestFiller(t *testing.T) {
	for _, size := range []int{200, 1000, 5000} {
		f := Filler(size)
		assert.Len(t, f, size)
		ids := clientIDs(t, f)
		require.Len(t, ids, 1)
		assert.True(t, IsFiller(ids[0]))
		_, ok := Sequence(ids[0])
		assert.False(t, ok)
	}
}

func TestSequenceRefuses(t *testing.T) {
	for _, id := range []string{"", "seq-", "seq-x", "seq--1", "seq-1x", "abc123", "12"} {
		_, ok := Sequence(id)
		assert.False(t, ok, id)
	}
}

// TestLoad: every sequence number is written once, in order, and the file ends
// with a whole line.
func TestLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "load.log")
	load := StartLoad(path, 5, 20_000)
	require.Eventually(t, func() bool {
		info, err := os.Stat(path)
		return err == nil && info.Size() > 100_000
	}, patience, tick)
	next, err := load.Stop()
	require.NoError(t, err)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	ids := clientIDs(t, data)
	require.Len(t, ids, next-5)
	for i, id := range ids {
		sequence, ok := Sequence(id)
		require.True(t, ok)
		require.Equal(t, 5+i, sequence)
	}
}

func TestLoadReportsErrors(t *testing.T) {
	_, err := StartLoad(filepath.Join(t.TempDir(), "none", "load.log"), 0, 1).Stop()
	require.ErrorIs(t, err, os.ErrNotExist)
}
