package autheventsblob

import (
	"crypto/md5"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"gocloud.dev/blob"
)

// TestUIDsHoldNoContent: of two contents alike in all but a person's name, the
// records' uids do not tell which it is.
func TestUIDsHoldNoContent(t *testing.T) {
	at := time.Date(2026, 5, 20, 10, 0, 0, 0, time.UTC)
	object := func(content string, at time.Time) object {
		sum := md5.Sum([]byte(content))
		return newObject("bucket", &blob.ListObject{Key: "a.ndjson", Size: int64(len(content)), ModTime: at, MD5: sum[:]})
	}
	alice, carol := object(`{"user":"alice"}`, at), object(`{"user":"carol"}`, at)
	assert.NotEqual(t, alice.version, carol.version, "these are two versions all the same")
	assert.Equal(t, alice.origin(), carol.origin())
	later := object(`{"user":"alice"}`, at.Add(time.Second))
	assert.NotEqual(t, alice.origin().ID, later.origin().ID)
}
