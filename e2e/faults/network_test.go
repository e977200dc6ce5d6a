//go:build unix

package faults

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/faults/proxy"
	"github.com/authevents/otelcol-auth/internal/faults/sink"
)

// proxied puts a proxy between the collector and the sink.
func (r *rig) proxied() *proxy.Proxy {
	r.t.Helper()
	p, err := proxy.Start(r.t.Context(), strings.TrimPrefix(r.sink.URL(), "http://"))
	require.NoError(r.t, err)
	r.t.Cleanup(func() { require.NoError(r.t, p.Close()) })
	r.endpoint = p.URL()
	return p
}

// TestThrottled is row 7a: 429 and 503 with Retry-After, by which the sender
// waits. One file is one request at a time, so each that comes sooner shows.
func TestThrottled(t *testing.T) {
	t.Parallel() // most of its time the exporter waits
	r := newRig(t, "quick.yaml")
	row := newRow(t, "7a", "429, 503, 401 with Retry-After: the delay is honoured", times(3, 30), 0)
	const seconds = 1
	r.sink.RetryAfter(seconds)
	r.start()
	for i := range row.Runs {
		// The last is by retry_status, which hands the delay on.
		r.sink.Answer([]int{http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusUnauthorized}[i%3])
		refused := r.sink.Refused()
		r.append("hera.log", 500)
		r.until("the sink refuses", func() bool { return r.sink.Refused() > refused })
		r.sink.Answer(http.StatusOK)
		r.settle()
		r.injected(row)
	}
	if early := r.sink.Early(); early > 0 {
		row.Problems = append(row.Problems, fmt.Sprintf("%d requests came before the time that Retry-After said", early))
	}
	r.finish(row)
}

// TestUnavailable is row 7b: the statuses that the exporter sends again after.
func TestUnavailable(t *testing.T) {
	t.Parallel()
	r := newRig(t, "quick.yaml")
	row := newRow(t, "7b", "429, 502, 503, 504", times(4, 40), 0)
	r.start()
	for i := range row.Runs {
		r.sink.Answer([]int{http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}[i%4])
		refused := r.sink.Refused()
		r.append("hera.log", 2000)
		r.until("the sink refuses three times", func() bool { return r.sink.Refused() >= refused+3 })
		r.sink.Answer(http.StatusOK)
		r.settle()
		r.injected(row)
	}
	r.finish(row)
}

// TestBadNetwork is row 7c to 7e: what a network does between the two.
func TestBadNetwork(t *testing.T) {
	for _, c := range []struct {
		id, fault string
		overlays  []string
		mode      proxy.Mode
		runs      int
		bound     int
	}{
		{"7c", "connection reset in mid-body", []string{"quick.yaml"}, proxy.Reset, times(2, 20), 0},
		// On a loaded machine a good answer may come after that timeout as well.
		{"7d", "black hole until the exporter's timeout", []string{"quick.yaml", "short_timeout.yaml"}, proxy.BlackHole, times(1, 20), 2 * batchLines},
		// What the sink has taken, and nobody heard of, is sent again: the
		// first batch each time that its answer is cut.
		{"7e", "200 sent and the connection cut, three times", []string{"quick.yaml"}, proxy.CutAnswer, times(2, 20), 4 * batchLines},
	} {
		t.Run(c.id, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, c.overlays...)
			p := r.proxied()
			row := newRow(t, c.id, c.fault, c.runs, c.bound)
			r.start()
			for range row.Runs {
				r.append("hera.log", 1500)
				r.settle() // on a connection that is open when it is spoilt
				p.Set(c.mode)
				spoilt := p.Spoilt()
				r.append("hera.log", 1500)
				r.until("the proxy spoils requests", func() bool { return p.Spoilt() >= spoilt+3 })
				p.Set(proxy.Pass)
				r.settle()
				r.injected(row)
			}
			r.finish(row)
		})
	}
}

// TestOthersGoOn is row 7f: one destination is a black hole, and the other, with
// a receiver of its own, has everything meanwhile.
func TestOthersGoOn(t *testing.T) {
	t.Parallel()
	other, err := sink.Start(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, other.Close()) })
	r := newRig(t, "quick.yaml", "second.yaml")
	r.env = []string{"OTLP_ENDPOINT_2=" + other.URL()}
	p := r.proxied()
	row := newRow(t, "7f", "black hole: the other destination is not held up", times(1, 10), 0)
	r.start()
	for range row.Runs {
		p.Set(proxy.BlackHole)
		held := r.arrived()
		r.append("hera.log", 5000)
		r.until("the other has everything", func() bool { return other.Ledger.Missing(0, r.next) == 0 })
		if more := r.arrived() - held; more > 0 {
			row.Problems = append(row.Problems, fmt.Sprintf("%d lines passed through the black hole: it proves nothing", more))
		}
		p.Set(proxy.Pass)
		r.settle()
		r.injected(row)
	}
	if again := other.Ledger.Tally().Duplicates; again > 0 {
		row.Problems = append(row.Problems, fmt.Sprintf("%d duplicates at the other destination", again))
	}
	r.finish(row)
}
