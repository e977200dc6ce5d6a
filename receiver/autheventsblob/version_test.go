package autheventsblob

import (
	"fmt"
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/sealed"
	"github.com/authevents/otelcol-auth/internal/sealed/sealedtest"
)

// A state of another version is refused as a whole and left as it is, whichever
// value shows it, and also where another one is damaged.
func TestStateOfAnotherVersion(t *testing.T) {
	s3 := newS3(t)
	for i := range 3 {
		s3.put(t, fmt.Sprint(i), []byte(event("x", i)))
	}
	whole, next := newMemoryClient(), &sink{}
	r := newRunning(t, testConfig(s3.url()), next).start(t, hostOf(whole))
	next.await(t, 3)
	r.awaitPasses(t)
	r.stop(t)
	shard := ""
	for key := range whole.values {
		if key != passKey && key != openKey && key != uidKeyKey {
			shard = key
		}
	}
	require.NotEmpty(t, shard)
	for name, damaged := range map[string]string{passKey: "", openKey: "", shard: "", shard + " beside a damaged pass": passKey} {
		t.Run(name, func(t *testing.T) {
			key := name[:min(len(name), len(shard))]
			client := whole.copy()
			client.values[key] = sealedtest.OfVersion(sealed.Version+1, key, client.values[key])
			if damaged != "" {
				client.values[damaged] = []byte("damaged")
			}
			before := maps.Clone(client.values)
			r := newRunning(t, testConfig(s3.url()), &sink{})
			err := r.Start(t.Context(), hostOf(client))
			require.ErrorIs(t, err, sealed.ErrVersion)
			require.ErrorContains(t, err, fmt.Sprintf(`storage: the state of the receiver "auth_events_blob" in "file_storage" is not used, and left as it is: `+
				"read the state: it was written by another version of this program: the value %q has version 2, and this program knows version 1: "+
				"run the version that wrote it, or a newer one; or move the file", key))
			r.stop(t)
			assert.Equal(t, before, client.values)
		})
	}
	r = newRunning(t, testConfig(s3.url()), next).start(t, hostOf(whole))
	r.awaitPasses(t)
	assert.Len(t, next.taken(), 3, "the version that wrote it goes on")
}
