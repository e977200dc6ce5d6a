//go:build unix

package upgrade

import (
	"compress/gzip"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// folderOf is where a version's state is kept: the files of file_storage, packed.
func folderOf(version string) string { return filepath.Join("testdata", "state", version) }

// unpack puts a version's state where a collector of this place looks for it.
func (p *place) unpack(t *testing.T, version string) {
	t.Helper()
	packed, err := filepath.Glob(filepath.Join(folderOf(version), "*.gz"))
	require.NoError(t, err)
	require.NotEmpty(t, packed)
	for _, file := range packed {
		from, err := os.Open(file)
		require.NoError(t, err)
		unzipped, err := gzip.NewReader(from)
		require.NoError(t, err)
		content, err := io.ReadAll(unzipped)
		require.NoError(t, err)
		require.NoError(t, from.Close())
		require.NoError(t, os.WriteFile(p.path("state", strings.TrimSuffix(filepath.Base(file), ".gz")), content, 0o600))
	}
}

// pack keeps the state of this place as that of a version.
func (p *place) pack(t *testing.T, version string) {
	t.Helper()
	files, err := filepath.Glob(p.path("state", "*"))
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(folderOf(version), 0o755))
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		to, err := os.Create(filepath.Join(folderOf(version), filepath.Base(file)+".gz"))
		require.NoError(t, err)
		zipped, err := gzip.NewWriterLevel(to, gzip.BestCompression)
		require.NoError(t, err)
		_, err = zipped.Write(content)
		require.NoError(t, err)
		require.NoError(t, zipped.Close())
		require.NoError(t, to.Close())
	}
}

// owner is a component that keeps a state.
type owner struct {
	kind component.Kind
	name string
}

// withState opens what a component has stored, as the component does.
func (p *place) withState(t *testing.T, of owner, use func(storage.Client)) {
	t.Helper()
	factory := filestorage.NewFactory()
	cfg, ok := factory.CreateDefaultConfig().(*filestorage.Config)
	require.True(t, ok)
	cfg.Directory = p.path("state")
	ext, err := factory.Create(t.Context(), extension.Settings{
		ID: component.NewID(factory.Type()), TelemetrySettings: componenttest.NewNopTelemetrySettings(),
	}, cfg)
	require.NoError(t, err)
	require.NoError(t, ext.Start(t.Context(), componenttest.NewNopHost()))
	store, ok := ext.(storage.Extension)
	require.True(t, ok)
	client, err := store.GetClient(t.Context(), of.kind, component.MustNewID(of.name), "")
	require.NoError(t, err)
	use(client)
	require.NoError(t, client.Close(t.Context()))
	require.NoError(t, ext.Shutdown(context.Background()))
}

// values are all that a component has stored.
func (p *place) values(t *testing.T, of owner) map[string][]byte {
	t.Helper()
	values := map[string][]byte{}
	p.withState(t, of, func(client storage.Client) {
		walker, ok := client.(storage.Walker)
		require.True(t, ok)
		require.NoError(t, walker.Walk(t.Context(), func(key string, value []byte) ([]*storage.Operation, error) {
			values[key] = slices.Clone(value)
			return nil, nil
		}))
	})
	return values
}
