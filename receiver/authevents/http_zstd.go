package authevents

import (
	"io"

	"github.com/klauspost/compress/zstd"
)

// maxZstdWindow is how much of what was decompressed a sender may ask to keep:
// by RFC 9659, the most that zstd over HTTP may need.
const maxZstdWindow = 8 << 20

// newZstdReader stands in for confighttp's own decoder, which makes room for
// whatever window a body of few bytes asks for, up to 512 MiB.
func newZstdReader(body io.ReadCloser) (io.ReadCloser, error) {
	// With one it starts no goroutines.
	decoder, err := zstd.NewReader(body, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxZstdWindow))
	if err != nil {
		return nil, err
	}
	return decoder.IOReadCloser(), nil
}
