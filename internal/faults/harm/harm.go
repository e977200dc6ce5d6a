// Package harm damages files as disks and crashes do.
package harm

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

const (
	sector = 512
	page   = 4096
)

// kinds of damage; each changes data, which is not empty, and says how.
var kinds = []func(r *rand.Rand, data []byte) ([]byte, string){
	func(r *rand.Rand, data []byte) ([]byte, string) {
		n := 1 + r.IntN(20)
		for range n {
			flip(r, data, r.IntN(len(data)))
		}
		return data, fmt.Sprintf("%d bits flipped anywhere", n)
	},
	// The first bytes of a page say what is where: a bit of them does most harm.
	func(r *rand.Rand, data []byte) ([]byte, string) {
		at := r.IntN((len(data)+page-1)/page)*page + r.IntN(200)
		at = min(at, len(data)-1)
		flip(r, data, at)
		return data, fmt.Sprintf("a bit flipped in byte %d", at)
	},
	func(r *rand.Rand, data []byte) ([]byte, string) {
		from := r.IntN(len(data))
		to := min(len(data), from+1+r.IntN(2*page))
		clear(data[from:to])
		return data, fmt.Sprintf("zeroed from %d to %d", from, to)
	},
	func(r *rand.Rand, data []byte) ([]byte, string) {
		size := r.IntN(len(data))
		return data[:size], fmt.Sprintf("truncated to %d", size)
	},
	// A write of which some sectors never reached the disk: they hold what stood
	// elsewhere in the file before.
	func(r *rand.Rand, data []byte) ([]byte, string) {
		sectors := (len(data) + sector - 1) / sector
		to, from := r.IntN(sectors)*sector, r.IntN(sectors)*sector
		n := (1 + r.IntN(7)) * sector
		copy(data[to:min(len(data), to+n)], slices.Clone(data[from:]))
		return data, fmt.Sprintf("torn at %d: %d bytes of what stands at %d", to, n, from)
	},
}

func flip(r *rand.Rand, data []byte, at int) { data[at] ^= 1 << r.IntN(8) }

// File returns a damaged copy of data, which is not empty, and what was done to
// it. The same seed does the same harm; seeds that follow each other do kinds of
// harm in turn.
func File(seed uint64, data []byte) (damaged []byte, what string) {
	r := rand.New(rand.NewPCG(seed, 0))
	return kinds[seed%uint64(len(kinds))](r, slices.Clone(data))
}
