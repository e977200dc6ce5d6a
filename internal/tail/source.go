package tail

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
)

var (
	// errTruncated: what stands before the position is not what was read.
	errTruncated = errors.New("the file was truncated")
	// errIncomplete: a compressed file ends in the middle.
	errIncomplete = errors.New("the compressed file is not complete")
)

// source gives the bytes of a file, decompressed, as they come to stand there.
type source interface {
	// first returns up to maxDigested bytes of the file's beginning.
	first() ([]byte, error)
	// skipTo goes to offset, where fill then begins. It is called once.
	skipTo(ctx context.Context, offset int64) error
	// fill reads behind w.end; end says what follows. errTruncated leaves the
	// window without meaning. Other errors come with what was read before them.
	fill(w *window) (n int, end dataEnd, err error)
	// consumed is how many bytes on disk were read for what stands before offset.
	consumed(offset int64) int64
}

// plainSource reads a file as it is.
type plainSource struct {
	file *os.File
	// overlap is what the last read ended with.
	overlap [maxDigested]byte
}

func (p *plainSource) first() ([]byte, error) { return readAt(p.file, 0, maxDigested) }

func (*plainSource) skipTo(context.Context, int64) error { return nil }

func (*plainSource) consumed(offset int64) int64 { return offset }

// fill reads what came before once more, in the same system call: a file that
// was truncated since, and has grown beyond the position again, shows by that.
func (p *plainSource) fill(w *window) (int, dataEnd, error) {
	k := copy(p.overlap[:], w.buf[max(0, w.end-maxDigested):w.end])
	at := w.end - k
	n, err := p.file.ReadAt(w.buf[at:], w.base+int64(at))
	if n < k && (err == nil || errors.Is(err, io.EOF)) || n >= k && !bytes.Equal(w.buf[at:w.end], p.overlap[:k]) {
		return 0, moreFollows, errTruncated
	}
	n = max(0, n-k)
	w.end += n
	switch {
	case errors.Is(err, io.EOF):
		return n, endForNow, nil
	default:
		return n, moreFollows, err
	}
}

// readAt reads up to n bytes at offset; fewer where the file ends.
func readAt(file *os.File, offset int64, n int) ([]byte, error) {
	b := make([]byte, n)
	n, err := file.ReadAt(b, offset)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return b[:n], nil
}
