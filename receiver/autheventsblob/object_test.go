package autheventsblob

import (
	"crypto/md5"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gocloud.dev/blob"
)

// TestUIDsAreKeyed: the uid of a record tells nobody but the collector which of
// two contents its object had.
func TestUIDsAreKeyed(t *testing.T) {
	at := time.Date(2026, 5, 20, 10, 0, 0, 0, time.UTC)
	object := func(content string, at time.Time) object {
		sum := md5.Sum([]byte(content))
		return newObject("bucket", &blob.ListObject{Key: "a.ndjson", Size: int64(len(content)), ModTime: at, MD5: sum[:]})
	}
	alice, carol := object(`{"user":"alice"}`, at), object(`{"user":"carol"}`, at)
	uids, err := loadUIDs(t.Context(), nil)
	require.NoError(t, err)
	others, err := loadUIDs(t.Context(), nil)
	require.NoError(t, err)
	assert.Equal(t, alice.origin(uids), alice.origin(uids))
	assert.NotEqual(t, alice.origin(uids), carol.origin(uids))
	assert.NotEqual(t, alice.origin(uids), alice.origin(others), "who knows the content does not know the uid")
}
