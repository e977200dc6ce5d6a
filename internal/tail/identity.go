package tail

import (
	"encoding/binary"
	"errors"
	"io/fs"

	"github.com/cespare/xxhash/v2"
)

// fileKey tells a file from all others that exist at the same time. Inodes are
// used again, so the time of birth belongs to it, where it can be had.
type fileKey struct {
	dev, ino            uint64
	birthSec, birthNsec int64
}

// hash is what Origin.ID is made of, together with a generation. No content goes
// into it: an unkeyed hash of a short line would let whoever reads the log
// confirm a guess.
func (k fileKey) hash() uint64 {
	return hash64(k.dev, k.ino, uint64(k.birthSec), uint64(k.birthNsec))
}

// fileStat is what one look at a file shows.
type fileStat struct {
	key     fileKey
	size    int64
	mtime   int64 // Unix time in nanoseconds; only compared with itself
	regular bool
}

// sameContent says whether nothing was written between two looks.
func (s fileStat) sameContent(other fileStat) bool {
	return s.size == other.size && s.mtime == other.mtime
}

// cause is the part of a file error that does not name the file.
func cause(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err.Error()
	}
	return err.Error()
}

func hash64(parts ...uint64) uint64 {
	b := make([]byte, 0, 8*len(parts))
	for _, p := range parts {
		b = binary.LittleEndian.AppendUint64(b, p)
	}
	return xxhash.Sum64(b)
}
