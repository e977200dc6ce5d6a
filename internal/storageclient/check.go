//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package storageclient

import (
	"os"
	"syscall"

	"github.com/authevents/otelcol-auth/internal/storageclient/bolt"
)

// bucket is the only one that file_storage makes. A file whose bucket has
// another name is damaged: the extension would begin it anew without a word.
const bucket = "default"

// checkFile returns what is damaged in a file of file_storage. One that is not
// there, can't be opened, or is in use is left to the extension, whose error
// says so: what another process writes at the time would look damaged.
func checkFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }() // gives the lock back; nothing was written
	if syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB) != nil {
		return nil
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() == 0 {
		return nil // made when the disk was full; the extension begins it anew
	}
	return bolt.Check(f, info.Size(), bucket)
}
