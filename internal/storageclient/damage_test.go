package storageclient

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/authevents/otelcol-auth/internal/faults/harm"
)

const keys = 300

func key(i int) string { return fmt.Sprintf("tail/file/%06d", i) }

func value(i int) []byte { return []byte(strings.Repeat(fmt.Sprintf("%06d", i), 30)) }

// files is the real file_storage on a directory.
func files(t *testing.T, dir string) host {
	t.Helper()
	factory := filestorage.NewFactory()
	cfg := factory.CreateDefaultConfig().(*filestorage.Config)
	cfg.Directory = dir
	extension, err := factory.Create(t.Context(), extensiontest.NewNopSettings(factory.Type()), cfg)
	require.NoError(t, err)
	return host{componenttest.NewNopHost(), extension}
}

// filled returns the file of the owner, with values in it.
func filled(t *testing.T, dir string) (path string, content []byte) {
	t.Helper()
	client, err := Open(t.Context(), files(t, dir), &id, component.KindReceiver, owner)
	require.NoError(t, err)
	for from := 0; from < keys; from += 10 {
		var ops []*storage.Operation
		for i := from; i < from+10; i++ {
			ops = append(ops, storage.SetOperation(key(i), value(i)))
		}
		require.NoError(t, client.Batch(t.Context(), ops...))
	}
	require.NoError(t, client.Close(t.Context()))
	path = filepath.Join(dir, "receiver_auth_events_b")
	content, err = os.ReadFile(path)
	require.NoError(t, err)
	return path, content
}

// TestDamagedFile: a damaged file of the real extension is refused with an error
// that names it, or can be read and written. Were it not checked before, most of
// these would end the test's process.
func TestDamagedFile(t *testing.T) {
	dir := t.TempDir()
	path, content := filled(t, dir)
	refused, used := 0, 0
	for seed := range uint64(400) {
		damaged, what := harm.File(seed, content)
		require.NoError(t, os.WriteFile(path, damaged, 0o600))
		client, err := Open(t.Context(), files(t, dir), &id, component.KindReceiver, owner)
		if err != nil {
			refused++
			assert.ErrorContains(t, err, `storage: "file_storage" can't be opened: it is damaged (`, what)
			assert.ErrorContains(t, err, "move "+path+" away; reading begins anew", what)
			continue
		}
		used++
		for i := range keys {
			require.NoError(t, client.Set(t.Context(), key(i), value(i)), what)
		}
		require.NoError(t, client.Close(t.Context()), what)
	}
	assert.Greater(t, refused, 100)
	assert.Greater(t, used, 50)
}

// TestDamagedWhileOpen: where a file is truncated under its reader, the error
// says so, and the process goes on.
func TestDamagedWhileOpen(t *testing.T) {
	dir := t.TempDir()
	path, _ := filled(t, dir)
	client, err := Open(t.Context(), files(t, dir), &id, component.KindReceiver, owner)
	require.NoError(t, err)
	require.NoError(t, os.Truncate(path, 0))
	for range 2 { // the second without a call
		err = client.Set(t.Context(), key(1), value(1))
		require.ErrorContains(t, err, "it is damaged (")
		require.ErrorContains(t, err, path)
	}
	_, err = client.Get(t.Context(), key(1))
	require.ErrorContains(t, err, "it is damaged (")
	require.NoError(t, client.Close(t.Context()), "or it would wait for a lock for ever")
}

// TestInUse: a file that another has open is not called damaged, whatever stands in it.
func TestInUse(t *testing.T) {
	dir := t.TempDir()
	path, _ := filled(t, dir)
	first, err := Open(t.Context(), files(t, dir), &id, component.KindReceiver, owner)
	require.NoError(t, err)
	require.NoError(t, checkFile(path))
	_, err = Open(t.Context(), files(t, dir), &id, component.KindReceiver, owner)
	require.ErrorContains(t, err, "timeout: check that its directory has space and may be written; a timeout means that it is in use by another collector")
	require.NoError(t, first.Close(t.Context()))
}

// TestEmptyFile is what a full disk leaves of a file that was to be created.
func TestEmptyFile(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "receiver_auth_events_b"), nil, 0o600))
	client, err := Open(t.Context(), files(t, dir), &id, component.KindReceiver, owner)
	require.NoError(t, err)
	require.NoError(t, client.Set(t.Context(), key(1), value(1)))
	require.NoError(t, client.Close(t.Context()))
}

// TestFileOf holds the name and the reflection against the real extension.
func TestFileOf(t *testing.T) {
	for _, name := range []string{"", "b", "a b/ü~%"} {
		dir := t.TempDir()
		h := files(t, dir)
		of := component.MustNewID("auth_events")
		if name != "" {
			of = component.NewIDWithName(of.Type(), name)
		}
		for _, kind := range []component.Kind{component.KindReceiver, component.KindConnector} {
			client, err := h.extension.(storage.Extension).GetClient(t.Context(), kind, of, "")
			require.NoError(t, err)
			path, ok := fileOf(h.extension.(storage.Extension), kind, of)
			require.True(t, ok)
			assert.FileExists(t, path)
			require.NoError(t, client.Close(t.Context()))
		}
	}
	_, ok := fileOf(extension{}, component.KindReceiver, owner)
	assert.False(t, ok)
}
