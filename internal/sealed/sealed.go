// Package sealed puts values into storage so that damage shows.
package sealed

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
)

// version is the first byte of each value.
const version = 1

// Errors of Unseal.
var (
	ErrDamaged = errors.New("the value is damaged: its checksum does not fit")
	ErrVersion = errors.New("the value was written by another version of this program")
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Seal puts version and checksum around a value. The key is part of the
// checksum, so that a value under another's key counts as damaged.
func Seal(key string, value []byte) []byte {
	b := make([]byte, 0, 1+len(value)+crc32.Size)
	b = append(b, version)
	return appendChecksum(key, append(b, value...))
}

// Unseal returns the value that Seal was given, as a part of b.
func Unseal(key string, b []byte) ([]byte, error) {
	n := len(b) - crc32.Size
	if n < 1 || checksum(key, b[:n]) != binary.BigEndian.Uint32(b[n:]) {
		return nil, ErrDamaged
	}
	if b[0] != version {
		return nil, ErrVersion
	}
	return b[1:n], nil
}

func appendChecksum(key string, b []byte) []byte {
	return binary.BigEndian.AppendUint32(b, checksum(key, b))
}

func checksum(key string, b []byte) uint32 {
	return crc32.Update(crc32.Checksum([]byte(key), castagnoli), castagnoli, b)
}
