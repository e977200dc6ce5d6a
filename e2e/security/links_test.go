//go:build linux

package security

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// TestLinksOutOfTheFolder: who may write in a folder that is read can have the
// collector read any file that its user may read. What does not look like an
// event does not leave: its text is redacted whole.
func TestLinksOutOfTheFolder(t *testing.T) {
	dir := t.TempDir()
	logs, outside := filepath.Join(dir, "logs"), filepath.Join(dir, "outside")
	for _, folder := range []string{logs, filepath.Join(outside, "folder")} {
		require.NoError(t, os.MkdirAll(folder, 0o700))
	}
	write(t, filepath.Join(outside, "key"), []byte(secret("key")+"\n"))
	write(t, filepath.Join(outside, "users.json"), []byte(`{"user":"`+secret("user")+`","password":"`+secret("password")+`","mail":"c4n4rymail@example.com"}`+"\n"))
	write(t, filepath.Join(outside, "hera.txt"), []byte(event(1)))
	write(t, filepath.Join(outside, "folder", "more.log"), []byte(event(2)))
	write(t, filepath.Join(logs, "hera.log"), []byte(event(3)))
	for name, target := range map[string]string{
		"key.log": "key", "users.log": "users.json", "linked.log": "hera.txt", "folder": "folder", "excluded.log": "hera.txt",
	} {
		require.NoError(t, os.Symlink(filepath.Join("..", "outside", target), filepath.Join(logs, name)))
	}
	out, state := filepath.Join(dir, "logs.jsonl"), filepath.Join(dir, "state")
	p := start(t, "e2e/security/testdata/links.yaml", "LOGS="+logs, "OUT="+out, "STATE_DIR="+state)
	e2etest.AwaitLines(t, p, 5)
	e2etest.Stop(t, p)

	text := e2etest.ReadFile(t, out)
	var names []string
	e2etest.EachRecord(t, text, func(record map[string]any) {
		attributes, err := json.Marshal(record["attributes"])
		require.NoError(t, err)
		for _, name := range []string{"key.log", "users.log", "linked.log", "hera.log", "more.log", "excluded.log"} {
			if containsValue(record, "log.file.name", name) {
				names = append(names, name)
			}
		}
		assert.NotContains(t, string(attributes), outside, "the path is that of the link")
	})
	slices.Sort(names)
	// Links to files and to folders are followed; exclude is held against the link.
	assert.Equal(t, []string{"hera.log", "key.log", "linked.log", "more.log", "users.log"}, names)
	assert.Empty(t, secretsIn(text))
	assert.Empty(t, secretsIn(p.Log()))
	assert.Empty(t, secretsIn(below(t, state)))
}

// containsValue says whether a record has an attribute of that text.
func containsValue(record map[string]any, key, value string) bool {
	attributes, _ := record["attributes"].([]any)
	return slices.ContainsFunc(attributes, func(a any) bool {
		attribute, _ := a.(map[string]any)
		held, _ := attribute["value"].(map[string]any)
		return attribute["key"] == key && held["stringValue"] == value
	})
}

// below is the content of all files of a folder.
func below(t *testing.T, dir string) string {
	t.Helper()
	text, files := "", 0
	require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			text += e2etest.ReadFile(t, path)
			files++
		}
		return err
	}))
	require.NotZero(t, files, dir)
	return text
}
