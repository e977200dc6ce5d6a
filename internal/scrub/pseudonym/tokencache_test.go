package pseudonym

import (
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// TestTokenCacheGivesWhatIsMade: of every length, and of values that differ in
// their last byte, their length or their kind alone.
func TestTokenCacheGivesWhatIsMade(t *testing.T) {
	p := newTest(t, "")
	key := &p.ring.Load().keys[0]
	seen := map[string]string{}
	keys := map[tokenKey]string{}
	for n := 0; n <= maxCached+1; n++ {
		for _, value := range []string{strings.Repeat("x", n), strings.Repeat("x", n) + "\x00", strings.Repeat("x", n) + "y"} {
			for _, kind := range []pii.Kind{pii.Identity, pii.Email} {
				want := key.pseudonym(kind, value, false)
				require.Equal(t, want, p.Token(kind, value), "made, %d bytes", len(value))
				require.Equal(t, want, p.Token(kind, value), "remembered, %d bytes", len(value))
				if other, taken := seen[want]; taken {
					require.Equal(t, other, value, "two values of one token")
				}
				seen[want] = value
				if len(value) > maxCached {
					continue
				}
				cached := tokenKeyOf(kind, value)
				if other, taken := keys[cached]; taken {
					require.Equal(t, other, value, "two values of one key")
				}
				keys[cached] = value
			}
		}
	}
}

// TestTokenEntrySize: a field more, or a longer token, would take the next size that
// there is, and so a seventh more.
func TestTokenEntrySize(t *testing.T) {
	assert.EqualValues(t, 112, unsafe.Sizeof(entry[tokenKey, tokenText]{}))
	assert.EqualValues(t, 64, unsafe.Sizeof(set[tokenKey, tokenText]{}))
}

// TestLongestTokenFits: in its entry.
func TestLongestTokenFits(t *testing.T) {
	p := newWith(t, Options{Keys: []Key{{ID: strings.Repeat("k", maxKeyID), Secret: testSecret}}})
	for range 2 {
		token := p.Token(pii.Identity, "alice")
		assert.Len(t, token, maxToken)
		assert.True(t, p.Verify(token))
	}
}

func TestCachedTokensAllocateNothing(t *testing.T) {
	p := newTest(t, "")
	for _, n := range []int{5, maxInline, maxInline + 1, maxCached} {
		value := strings.Repeat("x", n)
		p.Token(pii.Identity, value)
		assert.Zero(t, testing.AllocsPerRun(100, func() { p.Token(pii.Identity, value) }), n)
	}
}
