package leakscan

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// probe is how much of a file is looked at to tell what it is.
const probe = 64 << 10

// files looks through files in turn; - is standard input.
func (s *scanner) files(ctx context.Context, in io.Reader, names []string) error {
	var errs []error
	for _, name := range names {
		s.report.result.Files++
		if err := s.file(ctx, in, name); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return errors.Join(errs...)
}

func (s *scanner) file(ctx context.Context, in io.Reader, name string) error {
	if name == "-" {
		return s.stream(ctx, "stdin", in)
	}
	f, err := os.Open(name) // #nosec G304 -- the operator names the file
	if err != nil {
		return errors.Unwrap(err) // which names it again
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return errors.Join(errors.New("is a directory: name the files in it, for example "+filepath.Join(name, "*")), f.Close())
	}
	return errors.Join(s.stream(ctx, name, f), f.Close())
}

// stream looks through what may be compressed, by its first bytes.
func (s *scanner) stream(ctx context.Context, name string, in io.Reader) error {
	r := bufio.NewReaderSize(in, probe)
	head, _ := r.Peek(2)
	if bytes.Equal(head, []byte{0x1F, 0x8B}) {
		unzipped, err := gzip.NewReader(r)
		if err != nil {
			return err
		}
		r = bufio.NewReaderSize(unzipped, probe)
	}
	// A file that can't be read as text would come out as free of personal data.
	if head, _ := r.Peek(probe); len(head) > 0 {
		if err := isText(head); err != nil {
			return err
		}
	}
	return s.lines(ctx, name, r)
}
