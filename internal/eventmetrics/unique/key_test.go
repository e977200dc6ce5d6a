package unique

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHashKeepsPartsApart(t *testing.T) {
	long := strings.Repeat("x", 300)
	seen := map[uint64][]string{}
	for _, parts := range [][]string{
		nil, {""}, {"", ""}, {"a", "bc"}, {"ab", "c"}, {"abc"}, {"abc", ""}, {"", "abc"}, {"a\x00bc"},
		{long}, {long, ""}, {"", long}, {long[1:], "x"}, {"x", long[1:]}, {long[:128], long[128:]}, {long[:150], long[150:]},
		{long[:256]}, {long[:252]}, {long[:251]}, {long[:128], long[:128]}, {long[:256], ""},
	} {
		h := testKey.Hash(parts...)
		require.NotContains(t, seen, h, "%d parts collide", len(parts))
		seen[h] = parts
		require.Equal(t, h, testKey.Hash(parts...))
		require.NotEqual(t, h, NewKey([]byte("another")).Hash(parts...), "the key must matter")
	}
}

func TestKeys(t *testing.T) {
	require.Equal(t, NewKey([]byte("one")), NewKey([]byte("one")))
	require.NotEqual(t, NewKey([]byte("one")), NewKey([]byte("two")))
	require.NotEqual(t, RandomKey(), RandomKey())
	require.NotEqual(t, NewKey([]byte("one")).check(), NewKey([]byte("two")).check())
}

func TestAllOfTheKeyMatters(t *testing.T) {
	hash, check := testKey.Hash("a user"), testKey.check()
	for bit := range 8 * len(testKey) {
		other := testKey
		other[bit/8] ^= 1 << (bit % 8)
		require.NotEqual(t, hash, other.Hash("a user"), "bit %d", bit)
		require.NotEqual(t, check, other.check(), "bit %d", bit)
	}
}

func TestHashAllocatesNothing(t *testing.T) {
	user, method, long := "8c1b7a52-6c1d-4a4e-9f0e-0d5b0a3a7f11", "webauthn", strings.Repeat("u", 1000)
	require.Zero(t, testing.AllocsPerRun(100, func() { testKey.Hash(user) }))
	require.Zero(t, testing.AllocsPerRun(100, func() { testKey.Hash(user, method, "") }))
	require.Zero(t, testing.AllocsPerRun(100, func() { testKey.Hash(user, long) }))
}
