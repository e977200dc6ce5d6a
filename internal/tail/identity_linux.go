package tail

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

const statxMask = unix.STATX_TYPE | unix.STATX_INO | unix.STATX_SIZE | unix.STATX_MTIME | unix.STATX_BTIME

// statPath looks at the file under path, through links.
func statPath(path string) (fileStat, error) {
	return statx(unix.AT_FDCWD, path, 0)
}

// statFile looks at an open file.
func statFile(f *os.File) (fileStat, error) {
	return statx(int(f.Fd()), "", unix.AT_EMPTY_PATH)
}

func statx(dir int, path string, flags int) (fileStat, error) {
	var st unix.Statx_t
	err := unix.Statx(dir, path, flags, statxMask, &st)
	for errors.Is(err, unix.EINTR) {
		err = unix.Statx(dir, path, flags, statxMask, &st)
	}
	if err != nil {
		return fileStat{}, &os.PathError{Op: "statx", Path: path, Err: err}
	}
	return fileStat{
		// A file system without times of birth leaves them zero.
		key: fileKey{
			dev: uint64(st.Dev_major)<<32 | uint64(st.Dev_minor), ino: st.Ino,
			birthSec: st.Btime.Sec, birthNsec: int64(st.Btime.Nsec),
		},
		size:    int64(st.Size),
		mtime:   st.Mtime.Sec*1e9 + int64(st.Mtime.Nsec),
		regular: st.Mode&unix.S_IFMT == unix.S_IFREG,
	}, nil
}
