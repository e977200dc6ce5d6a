//go:build linux

package faults

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/authevents/otelcol-auth/internal/faults/ledger"
)

// disk is that of the state directory: full, and with space again.
type disk interface {
	fill()
	free()
}

// limited is a disk that anybody may have: the collector may write to no file.
// The error is another than that of a full disk, EFBIG, and it comes sooner, for
// a write in place as well. Its log and its sockets are no files.
type limited struct{ r *rig }

func (l *limited) fill() { l.limit(0) }
func (l *limited) free() { l.limit(unix.RLIM_INFINITY) }

func (l *limited) limit(size uint64) {
	l.r.t.Helper()
	require.NoError(l.r.t, unix.Prlimit(l.r.p.PID(), unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: size, Max: unix.RLIM_INFINITY}, nil))
}

// tmpfs is a small disk, which only who may mount can have.
type tmpfs struct{ r *rig }

func (d *tmpfs) ballast() string { return filepath.Join(d.r.state, "ballast") }

func (d *tmpfs) fill() {
	d.r.t.Helper()
	f, err := os.Create(d.ballast())
	require.NoError(d.r.t, err)
	for block := make([]byte, 512); err == nil; {
		_, err = f.Write(block)
	}
	require.ErrorIs(d.r.t, err, syscall.ENOSPC)
	require.NoError(d.r.t, f.Close())
}

func (d *tmpfs) free() { remove(d.r.t, d.ballast()) }

// TestDiskFull is row 9a and 9b: the state directory's disk is full at the
// start, and while the collector runs.
func TestDiskFull(t *testing.T) {
	t.Run("limit", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		row := newRow(t, "9a", "no write to the state directory (RLIMIT_FSIZE)", times(1, 10), killBound)
		// Before the first start there is no process yet that could be limited.
		unlimited := r.binary
		r.binary = filepath.Join(filepath.Dir(r.dir), "limited.sh")
		script := fmt.Sprintf("#!/bin/sh\nulimit -S -f 0\nexec '%s' \"$@\"\n", unlimited)
		require.NoError(t, os.WriteFile(r.binary, []byte(script), 0o755))
		r.refuses(row, "has space")
		r.binary = unlimited
		r.fullDisk(row, &limited{r})
	})
	t.Run("tmpfs", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		require.NoError(t, os.Mkdir(r.state, 0o700))
		err := unix.Mount("tmpfs", r.state, "tmpfs", 0, "size=8m") // what ten runs store has room in it
		if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) {
			t.Log("this user may not mount a disk: row 9a alone shows what a full one does")
			return
		}
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, unix.Unmount(r.state, unix.MNT_DETACH)) })
		row := newRow(t, "9b", "disk of the state directory full (tmpfs)", times(1, 10), killBound)
		d := &tmpfs{r}
		d.fill()
		r.refuses(row, "has space")
		d.free()
		r.fullDisk(row, d)
	})
}

// refuses starts a collector that must not start, and say what to do.
func (r *rig) refuses(row *ledger.Row, advice string) {
	r.t.Helper()
	p := r.launch()
	code, err := p.Wait(patience)
	require.NoError(r.t, err)
	last := lastLine(p.Log())
	if code == 0 || !strings.Contains(last, filepath.Join(r.state, checkpointFile)) || !strings.Contains(last, advice) {
		row.Problems = append(row.Problems, fmt.Sprintf("exit code %d without a clear error: %s", code, last))
	}
}

var notSaved = regexp.MustCompile(`can't be saved.*free space.*` + checkpointFile)

// fullDisk fills the disk while the collector runs. Lines arrive all the same,
// and once there is space again a kill costs no more than ever.
func (r *rig) fullDisk(row *ledger.Row, d disk) {
	r.t.Helper()
	for run := range row.Runs {
		r.start()
		r.polls(1)
		// With a new position each, the state has to grow.
		files := func(stage string) {
			for i := range 300 {
				r.append(fmt.Sprintf("%d-%s-%03d.log", run, stage, i), 10)
			}
			r.settle()
		}
		files("before")
		d.fill()
		files("full")
		r.until("the log says that positions can't be saved", func() bool { return notSaved.MatchString(r.p.Log()) })
		d.free()
		r.until("positions are saved again", func() bool { return strings.Contains(r.p.Log(), "The positions in files are saved again") })
		r.kill()
		r.start()
		r.polls(2)
		r.injected(row)
		r.stop(patience)
	}
	r.restart()
	r.finish(row)
}

// TestReadOnlyState is row 9c: the state directory, and then the file in it,
// may not be written.
func TestReadOnlyState(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.asNobody()
	if r.user == nil {
		require.NoError(t, os.Mkdir(r.state, 0o700))
	}
	row := newRow(t, "9c", "state directory read-only, state file read-only", 2, 0)
	r.append("hera.log", 1000)
	require.NoError(t, os.Chmod(r.state, 0o500))
	r.refuses(row, "may be written")
	require.NoError(t, os.Chmod(r.state, 0o700))
	r.start()
	r.settle()
	r.stop(patience)
	file := filepath.Join(r.state, checkpointFile)
	require.NoError(t, os.Chmod(file, 0o400))
	r.append("hera.log", 1000)
	r.refuses(row, "may be written")
	require.NoError(t, os.Chmod(file, 0o600))
	r.restart()
	r.finish(row)
}
