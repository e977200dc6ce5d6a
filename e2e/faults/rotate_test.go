//go:build unix

package faults

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/faults/line"
)

// TestRenameAndCreate is row 11: 50 rotations a second. The writer holds the old
// file for a while after it is renamed, as writers do until they are told.
func TestRenameAndCreate(t *testing.T) {
	r := newRig(t)
	row := newRow(t, "11", "rename-and-create rotation, 50 a second", times(200, 1000), 0)
	r.start()
	current := r.path("hera.log")
	create := func() *os.File {
		f, err := os.OpenFile(current, os.O_APPEND|os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		require.NoError(t, err)
		return f
	}
	write := func(f *os.File) {
		_, err := f.Write(r.lines(15))
		require.NoError(t, err)
	}
	ticker := time.NewTicker(time.Second / 50)
	defer ticker.Stop()
	f := create()
	for i := range row.Runs {
		write(f)
		<-ticker.C
		rename(t, current, r.path(fmt.Sprintf("hera.log.%d", i+1)))
		old := f
		f = create()
		write(old)
		require.NoError(t, old.Close())
	}
	write(f)
	require.NoError(t, f.Close())
	r.finish(row)
}

// TestCopyTruncate is row 12. All generations begin with the same two
// kilobytes, and each is as likely longer as shorter than the one before.
func TestCopyTruncate(t *testing.T) {
	t.Parallel() // most of its time it waits for the next poll
	r := newRig(t)
	row := newRow(t, "12", "copytruncate with the same first kilobyte", times(20, 300), 0)
	r.start()
	path := r.path("hera.log")
	for i := range row.Runs {
		// One write: at the next poll the file is longer than what was read of
		// it, for all that the size tells.
		n := 20 + i%5*(10+i%7*10)
		appendTo(t, path, append(line.Filler(2000), r.lines(n)...))
		r.settle()
		if i%3 == 0 {
			// Written just before the truncation: nobody can promise to read
			// these, but they may not do harm either.
			r.optional = append(r.optional, [2]int{r.next, r.next + 5})
			r.append("hera.log", 5)
		}
		require.NoError(t, os.Truncate(path, 0))
	}
	appendTo(t, path, append(line.Filler(2000), r.lines(1)...))
	r.finish(row)
}
