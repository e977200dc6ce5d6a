//go:build !linux

package tail

import "os"

// statPath looks at the file under path, through links.
func statPath(path string) (fileStat, error) {
	info, err := os.Stat(path)
	if err != nil {
		return fileStat{}, err
	}
	return portableStat(path, info), nil
}

// statFile looks at an open file.
func statFile(f *os.File) (fileStat, error) {
	info, err := f.Stat()
	if err != nil {
		return fileStat{}, err
	}
	return portableStat(f.Name(), info), nil
}

func portableStat(path string, info os.FileInfo) fileStat {
	return fileStat{
		key:     identify(path, info),
		size:    info.Size(),
		mtime:   info.ModTime().UnixNano(),
		regular: info.Mode().IsRegular(),
	}
}
