package unique

import "encoding/binary"

// registers hold the highest rank met in each of numRegisters parts.
type registers struct {
	rank [numRegisters]uint8
	// counts of registers by rank, kept so that an estimate need not walk them.
	counts [maxRank + 1]uint32
}

func newRegisters() *registers {
	r := &registers{}
	r.counts[0] = numRegisters
	return r
}

// raise tells whether the rank is higher than what the register held.
func (r *registers) raise(index uint32, rank uint8) bool {
	old := r.rank[index%numRegisters]
	if rank <= old {
		return false
	}
	r.rank[index%numRegisters] = rank
	r.counts[old]--
	r.counts[rank]++
	return true
}

func (r *registers) recount() {
	clear(r.counts[:])
	for _, rank := range &r.rank {
		r.counts[rank]++
	}
}

// merge tells whether any register was raised.
func (r *registers) merge(other *registers) bool {
	before := r.counts
	r.raiseAll(other)
	r.recount()
	return r.counts != before // a register that was raised left one count for a higher one
}

// raiseAll leaves the counts to recount, for those who have more to merge.
//
// It works on eight registers at a time. Ranks are below 128, so the top bit
// of each byte of (a with all top bits) - b stays set just where a ≥ b.
func (r *registers) raiseAll(other *registers) {
	const top = 0x8080808080808080
	for i := 0; i < numRegisters; i += 8 {
		mine, theirs := r.rank[i:i+8], other.rank[i:i+8]
		a, b := binary.LittleEndian.Uint64(mine), binary.LittleEndian.Uint64(theirs)
		keep := ((a | top) - b) & top >> 7 * 0xff // 0xff in each byte that stays
		binary.LittleEndian.PutUint64(mine, a&keep|b&^keep)
	}
}
