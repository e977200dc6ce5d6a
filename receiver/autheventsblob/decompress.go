package autheventsblob

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

type compression string

const (
	compressionAuto compression = "auto"
	compressionNone compression = "none"
	compressionGzip compression = "gzip"
	compressionZstd compression = "zstd"
)

func (c compression) valid() bool {
	switch c {
	case compressionAuto, compressionNone, compressionGzip, compressionZstd:
		return true
	}
	return false
}

var (
	gzipMagic = []byte{0x1f, 0x8b}
	zstdMagic = []byte{0x28, 0xb5, 0x2f, 0xfd}
)

// limits bound what one object may cost.
type limits struct {
	compression compression
	size        int64 // decompressed, in bytes
	ratio       int64 // decompressed to compressed
	line        int   // in bytes
}

// Errors of objects that say more than they may, or can't be decompressed.
var (
	errTooLarge = errors.New("larger than max_object_size")
	errRatio    = errors.New("compressed more than max_compression_ratio")
)

const (
	// ratioFrom is how much is decompressed before the ratio counts: the
	// beginning of a file may well compress better than all of it.
	ratioFrom = 1 << 20
	// maxWindow bounds what decompressing one object of zstd takes. The command
	// zstd uses up to 8 MiB unless told --ultra or --long.
	maxWindow = 32 << 20
	// sourceBuffer is for decompressors, which read bytes singly.
	sourceBuffer = 64 << 10
)

// decompressed is what an object holds, as a stream.
type decompressed struct {
	r      io.Reader
	close  func()
	plain  bool // nothing was decompressed: offsets are those of the object
	source *source
	limits limits
	size   int64 // read so far, from the beginning of the object
}

// decompress finds out what s holds where l does not say it. The error is that
// of reading the first bytes.
func decompress(s *source, l limits) (*decompressed, error) {
	buffered := bufio.NewReaderSize(s, sourceBuffer)
	d := &decompressed{source: s, limits: l, close: func() {}}
	form := l.compression
	if form == compressionAuto {
		first, err := buffered.Peek(len(zstdMagic))
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		form = formOf(first)
	}
	switch form {
	case compressionGzip:
		r, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, err
		}
		d.r = r
	case compressionZstd:
		r, err := zstd.NewReader(buffered, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, err
		}
		d.r, d.close = r, r.Close
	default:
		d.r, d.plain = buffered, true
	}
	return d, nil
}

func formOf(first []byte) compression {
	switch {
	case bytes.HasPrefix(first, gzipMagic):
		return compressionGzip
	case bytes.HasPrefix(first, zstdMagic):
		return compressionZstd
	default:
		return compressionNone
	}
}

// Read fails once a limit is passed. What it returned by then is within it.
func (d *decompressed) Read(p []byte) (int, error) {
	if room := d.limits.size - d.size; int64(len(p))-1 > room {
		p = p[:room+1] // one byte more shows that it is larger
	}
	n, err := d.r.Read(p)
	d.size += int64(n)
	switch {
	case d.size > d.limits.size:
		return max(0, n-1), errTooLarge
	case d.size > ratioFrom && d.size/d.limits.ratio > d.source.size: // a product could overflow
		return n, errRatio
	}
	return n, err
}
