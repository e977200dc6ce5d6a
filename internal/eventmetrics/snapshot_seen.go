package eventmetrics

import "encoding/binary"

// seenSnapshot has the uids counted last, as hashes of 8 bytes each, in the two
// generations of seen.
type seenSnapshot struct{ Current, Previous []byte }

func (s *seen) snapshot() seenSnapshot {
	return seenSnapshot{Current: packHashes(s.current, s.used), Previous: packHashes(s.previous, maxSeen)}
}

// packHashes packs the slots that are taken, of which there are about used.
func packHashes(set []uint64, used int) []byte {
	if set == nil {
		return nil
	}
	packed := make([]byte, 0, 8*used)
	for _, hash := range set {
		if hash != 0 {
			packed = binary.LittleEndian.AppendUint64(packed, hash)
		}
	}
	return packed
}

// restore adds the uids of a snapshot, older ones first.
func (s *seen) restore(from seenSnapshot) {
	for _, packed := range [][]byte{from.Previous, from.Current} {
		for ; len(packed) >= 8; packed = packed[8:] {
			if hash := binary.LittleEndian.Uint64(packed); hash != 0 {
				s.add(hash)
			}
		}
	}
}
