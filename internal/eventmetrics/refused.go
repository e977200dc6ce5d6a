package eventmetrics

import "hash/maphash"

// numRefused is a power of two.
const numRefused = 32

// refused remembers values that a dictionary did not take for what they look
// like, so that they are not searched for addresses in each record while there
// is room for others: 11 ns against 250 and more. It holds hashes whose seed is
// this process's own, so that nobody can craft a value that is taken for
// another.
type refused struct {
	seed   maphash.Seed
	hashes [numRefused]uint64
}

func newRefused() refused { return refused{seed: maphash.MakeSeed()} }

// place is where a value's hash belongs; it is there if the value was refused,
// and not long ago.
func (r *refused) place(value string) (place *uint64, hash uint64) {
	hash = max(1, maphash.String(r.seed, value)) // 0 is an empty place
	return &r.hashes[hash%numRefused], hash
}
