//go:build unix && !linux

package tail

import (
	"os"
	"syscall"
)

// identify returns device and inode of a file.
func identify(_ string, info os.FileInfo) fileKey {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return fileKey{}
	}
	return fileKey{dev: uint64(st.Dev), ino: uint64(st.Ino)}
}
