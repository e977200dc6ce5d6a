package pseudonym

import (
	"hash/maphash"
	"sync"

	"github.com/authevents/otelcol-auth/internal/pii"
)

const (
	shards = 16
	// perGeneration caps a shard's generation. 16 shards of two generations
	// hold 65,536 tokens at most, about 12 MiB: the users of some minutes at
	// a busy IdP. An entry past the cap costs one HMAC again, nothing else.
	perGeneration = 2048
	// maxCached caps the length of a cached value, so that the cache's size in
	// bytes is bounded as well. No real id is as long.
	maxCached = 256
)

type cacheKey struct {
	kind      pii.Kind
	canonical string
}

// cache remembers tokens in two generations per shard: a full young one
// becomes the old one and the old one goes, so what is in use stays without a
// list of uses.
type cache struct {
	seed   maphash.Seed
	shards [shards]shard
}

type shard struct {
	mu         sync.Mutex
	young, old map[cacheKey]string
}

func newCache() *cache {
	c := &cache{seed: maphash.MakeSeed()}
	for i := range c.shards {
		c.shards[i].young = make(map[cacheKey]string)
	}
	return c
}

func (c *cache) shard(canonical []byte) *shard {
	return &c.shards[maphash.Bytes(c.seed, canonical)%shards]
}

func (c *cache) get(kind pii.Kind, canonical []byte) (string, bool) {
	if len(canonical) > maxCached {
		return "", false
	}
	s := c.shard(canonical)
	s.mu.Lock()
	defer s.mu.Unlock()
	// The compiler does not copy canonical for a look-up.
	if token, ok := s.young[cacheKey{kind, string(canonical)}]; ok {
		return token, true
	}
	token, ok := s.old[cacheKey{kind, string(canonical)}]
	if ok {
		s.add(cacheKey{kind, string(canonical)}, token)
	}
	return token, ok
}

func (c *cache) put(kind pii.Kind, canonical []byte, token string) {
	if len(canonical) > maxCached {
		return
	}
	s := c.shard(canonical)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add(cacheKey{kind, string(canonical)}, token)
}

func (s *shard) add(key cacheKey, token string) {
	if len(s.young) >= perGeneration {
		s.old, s.young = s.young, make(map[cacheKey]string)
	}
	s.young[key] = token
}

// len is the number of entries held; a token in both generations counts twice.
func (c *cache) len() int {
	n := 0
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		n += len(s.young) + len(s.old)
		s.mu.Unlock()
	}
	return n
}
