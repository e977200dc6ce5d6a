package harm

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestFile: it does harm, nearly always, the same each time, and none to what it
// was given. A stretch that is zero already can be zeroed once more.
func TestFile(t *testing.T) {
	data := make([]byte, 5*page+100)
	for r, i := rand.New(rand.NewPCG(1, 2)), 0; i < len(data); i++ {
		data[i] = byte(1 + r.IntN(255))
	}
	before := bytes.Clone(data)
	unharmed := 0
	for seed := range uint64(500) {
		damaged, what := File(seed, data)
		again, _ := File(seed, data)
		assert.Equal(t, damaged, again, what)
		if bytes.Equal(damaged, data) {
			unharmed++
		}
	}
	assert.Equal(t, before, data)
	assert.Less(t, unharmed, 10)
	for seed := range uint64(50) { // also the smallest of files
		_, what := File(seed, []byte{1})
		assert.NotEmpty(t, what)
	}
}
