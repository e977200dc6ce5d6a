package authevents

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHTTPEncodings(t *testing.T) {
	text := []byte(heraLines(0, 100))
	var deflated bytes.Buffer
	w := zlib.NewWriter(&deflated)
	_, err := w.Write(text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	bodies := map[string]string{
		"": string(text), "gzip": gzipped(t, text), "zstd": zstded(t, text), "zlib": deflated.String(), "deflate": deflated.String(),
	}
	require.Len(t, bodies, len(httpEncodings))
	for _, encoding := range httpEncodings {
		t.Run(encoding, func(t *testing.T) {
			s := &sink{}
			server := serve(t, httpConfig(), s)
			for range 2 { // the second time with buffers that were used
				a := server.post(t, bodies[encoding], "Content-Encoding", encoding)
				assert.Equal(t, `{"accepted":100,"rejected":0,"reasons":{}}`, a.body)
			}
			assert.Len(t, s.taken(), 200)
		})
	}
}

// What is not what it says to be is refused before anything of it is handed on.
func TestHTTPBrokenEncoding(t *testing.T) {
	text := []byte(heraLines(0, 100))
	for name, test := range map[string]struct{ encoding, body string }{
		"no gzip":     {"gzip", string(text)},
		"no body":     {"gzip", ""},
		"cut gzip":    {"gzip", gzipped(t, text)[:100]},
		"no zstd":     {"zstd", string(text)},
		"cut zstd":    {"zstd", zstded(t, text)[:100]},
		"damaged":     {"gzip", gzipped(t, text)[:50] + strings.Repeat("\xff", 100)},
		"wrong sum":   {"gzip", gzipped(t, text)[:len(gzipped(t, text))-8] + strings.Repeat("x", 8)},
		"wide window": {"zstd", wideZstd(maxZstdWindow * 2)},
	} {
		t.Run(name, func(t *testing.T) {
			s := &sink{}
			a := serve(t, httpConfig(), s).post(t, test.body, "Content-Encoding", test.encoding)
			assert.Equal(t, http.StatusBadRequest, a.status)
			assert.Equal(t, `{"error":"the body can't be read: send all of it, compressed as Content-Encoding says"}`, a.body)
			assert.Zero(t, s.tried())
		})
	}
}

// A few kilobytes that become gigabytes are read as far as the limit, and no further.
func TestHTTPBomb(t *testing.T) {
	const limit = 1 << 20
	zeros := make([]byte, 64<<20)
	for encoding, bomb := range map[string]string{"gzip": gzipped(t, zeros), "zstd": zstded(t, zeros)} {
		t.Run(encoding, func(t *testing.T) {
			require.Less(t, len(bomb), limit/8, "the body itself is small")
			s := &sink{}
			cfg := httpConfig()
			cfg.HTTP.Get().Server.MaxRequestBodySize = limit
			server := serve(t, cfg, s)
			server.post(t, gzipped(t, []byte(hera(1))), "Content-Encoding", "gzip") // what the first request makes is not the bomb's
			used := allocated(func() {
				a := server.post(t, bomb, "Content-Encoding", encoding)
				assert.Equal(t, http.StatusRequestEntityTooLarge, a.status)
				assert.Contains(t, a.body, "max_request_body_size")
			})
			assert.Less(t, used, uint64(32<<20), "bytes allocated")
			assert.Len(t, s.taken(), 1)
		})
	}
}

// A body of few bytes that asks for a window of half a gigabyte gets none.
func TestHTTPWideWindow(t *testing.T) {
	body := wideZstd(512 << 20)
	used := allocated(func() {
		r, err := newZstdReaders(patience).open(io.NopCloser(strings.NewReader(body)))
		require.NoError(t, err)
		_, err = io.ReadAll(r)
		require.ErrorContains(t, err, "window size exceeded")
		require.NoError(t, r.Close())
	})
	assert.Less(t, used, uint64(32<<20), "bytes allocated")
}

// wideZstd is a frame of one uncompressed block of 1 byte, with a window of that size.
func wideZstd(window int) string {
	exponent := byte(0)
	for 1<<(10+exponent) < window {
		exponent++
	}
	frame := binary.LittleEndian.AppendUint32(nil, 0xFD2FB528)
	frame = append(frame, 0, exponent<<3) // no content size, no checksum; the window
	return string(append(frame, 1<<3|1, 0, 0, '\n'))
}

// allocated returns how many bytes f allocates, in all goroutines.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
