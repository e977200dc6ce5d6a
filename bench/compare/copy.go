package main

import (
	"errors"
	"io"
	"os"
)

// copyBinary writes a copy of the collector, in small pieces. What a linker writes lies
// in the page cache in large ones, of which a process then has far more in its memory
// than it reads, and more in one run than in another.
func copyBinary(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // it was only read
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o700)
	if err != nil {
		return err
	}
	// Files copy themselves in one go, if they are let.
	_, err = io.CopyBuffer(struct{ io.Writer }{out}, struct{ io.Reader }{in}, make([]byte, 64<<10))
	return errors.Join(err, out.Close())
}
