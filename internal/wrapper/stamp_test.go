package wrapper

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestStamp(t *testing.T) {
	for _, s := range []string{
		"2026-05-20T10:00:00Z", "2024-02-29T23:59:59.123456789Z", "2026-05-20T10:00:00.5+02:00", "1970-01-01T00:00:00-23:59",
	} {
		want, err := time.Parse(time.RFC3339Nano, s)
		require.NoError(t, err)
		at, length, _ := stamp(s + " rest")
		assert.Equal(t, want.UTC(), at, s)
		assert.Len(t, s, length)
	}
	leap, _, _ := stamp("2016-12-31T23:59:60Z")
	assert.Equal(t, time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC), leap)
	for _, s := range []string{
		"", "2026-05-20T10:00:00", "2026-05-20 10:00:00Z", "2026-02-29T10:00:00Z", "2026-00-20T10:00:00Z", "2026-05-20T24:00:00Z", "2026-05-20T10:60:00Z",
		"2026-05-20T10:00:61Z", "2026-05-20T10:00:00.Z", "2026-05-20T10:00:00+0200", "2026-05-20T10:00:00+24:00", "2026-05-20T10:00:00.1", "2O26-05-20T10:00:00Z", "2026-05-00T10:00:00Z",
	} {
		_, length, _ := stamp(s)
		assert.Zero(t, length, s)
	}
}
