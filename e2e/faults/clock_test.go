//go:build linux && amd64

package faults

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/faults/clock"
	"github.com/authevents/otelcol-auth/internal/faults/ledger"
)

// uptime is the only counter that follows the clock.
const uptime = "otelcol_process_uptime"

// clockRig is a collector whose clock the test sets.
type clockRig struct {
	*rig
	row   *ledger.Row
	clock *clock.Clock
	// users who were asked for a second factor and passed it under one clock, or
	// under a clock an hour ahead and the true one; and under others.
	pairs, open int
	users       int
	// since the process started: the most that each counter has shown.
	own    map[string]float64
	counts *counts
}

// TestClock is row 17: the clock of the shipped binary is set an hour forward and
// back while it runs, and it is stopped under one clock and started under another.
// At each clock lines arrive and counts are flushed; no count, rate or duration is
// below zero, and none that was counted is lost.
func TestClock(t *testing.T) {
	t.Parallel() // most of its time it waits for flushes
	r := &clockRig{rig: newRig(t, "clock.yaml"), row: newRow(t, "17", "clock an hour forward and back, running and restarted", times(1, 10), 0)}
	r.counts = newCounts(filepath.Join(filepath.Dir(r.dir), "metrics.jsonl"))
	r.row.Note = "The clock is that of the shipped binary's process: CLOCK_REALTIME is shifted by replacing clock_gettime in its vDSO; " +
		"the monotonic clock goes on, as it does when a host's clock is set. Events keep the true time. A process always starts at the true time. " +
		ledger.StockNote + "otelcol_process_uptime_seconds_total of the collector's own metrics follows the clock and runs back with it, " +
		"since service/internal/proctelemetry subtracts wall-clock times; nothing of ours reads it."
	r.begin()
	for range r.row.Runs {
		r.at(time.Hour)
		r.at(0)
		r.at(time.Hour)
		r.again() // the clock is an hour back
		r.at(-time.Hour)
		r.at(0)
		r.at(-time.Hour)
		r.again() // and an hour forward
	}
	r.at(0)
	r.stop(termTimeout)
	r.counts.read(t)
	r.hold(r.counts.problems...)
	if got := r.counts.sum("auth.mfa.challenge.duration"); got < float64(r.pairs) || got > float64(r.pairs+r.open) {
		r.hold(fmt.Sprintf("%v pairs were measured, of %d, and of %d that the clock need not forget", got, r.pairs, r.open))
	}
	if got := r.counts.sum("auth.events"); got != float64(r.next) {
		r.hold(fmt.Sprintf("%v events were counted, of %d", got, r.next))
	}
	r.start()
	r.finish(r.row)
}

func (r *clockRig) hold(problems ...string) { r.row.Problems = append(r.row.Problems, problems...) }

func (r *clockRig) begin() {
	r.t.Helper()
	r.start()
	r.own = map[string]float64{}
	r.until("the collector answers", func() bool { _, ok := r.ahead(); return ok })
	var err error
	r.clock, err = clock.Take(r.p.PID())
	require.NoError(r.t, err)
}

// again stops the collector under the clock that it has, and starts it at the
// true time.
func (r *clockRig) again() {
	r.t.Helper()
	r.stop(termTimeout)
	r.begin()
}

// at sets the clock, and sees that all goes on. One user is asked for a second
// factor before and passes it after, one does both after.
func (r *clockRig) at(offset time.Duration) {
	r.t.Helper()
	before, _ := r.ahead()
	r.challenge("mfa_challenge_displayed", r.users, 0)
	r.until("lines arrive", func() bool { return r.missing() == 0 })
	require.NoError(r.t, r.clock.Set(offset))
	r.until("the collector's clock is set", func() bool {
		ahead, ok := r.ahead()
		return ok && (ahead-offset).Abs() < 30*time.Second
	})
	r.challenge("mfa_challenge_succeeded", r.users, time.Second)
	r.challenge("mfa_challenge_displayed", r.users+1, 0)
	r.challenge("mfa_challenge_succeeded", r.users+1, time.Second)
	r.users += 2
	r.pairs++
	if step := offset - before; step < time.Minute && offset == 0 {
		r.pairs++
	} else {
		r.open++ // a step forward is beyond the timeout; before the collector's time is no duration
	}
	for range times(1, 3) {
		r.append("hera.log", 100)
		r.until("lines arrive", func() bool { return r.missing() == 0 })
		flushes := r.counts.flushes
		r.until("counts are flushed", func() bool { r.counts.read(r.t); return r.counts.flushes > flushes+1 })
		r.ownMetrics()
	}
}

// ahead is how far the collector's clock is ahead of the true time, by the date
// that its HTTP server gives.
func (r *clockRig) ahead() (time.Duration, bool) {
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, r.p.TelemetryURL, http.NoBody)
	require.NoError(r.t, err)
	resp, err := http.DefaultClient.Do(req)
	if err != nil { // it does not listen yet
		return 0, false
	}
	_ = resp.Body.Close()
	date, err := http.ParseTime(resp.Header.Get("Date"))
	require.NoError(r.t, err)
	return time.Until(date), true
}

// challenge writes an event of a user's second factor, so long after the true time.
func (r *clockRig) challenge(event string, user int, after time.Duration) {
	r.t.Helper()
	at := time.Now().UTC().Add(after).Format("2006-01-02T15:04:05.000Z")
	appendTo(r.t, r.path("hera.log"), fmt.Appendf(nil, `{"type":"analytics","event":%q,"method":"totp","client_id":"seq-%d","identity_id":"user-%d","timestamp":%q}`+"\n",
		event, r.next, user, at))
	r.next++
}

// ownMetrics reads what the collector says of itself.
func (r *clockRig) ownMetrics() {
	r.t.Helper()
	samples, err := colproc.Await(r.t.Context(), r.p.TelemetryURL, patience, func(s []colproc.Sample) bool { return len(s) > 0 })
	require.NoError(r.t, err)
	for _, s := range samples {
		if strings.HasPrefix(s.Name, uptime) {
			continue
		}
		name := fmt.Sprint(s.Name, s.Labels)
		if s.Value < 0 {
			r.hold(fmt.Sprintf("%s is %v", name, s.Value))
		}
		if before := r.own[name]; isCounter(s.Name) && s.Value < before {
			r.hold(fmt.Sprintf("%s went from %v to %v", name, before, s.Value))
		}
		r.own[name] = s.Value
	}
}

func isCounter(name string) bool {
	for _, end := range []string{"_total", "_count", "_sum"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}
