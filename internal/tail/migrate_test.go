package tail

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// oldState is what the previous release saved of files, of the positions that
// its lines stood at.
func oldState(t *testing.T, files ...map[string]any) []byte {
	t.Helper()
	text := fmt.Sprintln(len(files))
	for _, f := range files {
		b, err := json.Marshal(f)
		require.NoError(t, err)
		text += string(b) + "\n"
	}
	return []byte(text)
}

func oldFileState(first, path, position string, offset int) map[string]any {
	attributes := map[string]any{"log.file.path": path}
	if position != "" {
		attributes["otelcol_auth.position"] = position
	}
	return map[string]any{
		"Fingerprint": map[string]any{"first_bytes": []byte(first)},
		"Offset":      offset, "FileAttributes": attributes, "FileType": filepath.Ext(path),
	}
}

func TestMigration(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a.log"), filepath.Join(dir, "b.log")
	long := strings.Repeat("#", 2000) + "\n"
	write(t, a, numbered(0, 10))
	write(t, b, long+numbered(10, 20)+`{"n":`)
	stat, err := statPath(a)
	require.NoError(t, err)
	id := hash64(stat.key.hash(), 2) // truncated twice
	store := newMemory()
	store.values[oldFilesKey] = oldState(t,
		oldFileState(numbered(0, 5), a, fmt.Sprintf("%x 40 ", id), 40),
		oldFileState(long[:1000], b, "", len(long)), // from its end, and nothing taken
		oldFileState("gone", "/gone", "7 4 ", 4),
		oldFileState("nothing read", "/nothing", "", 0))
	store.values[oldGenerationsKey] = []byte(fmt.Sprintf(`[{"file":%d,"next":3}]`, stat.key.hash()))

	cfg := testConfig(filepath.Join(dir, "*"))
	cfg.StartAtEnd = true // there is a state
	cfg.MaxLineSize = 1 << 16
	var s sink
	f := follow(t, cfg, store, s.handle)
	lines := f.await(t, &s, 15)
	assert.ElementsMatch(t, numberedTexts(5, 20), s.texts())
	for _, l := range lines {
		if l.origin.Path == a {
			assert.Equal(t, id, l.origin.ID)
		}
		assert.NotZero(t, l.origin.ID)
	}
	assert.NotContains(t, store.values, oldFilesKey)
	assert.NotContains(t, store.values, oldGenerationsKey)
	for key, value := range store.copy().values {
		assert.NotContains(t, string(value), "###", key)
	}
	f.stop(t)

	write(t, a, "anew\n") // truncates: a generation that was never used
	f = follow(t, cfg, store, s.handle)
	lines = f.await(t, &s, 16)
	assert.Equal(t, hash64(stat.key.hash(), 3), lines[15].origin.ID)
}

func TestMigrationOfDamage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log")
	write(t, path, numbered(0, 10))
	for _, value := range []string{"", "x", "2\n{}\n", "1\n{\"Offset\":\"alice\"}"} {
		store := newMemory()
		store.values[oldFilesKey] = []byte(value)
		var s sink
		f := follow(t, testConfig(path), store, s.handle)
		f.await(t, &s, 10)
		assert.NotContains(t, store.values, oldFilesKey)
		require.Equal(t, 1, f.log.FilterMessageSnippet("can't be read: all files are read again").Len(), "%q", value)
		for _, e := range f.log.All() {
			assert.NotContains(t, fmt.Sprint(e), "alice")
		}
		f.stop(t)
	}
}
