package authevents

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/authevents/otelcol-auth/internal/framing"
	"github.com/authevents/otelcol-auth/internal/ingest"
	"github.com/authevents/otelcol-auth/internal/tail"
	"github.com/authevents/otelcol-auth/receiver/authevents/internal/metadata"
)

const (
	// maxRequestLines bounds what the records of one request need: a body of
	// nothing but line ends, or an envelope of empty objects, is small, and its
	// lines are not.
	maxRequestLines = 100_000
	// slotWait is how long a request waits for its turn. Senders of single events
	// come in bursts, and some never try again; Okta gives up after three seconds.
	slotWait = time.Second
)

// httpHandler answers requests. Their bodies come to it decompressed.
type httpHandler struct {
	options   *httpOptions
	input     *ingest.Input
	telemetry *metadata.TelemetryBuilder
	encodings map[string]bool             // the values of Content-Encoding that are taken
	sameSite  *http.CrossOriginProtection // nil where pages of other sites may post
	maxLines  int

	timeLimit time.Duration // of one request; 0 for none

	zstd     *zstdReaders
	inFlight *inFlight
	slots    chan struct{} // holds one for each request whose body is read or handed on
	slotWait time.Duration
	draining atomic.Bool // shutdown has begun
	buffers  sync.Pool   // of *requestBuffers
}

func newHTTPHandler(o *httpOptions, in *ingest.Input, t *metadata.TelemetryBuilder) *httpHandler {
	h := &httpHandler{
		options: o, input: in, telemetry: t,
		encodings: map[string]bool{},
		maxLines:  maxRequestLines,
		timeLimit: o.timeLimit(),
		zstd:      newZstdReaders(slotWait),
		inFlight:  newInFlight(o.maxInFlight, slotWait),
		slots:     make(chan struct{}, o.maxConcurrent),
		slotWait:  slotWait,
		buffers:   sync.Pool{New: func() any { return &requestBuffers{} }},
	}
	for _, name := range o.server.CompressionAlgorithms {
		h.encodings[name] = true
	}
	if !o.crossOrigin() {
		h.sameSite = http.NewCrossOriginProtection()
	}
	return h
}

// ServeHTTP answers one request.
func (h *httpHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.answer(w, r, h.respond(w, r))
}

// respond looks at all but the body.
func (h *httpHandler) respond(w http.ResponseWriter, r *http.Request) response {
	switch {
	case h.draining.Load():
		return responseDraining
	case r.URL.Path != h.options.path:
		return responseNotFound
	case h.options.okta && isOktaChallenge(r):
		return oktaResponse(r)
	case r.Method != http.MethodPost:
		return responseMethod
	case h.sameSite != nil && h.sameSite.Check(r) != nil:
		return responseCrossOrigin
	case !isEventType(r.Header.Get("Content-Type")):
		return responseType
	case r.ContentLength > h.options.server.MaxRequestBodySize:
		return responseTooLarge // rather than read up to there
	}
	ctx := r.Context()
	if h.timeLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, h.timeLimit)
		defer cancel()
	}
	if !h.acquire(ctx) {
		return responseBusy
	}
	defer func() { <-h.slots }()
	return h.receive(ctx, w, r)
}

// receive reads the body, and hands its events on.
func (h *httpHandler) receive(ctx context.Context, w http.ResponseWriter, r *http.Request) response {
	b := h.buffers.Get().(*requestBuffers)
	defer func() {
		b.reset()
		h.buffers.Put(b)
	}()
	held := share{of: h.inFlight}
	defer held.release()
	if failure, ok := h.readBody(ctx, w, r, &b.body, &held); !ok {
		return failure
	}
	if isBlank(b.body.Bytes()) {
		return responseEmpty
	}
	return h.handOn(ctx, b, &held)
}

// handOn finds the lines in a body, and offers them to the pipeline.
func (h *httpHandler) handOn(ctx context.Context, b *requestBuffers, held *share) response {
	size := int64(b.body.Len())
	most := h.mostLines(b.body.Bytes())
	// Mostly, what is held already does.
	maxLines := min(most, (held.held-size)/splitCost)
	a, enough := h.offer(ctx, b, held, int(maxLines))
	if enough || maxLines == most {
		return a
	}
	if err := held.grow(ctx, size+most*splitCost); err != nil {
		return responseNoRoom
	}
	a, _ = h.offer(ctx, b, held, int(most))
	return a
}

// mostLines is more than the lines of a body can be, or what there may be at most.
// Whatever the framing and the envelopes, there is a comma or a line end between
// two of them.
func (h *httpHandler) mostLines(body []byte) int64 {
	lines := int64(bytes.Count(body, []byte{'\n'})+bytes.Count(body, []byte{','})) + 1
	return min(lines, int64(h.maxLines), (h.inFlight.limit-int64(len(body)))/splitCost)
}

// offer hands the lines on where they are no more than maxLines, and says whether
// that was enough.
func (h *httpHandler) offer(ctx context.Context, b *requestBuffers, held *share, maxLines int) (a response, enough bool) {
	body := b.body.Bytes()
	var err error
	b.lines, err = framing.SplitUpTo(b.lines[:0], body, h.options.maxLineSize, maxLines)
	if errors.Is(err, framing.ErrTooManyLines) {
		return responseTooMany, false
	}
	if err != nil {
		return refusal(http.StatusBadRequest, err.Error()), true
	}
	summary, err := h.input.Offer(ctx, &tail.Lines{
		Origin: tail.Origin{ID: h.options.identities.Of(body)},
		Lines:  b.lines,
		Bytes:  int64(len(body)),
	}, maxLines, func(lines int) error {
		size := int64(len(body)) + int64(lines)*lineCost
		held.shrink(size)
		return held.grow(ctx, size)
	})
	switch {
	case err == nil:
		return taken(summary), true
	case errors.Is(err, ingest.ErrTooManyLines): // in envelopes
		return responseTooMany, false
	case errors.Is(err, errNeverFits):
		return responseTooMany, true
	case errors.Is(err, errNoRoom):
		return responseNoRoom, true
	case errors.Is(err, ingest.ErrRefused):
		return responseRefused, true
	default:
		return responseUnavailable, true
	}
}

// acquire waits for a slot, a while.
func (h *httpHandler) acquire(ctx context.Context) bool {
	select {
	case h.slots <- struct{}{}:
		return true
	default:
	}
	timer := time.NewTimer(h.slotWait)
	defer timer.Stop()
	select {
	case h.slots <- struct{}{}:
		return true
	case <-timer.C:
		return false
	case <-ctx.Done():
		return false
	}
}

// busy says whether any request is under way.
func (h *httpHandler) busy() bool { return len(h.slots) > 0 }
