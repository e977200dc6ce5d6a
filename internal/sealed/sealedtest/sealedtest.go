// Package sealedtest makes values as another version of the program would leave
// them, for tests of what becomes of a state after a rollback.
package sealedtest

import (
	"encoding/binary"
	"hash/crc32"
	"slices"
)

// OfVersion returns a sealed value as one of another version, with the checksum
// that it would have. The envelope is written out here a second time, so that a
// change of it shows: older programs rely on it.
func OfVersion(version byte, key string, value []byte) []byte {
	b := slices.Clone(value[:len(value)-crc32.Size])
	b[0] = version
	return binary.BigEndian.AppendUint32(b, crc32.Checksum(append([]byte(key), b...), crc32.MakeTable(crc32.Castagnoli)))
}
