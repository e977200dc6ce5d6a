//go:build unix

package faults

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/faults/ledger"
)

// piped prepares a collector that reads standard input, which is the pipe whose
// other end is returned.
func piped(t *testing.T) (r *rig, in *os.File) {
	t.Helper()
	r = newRig(t, "stdin.yaml")
	out, in, err := os.Pipe()
	require.NoError(t, err)
	t.Cleanup(func() { _ = out.Close(); _ = in.Close() }) // closed by then, as a rule
	r.stdin = out
	return r, in
}

// ended waits for the collector's end, and closes the row.
func ended(t *testing.T, r *rig, row *ledger.Row) {
	t.Helper()
	code, err := r.p.Wait(patience)
	require.NoError(t, err)
	assert.Zero(t, code, tail(r.p.Log()))
	row.Lost = r.missing()
	row.Close(r.sink.Ledger, r.next)
	report(t, row)
}

// TestStdinEOF is row 20a: everything before the end of file is delivered, to a
// slow sink, and the exit code is 0.
func TestStdinEOF(t *testing.T) {
	t.Parallel()
	r, in := piped(t)
	row := newRow(t, "20a", "stdin: end of file, slow sink", 1, 0)
	r.sink.Delay(10 * time.Millisecond)
	r.start()
	_, err := in.Write(r.lines(20_000))
	require.NoError(t, err)
	require.NoError(t, in.Close())
	ended(t, r, row)
}

// TestStdinBrokenPipe is row 20b: the writer dies in the middle of a line. What
// it wrote of that line arrives as an unparsed record, and the exit code is 0.
func TestStdinBrokenPipe(t *testing.T) {
	t.Parallel()
	r, in := piped(t)
	row := newRow(t, "20b", "stdin: the writer dies in mid-line", 1, 0)
	r.start()
	_, err := in.Write(r.lines(5000))
	require.NoError(t, err)
	half := r.lines(1)
	r.optional = append(r.optional, [2]int{r.next - 1, r.next}) // it never was whole
	_, err = in.Write(half[:len(half)/2])
	require.NoError(t, err)
	require.NoError(t, in.Close())

	code, err := r.p.Wait(patience)
	require.NoError(t, err)
	assert.Zero(t, code, tail(r.p.Log()))
	row.Lost = r.missing()
	if strangers := r.sink.Ledger.Tally().Strangers; strangers != 1 {
		row.Problems = append(row.Problems, fmt.Sprintf("%d records of the half line: there should be one", strangers))
	}
	row.Duplicates = r.sink.Ledger.Tally().Duplicates
	row.Worst = row.Duplicates
	report(t, row)
}

// TestStdinTerm is row 20c: SIGTERM while a pipe is read. What the collector has
// taken out of the pipe is delivered, but for the line that the pipe's content
// then begins in the middle of.
func TestStdinTerm(t *testing.T) {
	t.Parallel()
	row := newRow(t, "20c", "stdin: SIGTERM while reading", times(3, 20), 0)
	for range row.Runs {
		r, in := piped(t)
		lines := r.lines(60_000)
		wrote := make(chan error, 1)
		go func() {
			_, err := in.Write(lines)
			wrote <- errors.Join(err, in.Close())
		}()
		r.sink.Delay(2 * time.Millisecond)
		r.start()
		r.until("a part arrives", func() bool { return r.arrived() > 10_000 })
		r.stop(termTimeout)

		// The test holds the pipe open, and reads what is left in it.
		left, err := io.ReadAll(r.stdin)
		require.NoError(t, err)
		require.NoError(t, ignorePipe(<-wrote))
		read := lines[:len(lines)-len(left)]
		whole := bytes.Count(read, []byte("\n"))
		require.Less(t, whole, r.next, "SIGTERM came after all was read: it proves nothing")
		row.Lost += r.sink.Ledger.Missing(0, whole)
		r.next = min(r.next, whole+1) // of the line cut in two, the collector has a part
		tally := r.sink.Ledger.Tally()
		row.Duplicates += tally.Duplicates
		row.Worst = max(row.Worst, tally.Duplicates)
		t.Logf("of %d lines that were read whole, all but %d arrived; of the one cut in two, %d records", whole, r.sink.Ledger.Missing(0, whole), tally.Strangers)
		if beyond := r.sink.Ledger.Beyond(r.next); beyond > 0 {
			row.Problems = append(row.Problems, fmt.Sprintf("%d lines arrived that were not read", beyond))
		}
	}
	report(t, row)
}

// ignorePipe takes the error away that says that nobody reads.
func ignorePipe(err error) error {
	if errors.Is(err, syscall.EPIPE) {
		return nil
	}
	return err
}
