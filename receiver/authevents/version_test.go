package authevents

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/authevents/otelcol-auth/internal/sealed"
	"github.com/authevents/otelcol-auth/internal/sealed/sealedtest"
	"github.com/authevents/otelcol-auth/receiver/authevents/internal/metadata"
)

// Positions of another version are refused, with what to do, and stay as they are.
func TestFileStateOfAnotherVersion(t *testing.T) {
	cfg := fileConfig(filepath.Join(t.TempDir(), "*"))
	cfg.Storage = &storageID
	host := newStorageHost(t, t.TempDir())
	ext, ok := host.GetExtensions()[storageID].(storage.Extension)
	require.True(t, ok)
	const key = "tail/table"
	value := sealedtest.OfVersion(sealed.Version+1, key, sealed.Seal(key, []byte{0, 1}))
	withClient := func(do func(storage.Client)) {
		client, err := ext.GetClient(t.Context(), component.KindReceiver, component.NewID(metadata.Type), "")
		require.NoError(t, err)
		do(client)
		require.NoError(t, client.Close(t.Context()))
	}
	withClient(func(c storage.Client) { require.NoError(t, c.Set(t.Context(), key, value)) })

	r := newRunning(t, cfg, &sink{})
	require.EqualError(t, r.Start(t.Context(), host), `storage: the state of the receiver "auth_events" in "file_storage" is not used, and left as it is: `+
		`read the positions in files: it was written by another version of this program: the value "tail/table" has version 2, and this program knows version 1: `+
		`run the version that wrote it, or a newer one; or move the file of the receiver "auth_events" in its directory away; `+
		`reading begins anew then, and what was delivered comes again`)
	require.NoError(t, r.Shutdown(t.Context()))
	withClient(func(c storage.Client) {
		b, err := c.Get(t.Context(), key)
		require.NoError(t, err)
		assert.Equal(t, value, b)
		b, err = c.Get(t.Context(), "tail/salt")
		require.NoError(t, err)
		assert.Nil(t, b, "and nothing comes to it")
	})
}
