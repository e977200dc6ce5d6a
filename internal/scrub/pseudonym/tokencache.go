package pseudonym

import (
	"crypto/sha256"
	"hash/maphash"
	"unsafe"

	"github.com/authevents/otelcol-auth/internal/pii"
)

const (
	// maxTokens caps the tokens that are remembered of a key: 3 MB, of which each
	// token takes its part when it is first made. These are the ids of 7,800 users
	// with a device and a visit each. A value past the cap costs two HMACs again,
	// nothing else.
	maxTokens = 23_400
	// maxCached caps the length of a value that is remembered: a longer one is not
	// hashed twice. No real id is as long.
	maxCached = 256
	// maxInline is the longest value that stands in its key as it is: a UUID, an
	// address, nearly every e-mail address. It makes an entry 112 bytes.
	maxInline = 43
)

// tokenCache remembers the tokens of one key.
//
// An entry is one block of memory, with the value and its token in it: with
// thousands of users each pointer to follow is a miss of all the processor's
// caches, and costs more than the hash and the comparison together. The collector
// of garbage has nothing to follow, either.
type tokenCache struct {
	tokens *cache[tokenKey, tokenText]
	seed   maphash.Seed
}

// tokenKey is a value as it is written. Each spelling of it is an entry: that
// costs room, and saves a look-up the canonical form.
type tokenKey struct {
	kind   pii.Kind
	length uint8           // of the value; hashed for one that is longer than text
	text   [maxInline]byte // the value, or its SHA-256
}

const hashed = maxInline + 1

// tokenText is a token.
type tokenText struct {
	length uint8
	text   [maxToken]byte
}

func newTokenCache() *tokenCache {
	return &tokenCache{newCache[tokenKey, tokenText](maxTokens), maphash.MakeSeed()}
}

// len is the number of tokens remembered.
func (c *tokenCache) len() int { return c.tokens.len() }

// cached returns the pseudonym of a value, remembered or made.
func (k *derivedKey) cached(kind pii.Kind, value string, preserve bool) string {
	if len(value) > maxCached {
		return k.pseudonym(kind, value, preserve)
	}
	hash := maphash.String(k.tokens.seed, value)
	key := tokenKeyOf(kind, value)
	e := k.tokens.tokens.find(hash, &key)
	if e == nil {
		e = &entry[tokenKey, tokenText]{key: key}
		e.value.length = uint8(len(k.appendPseudonym(e.value.text[:0], kind, value, preserve))) // which fits, see maxToken
		k.tokens.tokens.putEntry(hash, e)
	}
	return e.value.string()
}

// tokenKeyOf copies the value: the caller may have borrowed it from a buffer.
func tokenKeyOf(kind pii.Kind, value string) (key tokenKey) {
	key.kind = kind
	if len(value) <= maxInline {
		key.length = uint8(copy(key.text[:], value))
		return key
	}
	key.length = hashed
	var stack [maxCached]byte // a conversion would go to the heap
	sum := sha256.Sum256(stack[:copy(stack[:], value)])
	copy(key.text[:], sum[:])
	return key
}

// string views the token, which is not written to any more, without a copy. The
// view keeps its entry.
func (t *tokenText) string() string { return unsafe.String(&t.text[0], int(t.length)) }
