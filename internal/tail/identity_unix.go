//go:build unix && !linux

package tail

import (
	"os"
	"syscall"

	"github.com/cespare/xxhash/v2"
)

// identify hashes device and inode of the file under path. Where the file can't
// be looked at, its path stands in.
func identify(path string) uint64 {
	info, err := os.Stat(path)
	if err != nil {
		return xxhash.Sum64String(path)
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return xxhash.Sum64String(path)
	}
	return hash64(uint64(st.Dev), uint64(st.Ino))
}
