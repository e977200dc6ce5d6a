package pseudonym

import (
	"hash/maphash"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/pii"
)

func TestCacheIsBounded(t *testing.T) {
	p := newTest(t, "")
	tokens := p.ring.Load().keys[0].tokens
	first := p.Token(pii.Identity, "user-0")
	for i := range 2 * maxTokens {
		p.Token(pii.Identity, "user-"+strconv.Itoa(i))
	}
	assert.LessOrEqual(t, tokens.len(), maxTokens)
	assert.Greater(t, tokens.len(), maxTokens*9/10, "nearly all room is used")
	assert.Equal(t, first, p.Token(pii.Identity, "user-0"), "the same token when it was evicted")
}

func TestLongValuesAreNotRemembered(t *testing.T) {
	p := newTest(t, "")
	tokens := p.ring.Load().keys[0].tokens
	p.Token(pii.Identity, strings.Repeat("x", maxCached+1))
	assert.Zero(t, tokens.len())
	p.Token(pii.Identity, strings.Repeat("x", maxCached))
	assert.Equal(t, 1, tokens.len())
}

func TestAddressesAreBounded(t *testing.T) {
	p := newTest(t, "")
	for i := range 2 * maxAddresses {
		p.Anonymize(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}))
	}
	n := p.ring.Load().addresses.made.len()
	assert.LessOrEqual(t, n, maxAddresses)
	assert.Greater(t, n, maxAddresses*9/10)
}

// TestCacheKeepsWhatIsInUse: values that come once do not push out
// one that comes again and again.
func TestCacheKeepsWhatIsInUse(t *testing.T) {
	c := newCache[string, int](64)
	seed := maphash.MakeSeed()
	c.put(maphash.String(seed, "hot"), "hot", -1)
	_, ok := c.get(maphash.String(seed, "hot"), "hot")
	require.True(t, ok)
	for i := range 100_000 {
		key := strconv.Itoa(i)
		c.put(maphash.String(seed, key), key, i)
		v, ok := c.get(maphash.String(seed, key), key)
		require.True(t, ok, "what was just put")
		require.Equal(t, i, v)
	}
	assert.LessOrEqual(t, c.len(), 64)

	misses := 0
	c.put(maphash.String(seed, "hot"), "hot", -1)
	for i := range 100_000 {
		key := strconv.Itoa(i)
		c.put(maphash.String(seed, key), key, i)
		if _, ok := c.get(maphash.String(seed, "hot"), "hot"); !ok {
			misses++
			c.put(maphash.String(seed, "hot"), "hot", -1)
		}
	}
	assert.LessOrEqual(t, misses, 1, "it may go before it is found once")
}

// TestCacheLetsGoOfWhatIsNotInUse: marks do not stay for ever, so new values
// find room.
func TestCacheLetsGoOfWhatIsNotInUse(t *testing.T) {
	c := newCache[string, int](ways)
	for i := range uint64(ways) {
		key := "old-" + strconv.FormatUint(i, 10)
		c.put(i<<32, key, 0)
		_, ok := c.get(i<<32, key)
		require.True(t, ok)
	}
	found := map[uint64]bool{}
	for i := range uint64(2 * ways) {
		c.put(i<<32, "new-"+strconv.FormatUint(i, 10), 1)
	}
	for i := range uint64(ways) {
		_, found[i] = c.get(i<<32, "old-"+strconv.FormatUint(i, 10))
	}
	assert.NotContains(t, found, true)
	for _, ok := range found {
		assert.False(t, ok, "an old value is still there")
	}
}

// TestTokenKeepsNoBorrowedValue: callers lend values from buffers that they
// use again.
func TestTokenKeepsNoBorrowedValue(t *testing.T) {
	p := newTest(t, "")
	buf := []byte("user-1")
	one := p.Token(pii.Identity, unsafe.String(&buf[0], len(buf)))
	copy(buf, "user-2")
	two := p.Token(pii.Identity, unsafe.String(&buf[0], len(buf)))
	assert.NotEqual(t, one, two)
	assert.Equal(t, one, p.Token(pii.Identity, "user-1"))
	assert.Equal(t, 2, p.ring.Load().keys[0].tokens.len())
}

func TestKindsAreApartInTheCache(t *testing.T) {
	p := newTest(t, "")
	for range 2 { // made, then remembered
		assert.True(t, strings.HasPrefix(p.Token(pii.Email, "a@b"), "email_"))
		assert.True(t, strings.HasPrefix(p.Token(pii.Identity, "a@b"), "identity_"))
	}
}

func TestConcurrentUse(t *testing.T) {
	p := newTest(t, "")
	want := newTest(t, "").Token(pii.Email, "a@b")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 500 {
				p.Token(pii.Identity, strconv.Itoa(i))
				if token := p.Token(pii.Email, "a@b"); token != want || !p.Verify(token) {
					t.Error("a token differs")
				}
			}
		})
	}
	wg.Wait()
}

// TestCacheTellsEqualHashesApart: it compares the keys.
func TestCacheTellsEqualHashesApart(t *testing.T) {
	c := newCache[string, int](64)
	const hash = 1 << 40
	for i, key := range []string{"a", "b", "c", "d"} {
		c.put(hash, key, i)
	}
	c.put(hash|used, "e", 4) // its lowest bit is no part of the mark
	for i, key := range []string{"b", "c", "d"} {
		v, ok := c.get(hash, key)
		assert.True(t, ok, key)
		assert.Equal(t, i+1, v)
	}
	_, ok := c.get(hash, "z")
	assert.False(t, ok)
}
