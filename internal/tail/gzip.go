package tail

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
)

const (
	gzipReadSize = 64 << 10
	// skipStep is how much is decompressed between two looks at ctx.
	skipStep = 4 << 20
)

// isGzip says whether a file that begins with head is compressed: the magic
// number, and the only method there is.
func isGzip(head []byte) bool { return bytes.HasPrefix(head, []byte{0x1f, 0x8b, 8}) }

// gzipSource decompresses a file from its beginning, members behind each other
// as one. It is a stream: memory does not depend on what the file expands to.
type gzipSource struct {
	section *io.SectionReader
	buffer  *bufio.Reader
	stream  io.Reader // the head again, and what follows it
	head    []byte
	headErr error // that ended the head
}

func newGzipSource(file *os.File) *gzipSource {
	g := &gzipSource{section: io.NewSectionReader(file, 0, math.MaxInt64)}
	g.buffer = bufio.NewReaderSize(g.section, gzipReadSize)
	z, err := gzip.NewReader(g.buffer)
	if err != nil {
		// Nothing is there yet, or half a header.
		if errors.Is(err, io.EOF) {
			err = errIncomplete
		}
		g.headErr = gzipError(err)
		g.stream = &failing{g.headErr}
		return g
	}
	g.head = make([]byte, 0, maxDigested)
	for len(g.head) < maxDigested && err == nil {
		var n int
		n, err = z.Read(g.head[len(g.head):maxDigested])
		g.head = g.head[:len(g.head)+n]
	}
	g.stream = io.MultiReader(bytes.NewReader(g.head), z)
	if err != nil {
		g.headErr = gzipError(err)
		g.stream = io.MultiReader(bytes.NewReader(g.head), &failing{g.headErr})
	}
	return g
}

// failing is a reader that ended with err.
type failing struct{ err error }

func (f *failing) Read([]byte) (int, error) { return 0, f.err }

// gzipError tells a file that ends in the middle, as while it is written, from
// one that is read to its end or damaged.
func gzipError(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errIncomplete
	}
	return err
}

func (g *gzipSource) first() ([]byte, error) {
	if len(g.head) > 0 || errors.Is(g.headErr, io.EOF) || errors.Is(g.headErr, errIncomplete) {
		return g.head, nil
	}
	return nil, g.headErr
}

func (g *gzipSource) skipTo(ctx context.Context, offset int64) error {
	for offset > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := io.CopyN(io.Discard, g.stream, min(offset, skipStep))
		offset -= n
		if err != nil {
			return gzipError(err)
		}
	}
	return nil
}

func (g *gzipSource) fill(w *window) (int, dataEnd, error) {
	// The decompressor returns little at a time.
	n, err := 0, error(nil)
	for err == nil && w.end < len(w.buf) {
		var m int
		m, err = g.stream.Read(w.buf[w.end:])
		w.end += m
		n += m
	}
	switch {
	case err == nil:
		return n, moreFollows, nil
	case errors.Is(err, io.EOF):
		return n, endForGood, nil
	default:
		return n, endForNow, gzipError(err)
	}
}

func (g *gzipSource) consumed(int64) int64 {
	at, _ := g.section.Seek(0, io.SeekCurrent) // never fails
	return at - int64(g.buffer.Buffered())
}

// isCutShort says whether a compressed file ends before there is enough of it to
// be known by.
func isCutShort(file *os.File) bool {
	return errors.Is(newGzipSource(file).headErr, errIncomplete)
}

// isDamaged says whether err tells of the content of a compressed file, and not
// of the disk that it is on.
func isDamaged(err error) bool {
	var onDisk *fs.PathError
	return err != nil && !errors.As(err, &onDisk)
}
