// Package sealed puts values into storage so that damage shows, and so does a
// value of another version.
//
// In every version the first byte is the version, and the last four are the
// checksum of the key and all before them: or an older program would take a newer
// value for a damaged one, and replace it.
package sealed

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// Version is the first byte of each value. It is one for all that components
// store, and rises with the form of any value: so an older program that is put
// back sees it of whichever value it comes by, and uses no half of a state.
const Version = 1

// Errors of Unseal.
var (
	// ErrDamaged: the value is of no use to any version.
	ErrDamaged = errors.New("the value is damaged: its checksum does not fit")
	// ErrVersion: the value is whole, and must be left as it is. What wraps it has
	// the key, the version found and the one that is known.
	ErrVersion = errors.New("it was written by another version of this program")
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Seal puts version and checksum around a value. The key is part of the
// checksum, so that a value under another's key counts as damaged.
func Seal(key string, value []byte) []byte {
	b := make([]byte, 0, 1+len(value)+crc32.Size)
	b = append(b, Version)
	return appendChecksum(key, append(b, value...))
}

// Unseal returns the value that Seal was given, as a part of b; else an error
// that wraps ErrDamaged or ErrVersion.
func Unseal(key string, b []byte) ([]byte, error) {
	n := len(b) - crc32.Size
	if n < 1 || checksum(key, b[:n]) != binary.BigEndian.Uint32(b[n:]) {
		return nil, ErrDamaged
	}
	if b[0] != Version {
		return nil, fmt.Errorf("%w: the value %q has version %d, and this program knows version %d", ErrVersion, key, b[0], Version)
	}
	return b[1:n], nil
}

func appendChecksum(key string, b []byte) []byte {
	return binary.BigEndian.AppendUint32(b, checksum(key, b))
}

func checksum(key string, b []byte) uint32 {
	return crc32.Update(crc32.Checksum([]byte(key), castagnoli), castagnoli, b)
}
