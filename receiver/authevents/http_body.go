package authevents

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/authevents/otelcol-auth/internal/tail"
)

// requestBuffers are what one request needs room for. They are used again once
// it is answered: no record points into them.
type requestBuffers struct {
	body  bytes.Buffer
	lines []tail.Line
}

const (
	// maxKeptBody and maxKeptLines cap what a pooled buffer keeps: one large
	// request must not pin its size for good.
	maxKeptBody  = 1 << 20
	maxKeptLines = 4096
	// firstRoom is held for a body of which nothing has come yet.
	firstRoom = 64 << 10
	// unsaidSize is held at first for a body that does not say its size.
	unsaidSize = 1 << 20
)

// reset makes b as new, with nobody's data in it.
func (b *requestBuffers) reset() {
	clear(b.body.Bytes())
	if b.body.Reset(); b.body.Cap() > maxKeptBody {
		b.body = bytes.Buffer{}
	}
	clear(b.lines)
	if b.lines = b.lines[:0]; cap(b.lines) > maxKeptLines {
		b.lines = nil
	}
}

// readBody reads the request's body into buf, no longer than ctx lasts, and has
// held grow with it. It returns how to answer where it can't; no error of reading
// is part of that.
func (h *httpHandler) readBody(ctx context.Context, w http.ResponseWriter, r *http.Request, buf *bytes.Buffer, held *share) (failure response, ok bool) {
	defer interruptReading(ctx, w)()
	err := held.grow(ctx, expectedSize(r.ContentLength, h.inFlight.limit))
	if err == nil {
		err = fill(ctx, buf, r.Body, held)
	}
	var tooLarge *http.MaxBytesError
	switch {
	case err == nil:
		return response{}, true
	case errors.As(err, &tooLarge):
		return responseTooLarge, false
	case errors.Is(err, errNeverFits):
		return responseNeverFits, false
	case errors.Is(err, errNoRoom):
		return responseNoRoom, false
	case h.draining.Load() && ctx.Err() != nil:
		return responseDraining, false
	case errors.Is(err, os.ErrDeadlineExceeded):
		return responseTooSlow, false
	default:
		return responseUnreadable, false
	}
}

// expectedSize is what a body will need with its lines, unless these are very
// short. To wait for it while nothing is held yet is what keeps requests from
// waiting for each other.
func expectedSize(contentLength, limit int64) int64 {
	if contentLength < 0 { // compressed, or chunked
		return min(unsaidSize, limit)
	}
	return min(firstRoom+5*contentLength, limit)
}

// fill reads body to its end. What is read next is held before it comes; of a
// body that does not say its size, as much as came before.
func fill(ctx context.Context, buf *bytes.Buffer, body io.Reader, held *share) error {
	for {
		step := max(int64(buf.Len()), firstRoom)
		if err := held.grow(ctx, min(int64(buf.Len())+step, max(held.of.limit, int64(buf.Len())+1))); err != nil {
			return err
		}
		_, err := io.CopyN(buf, body, held.held-int64(buf.Len()))
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// interruptReading makes reads of the body fail once ctx is done, until the
// function that it returns is called. That one waits for what goes on: w must
// not be used after the request.
func interruptReading(ctx context.Context, w http.ResponseWriter) (stop func()) {
	control, interrupted := http.NewResponseController(w), make(chan struct{})
	release := context.AfterFunc(ctx, func() {
		defer close(interrupted)
		_ = control.SetReadDeadline(time.Unix(1, 0)) // a server's connection can; a test's recorder need not
	})
	return func() {
		if !release() {
			<-interrupted
		}
	}
}

// isBlank says whether there is nothing in a body. An empty array is something.
func isBlank(body []byte) bool {
	return len(bytes.Trim(body, "\ufeff \t\r\n")) == 0
}

// isEventType says whether a body of that Content-Type may hold events: JSON, as
// lines or not, and text, whose encoding is UTF-8.
func isEventType(contentType string) bool {
	if contentType == "" {
		return true
	}
	media, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	switch strings.ToLower(parameters["charset"]) {
	case "", "utf-8", "us-ascii":
	default:
		return false
	}
	switch media {
	case "application/json", "application/x-ndjson", "application/ndjson",
		"application/jsonl", "application/x-jsonl", "application/jsonlines", "application/x-jsonlines",
		"text/plain":
		return true
	}
	return false
}
