//go:build unix

package faults

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/faults/ledger"
	"github.com/authevents/otelcol-auth/internal/faults/line"
	"github.com/authevents/otelcol-auth/internal/faults/sink"
)

// rig is a collector with configs/lossless.yaml, a folder that it reads, a
// state directory, and a sink. The collector may be ended and started again.
type rig struct {
	t        *testing.T
	sink     *sink.Sink
	dir      string // of the input
	state    string
	binary   string
	config   string
	include  string
	endpoint string // of the exporter: the sink's, or a proxy's before it
	overlays []string
	env      []string // beside what every row needs
	user     *syscall.Credential
	stdin    io.Reader

	p *colproc.Process // the last one started

	next       int      // the first sequence number that is not written
	optional   [][2]int // sequence numbers that need not arrive, from and to
	givenUp    int      // lines that settle waits for no more
	duplicates int      // when injected was called last
}

// newRig prepares a collector that reads dir/*.log* of a new folder; overlays
// are files in testdata. It does not run yet.
func newRig(t *testing.T, overlays ...string) *rig {
	t.Helper()
	s, err := sink.Start(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	base := t.TempDir()
	r := &rig{
		t: t, sink: s,
		dir: filepath.Join(base, "in"), state: filepath.Join(base, "state"),
		binary: absolute(t, "_build/otelcol-auth"),
		config: absolute(t, "configs/lossless.yaml"),
	}
	require.FileExists(t, r.binary, "run make build first")
	require.NoError(t, os.Mkdir(r.dir, 0o755))
	r.include = r.path("*.log*")
	r.endpoint = s.URL()
	for _, overlay := range overlays {
		r.overlays = append(r.overlays, absolute(t, "e2e/faults/testdata/"+overlay))
	}
	return r
}

// path is a file in the folder that the collector reads.
func (r *rig) path(name string) string { return filepath.Join(r.dir, name) }

// launch starts a collector, and leaves it to the caller.
func (r *rig) launch() *colproc.Process {
	r.t.Helper()
	p, err := colproc.Start(r.t.Context(), colproc.Options{
		Binary:     r.binary,
		Config:     r.config,
		Overlays:   r.overlays,
		Credential: r.user,
		Dir:        r.dir,
		Env: append([]string{
			"AUTHEVENTS_INCLUDE=" + r.include,
			"PIISCRUB_KEY=0123456789abcdef0123456789abcdef",
			"STATE_DIR=" + r.state,
			"OTLP_ENDPOINT=" + r.endpoint,
		}, r.env...),
		Stdin: r.stdin,
		Ports: true,
	})
	require.NoError(r.t, err)
	r.t.Cleanup(p.Kill)
	return p
}

// start starts the collector, again if it has run before.
func (r *rig) start() {
	r.t.Helper()
	r.p = r.launch()
}

// kill ends the collector by SIGKILL. It must have been running.
func (r *rig) kill() {
	r.t.Helper()
	require.False(r.t, r.p.Ended(), "the collector has ended by itself:\n%s", tail(r.p.Log()))
	r.p.Kill()
}

// stop ends the collector by SIGTERM: it must end in time and with exit code 0.
// It returns how long that took.
func (r *rig) stop(within time.Duration) time.Duration {
	r.t.Helper()
	begin := time.Now()
	code, err := r.p.Stop(within)
	require.NoError(r.t, err, tail(r.p.Log()))
	require.Zero(r.t, code, tail(r.p.Log()))
	return time.Since(begin)
}

// lines makes n lines with the next sequence numbers.
func (r *rig) lines(n int) []byte {
	from := r.next
	r.next += n
	return line.Range(from, r.next)
}

// append appends n lines with the next sequence numbers to a file of the input,
// in one write.
func (r *rig) append(name string, n int) {
	r.t.Helper()
	appendTo(r.t, r.path(name), r.lines(n))
}

func appendTo(t *testing.T, path string, data []byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	require.NoError(t, err)
	_, err = f.Write(data)
	require.NoError(t, err)
	require.NoError(t, f.Close())
}

// polls lets the collector look at its files n times and more: each time a line
// of a file that nothing is done to arrives.
func (r *rig) polls(n int) {
	r.t.Helper()
	for range n {
		r.append("polls.log", 1)
		r.until("a line of an unharmed file arrives", func() bool { return r.sink.Ledger.Seen(r.next - 1) })
	}
}

// until waits for a condition while the collector runs.
func (r *rig) until(what string, condition func() bool) {
	r.t.Helper()
	for deadline := time.Now().Add(patience); !condition(); time.Sleep(2 * time.Millisecond) {
		require.False(r.t, r.p.Ended(), "%s: the collector has ended:\n%s", what, tail(r.p.Log()))
		require.True(r.t, time.Now().Before(deadline), "%s: waited in vain:\n%s", what, tail(r.p.Log()))
	}
}

// settle waits until all lines have arrived, or nothing new has come for a
// while. What it has given up once it does not wait for again.
func (r *rig) settle() {
	r.t.Helper()
	begin := time.Now()
	for r.missing() > r.givenUp && !r.p.Ended() {
		if min(time.Since(begin), r.sink.Ledger.Idle()) > stall {
			r.givenUp = r.missing()
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// missing counts the lines that must arrive and have not yet.
func (r *rig) missing() int {
	missing := r.sink.Ledger.Missing(0, r.next)
	for _, span := range r.optional {
		missing -= r.sink.Ledger.Missing(span[0], span[1])
	}
	return missing
}

// arrived counts the lines that have arrived.
func (r *rig) arrived() int { return r.sink.Ledger.Tally().Distinct }

// restart starts the collector again after all is done, and lets it find that
// there is nothing to do.
func (r *rig) restart() {
	r.t.Helper()
	r.start()
	r.polls(2)
}

// finish ends a row: everything has to arrive, the collector to stop well.
func (r *rig) finish(row *ledger.Row) {
	r.t.Helper()
	r.settle()
	r.injected(row)
	r.stop(termTimeout)
	row.Lost = r.missing()
	row.Close(r.sink.Ledger, r.next)
	if bad := r.sink.Bad(); bad > 0 {
		row.Problems = append(row.Problems, fmt.Sprintf("%d requests that are no OTLP", bad))
	}
	report(r.t, row)
}

// injected notes how many duplicates came since it was called last: those are
// the cost of one injection of the fault.
func (r *rig) injected(row *ledger.Row) {
	duplicates := r.sink.Ledger.Tally().Duplicates
	row.Worst = max(row.Worst, duplicates-r.duplicates)
	r.duplicates = duplicates
}

// tail is the end of a log, which says why.
func tail(log string) string {
	const most = 4000
	return log[max(0, len(log)-most):]
}

// lastLine is the last line of a log: where a collector refuses to start, its error.
func lastLine(log string) string {
	lines := strings.Split(strings.TrimSpace(log), "\n")
	return lines[len(lines)-1]
}
