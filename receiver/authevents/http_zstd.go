package authevents

import (
	"io"
	"time"

	"github.com/klauspost/compress/zstd"
)

const (
	// maxZstdWindow is how much of what was decompressed a sender may ask to keep:
	// by RFC 9659, the most that zstd over HTTP may need.
	maxZstdWindow = 8 << 20
	// maxZstdReaders bounds the windows: room for the whole of one is made at once,
	// however few bytes come.
	maxZstdReaders = 2
)

// zstdReaders makes readers that stand in for confighttp's own, which make room
// for whatever window a body of few bytes asks for, up to 512 MiB.
type zstdReaders struct {
	slots chan struct{} // holds one for each reader that may have a window
	wait  time.Duration
}

func newZstdReaders(wait time.Duration) *zstdReaders {
	return &zstdReaders{slots: make(chan struct{}, maxZstdReaders), wait: wait}
}

// open returns a reader of what body is decompressed. Closing it closes no body.
func (z *zstdReaders) open(body io.ReadCloser) (io.ReadCloser, error) {
	return &zstdReader{of: z, body: body}, nil
}

// zstdReader gets its decoder with the first Read: by then, the request has a
// slot of its own.
type zstdReader struct {
	of      *zstdReaders
	body    io.Reader
	decoder *zstd.Decoder // nil until then, and once it is not needed
	err     error         // of all further calls of Read
}

func (r *zstdReader) Read(p []byte) (int, error) {
	if r.err == nil && r.decoder == nil {
		r.err = r.begin()
	}
	if r.err != nil {
		return 0, r.err
	}
	n, err := r.decoder.Read(p)
	if err != nil { // the pipeline may take long: the window goes first
		_ = r.Close()
		r.err = err
	}
	return n, err
}

// begin returns errNoRoom where no slot gets free in time.
func (r *zstdReader) begin() error {
	timer := time.NewTimer(r.of.wait)
	defer timer.Stop()
	select {
	case r.of.slots <- struct{}{}:
	case <-timer.C:
		return errNoRoom
	}
	// With one it starts no goroutines.
	decoder, err := zstd.NewReader(r.body, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxZstdWindow))
	if err != nil {
		<-r.of.slots
		return err
	}
	r.decoder = decoder
	return nil
}

// Close gives the slot back, once.
func (r *zstdReader) Close() error {
	if r.decoder != nil {
		r.decoder.Close()
		r.decoder = nil
		<-r.of.slots
	}
	r.err = io.ErrClosedPipe
	return nil
}
