package unique

import (
	"encoding/binary"
	"slices"
)

// The encoding of a sketch begins with a uvarint. Its lowest bit tells the
// form, and the others
//
//   - of a small sketch the number of keys, which follow in ascending order as
//     uvarints of the difference to the one before
//   - of a dense one the lowest rank. Half a byte for each register follows,
//     what its rank is above the lowest, or escaped where that is too much. The
//     ranks of those follow in their order, a byte each.
//
// Nearly all registers are within 14 ranks of the lowest, so a dense sketch
// takes half of its size in memory.
const (
	smallForm = 0
	denseForm = 1
	escaped   = 15
)

const maxEncodedSketch = binary.MaxVarintLen32 + numRegisters/2 + numRegisters

func (s *sketch) append(b []byte) []byte {
	if s.dense != nil {
		return s.dense.append(b)
	}
	keys := make([]uint32, 0, s.used)
	for _, key := range s.table {
		if key != 0 {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	b = binary.AppendUvarint(b, uint64(len(keys))<<1|smallForm)
	previous := uint32(0)
	for _, key := range keys {
		b = binary.AppendUvarint(b, uint64(key-previous))
		previous = key
	}
	return b
}

func (r *registers) append(b []byte) []byte {
	lowest := uint8(0)
	for r.counts[lowest] == 0 {
		lowest++
	}
	b = binary.AppendUvarint(b, uint64(lowest)<<1|denseForm)
	n := len(b)
	b = slices.Grow(b, numRegisters/2)[:n+numRegisters/2]
	for i := range b[n:] {
		b[n+i] = min(r.rank[2*i]-lowest, escaped)<<4 | min(r.rank[2*i+1]-lowest, escaped)
	}
	for _, rank := range &r.rank {
		if rank-lowest >= escaped {
			b = append(b, rank)
		}
	}
	return b
}

// read reads into an empty sketch. It allocates no more than a few times what
// there is to read.
func (s *sketch) read(r *reader) error {
	tag := r.uvarint()
	if tag&1 == denseForm {
		packed := r.take(numRegisters / 2)
		if packed == nil || tag>>1 > maxRank {
			return damaged("registers end early, or have rank %d", tag>>1)
		}
		s.dense = &registers{}
		return s.dense.read(packed, uint8(tag>>1), r)
	}
	n := tag >> 1
	if n == 0 || n > maxSmallLen || n > uint64(len(r.data)) {
		return damaged("a slot of %d keys in %d bytes", n, len(r.data))
	}
	previous := uint64(0)
	for range n {
		key := previous + r.uvarint()
		if r.failed || key <= previous || key >= 1<<32 {
			return damaged("a slot's keys do not ascend")
		}
		if rank := key & (1<<rankBits - 1); rank == 0 || rank > maxKeyRank {
			return damaged("a key of rank %d", rank)
		}
		s.addKey(uint32(key))
		previous = key
	}
	return nil
}

func (r *registers) read(packed []byte, lowest uint8, beyond *reader) error {
	for i, pair := range packed {
		r.rank[2*i] = pair >> 4
		r.rank[2*i+1] = pair & 0xf
	}
	for i, above := range &r.rank {
		rank := lowest + above
		if above == escaped {
			rank = beyond.byte()
		}
		if beyond.failed || rank > maxRank {
			return damaged("a register of rank %d", rank)
		}
		r.rank[i] = rank
	}
	r.recount()
	return nil
}
