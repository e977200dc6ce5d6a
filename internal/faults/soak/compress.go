//go:build unix

package soak

import (
	"compress/gzip"
	"io"
	"os"
)

// compress writes path.gz and removes path, as gzip(1) does. The compressed file
// appears under its name when it is complete; until then it is hidden.
func compress(path, hidden string) (err error) {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // it was only read
	out, err := os.Create(hidden)
	if err != nil {
		return err
	}
	z, err := gzip.NewWriterLevel(out, gzip.BestSpeed)
	if err != nil {
		return err
	}
	if _, err = io.Copy(z, in); err == nil {
		err = z.Close()
	}
	if closeErr := out.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	if err := os.Rename(hidden, path+".gz"); err != nil {
		return err
	}
	return os.Remove(path)
}
