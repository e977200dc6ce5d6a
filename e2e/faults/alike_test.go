//go:build unix

package faults

import (
	"fmt"
	"testing"
	"time"

	"github.com/authevents/otelcol-auth/internal/faults/line"
)

// TestSameStart is row 13: two files with the same first 2000 bytes, both there
// from the start, and both followed, also over SIGTERM and SIGKILL.
func TestSameStart(t *testing.T) {
	t.Parallel() // most of its time it waits for the next poll
	r := newRig(t)
	row := newRow(t, "13", "two files with the same first 1000 bytes", times(1, 10), killBound)
	for i := range row.Runs {
		names := []string{fmt.Sprintf("a%d.log", i), fmt.Sprintf("b%d.log", i)}
		both := func(n int) {
			for _, name := range names {
				r.append(name, n)
			}
		}
		for _, name := range names {
			appendTo(t, r.path(name), append(line.Filler(2000), r.lines(50)...))
		}
		r.start()
		r.settle()
		both(50)
		r.settle()
		r.stop(termTimeout)
		both(50)
		r.start()
		r.settle()
		r.kill()
		both(50)
		r.start()
		r.settle()
		r.injected(row)
		r.stop(termTimeout)
	}
	r.restart()
	if fillers, files := r.sink.Ledger.Tally().Fillers, 2*row.Runs; fillers < files {
		row.Problems = append(row.Problems, fmt.Sprintf("of %d files the first line of %d arrived", files, fillers))
	}
	r.finish(row)
}

// TestGzippedWhileDown is row 14: rotated and compressed while the collector
// does not run.
func TestGzippedWhileDown(t *testing.T) {
	for _, c := range []struct {
		id, fault string
		end       func(*rig)
		bound     int
	}{
		{"14a", "rotated and gzipped after SIGTERM", func(r *rig) { r.stop(termTimeout) }, 0},
		{"14b", "rotated and gzipped after kill -9", (*rig).kill, killBound},
	} {
		t.Run(c.id, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			row := newRow(t, c.id, c.fault, times(2, 10), c.bound)
			for i := range row.Runs {
				before := r.next
				r.append("hera.log", 4000)
				r.start()
				// Once all of the file has arrived, once only a part of it.
				if i%2 == 0 {
					r.until("the file arrives", func() bool { return r.sink.Ledger.Seen(r.next - 1) })
				} else {
					r.sink.Delay(20 * time.Millisecond)
					r.until("a part of the file arrives", func() bool { return r.sink.Ledger.Seen(before + 500) })
				}
				c.end(r)
				r.sink.Delay(0)
				r.append("hera.log", 500)
				rotated := fmt.Sprintf("hera.log.%d", i)
				rename(t, r.path("hera.log"), r.path(rotated))
				gzipFile(t, r.path(rotated), r.path(rotated+".gz"))
				r.append("hera.log", 500)
				r.start()
				r.settle()
				r.injected(row)
				r.stop(termTimeout)
				remove(t, r.path("hera.log"))
			}
			r.restart()
			r.finish(row)
		})
	}
}
