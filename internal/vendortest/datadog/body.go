package datadog

import (
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"

	"github.com/klauspost/compress/zstd"
)

// limits of a request's body in bytes, as sent and decompressed.
type limits struct{ sent, decoded int64 }

// read checks key, content type and sizes, and returns the decompressed body,
// or the status and reason of a refusal.
func (s *Server) read(r *http.Request, l limits, contentTypes ...string) (body []byte, status int, reason string) {
	if status, reason := s.authorized(r.Header.Get("DD-API-KEY")); status != http.StatusOK {
		return nil, status, reason
	}
	contentType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || !slices.Contains(contentTypes, contentType) {
		return nil, http.StatusBadRequest, fmt.Sprintf("content type %q", r.Header.Get("Content-Type"))
	}
	sent := &counting{r: r.Body}
	decoded, err := decompress(sent, r.Header.Get("Content-Encoding"))
	if err != nil {
		return nil, http.StatusBadRequest, err.Error()
	}
	body, err = io.ReadAll(io.LimitReader(decoded, l.decoded+1)) // one more, to see that it is too large
	if err != nil {
		return nil, http.StatusBadRequest, err.Error()
	}
	if int64(len(body)) > l.decoded || sent.n > l.sent {
		return nil, http.StatusRequestEntityTooLarge, fmt.Sprintf("%d bytes, or %d decompressed", sent.n, len(body))
	}
	s.keep(r, body)
	return body, http.StatusOK, ""
}

func decompress(r io.Reader, encoding string) (io.Reader, error) {
	switch encoding {
	case "", "identity":
		return r, nil
	case "gzip":
		return gzip.NewReader(r)
	case "deflate": // which is zlib in HTTP
		return zlib.NewReader(r)
	case "zstd":
		d, err := zstd.NewReader(r)
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	default:
		return nil, fmt.Errorf("content encoding %q", encoding)
	}
}

// counting counts what is read.
type counting struct {
	r io.Reader
	n int64
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
