//go:build unix

package faults

import (
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/faults/ledger"
)

// TestSymlinkRetargeted is row 15a: the link that is read points at another file
// now. What was written to the one before it, also after that, is read as well.
func TestSymlinkRetargeted(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	row := newRow(t, "15a", "symlink re-target", times(5, 50), 0)
	target := func(i int) string { return r.path(fmt.Sprintf("target.%d", i)) } // not matched by the pattern
	r.start()
	for i := range row.Runs {
		appendTo(t, target(i), r.lines(20))
		link(t, target(i), r.path("current.log"))
		r.settle()
		appendTo(t, target(i), r.lines(20))
		r.settle()
	}
	r.finish(row)
}

// TestDanglingAndLoop is row 15b: links to nothing and to themselves, until they
// point at a file.
func TestDanglingAndLoop(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	row := newRow(t, "15b", "symlink dangling, symlink loop", 2, 0)
	link(t, r.path("nothing"), r.path("dangling.log"))
	link(t, r.path("loop.log"), r.path("loop.log"))
	r.start()
	r.polls(5)
	r.saidOnce(row, "dangling.log")
	r.saidOnce(row, "loop.log")
	for _, name := range []string{"dangling.log", "loop.log"} {
		appendTo(t, r.path("now_"+name+".target"), r.lines(20))
		remove(t, r.path(name))
		rename(t, r.path("now_"+name+".target"), r.path(name))
		r.settle()
	}
	r.finish(row)
}

// TestPermission is row 15c: permission taken and given back, before the first
// start, over a restart, and while the file is open.
func TestPermission(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.asNobody()
	row := newRow(t, "15c", "permission taken and given back", times(3, 10), 0)
	path := r.path("hera.log")
	// Open all the time, as that of an IdP: permission is asked for only once.
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	require.NoError(t, err)
	write := func() {
		_, err := f.Write(r.lines(20))
		require.NoError(t, err)
	}
	for range row.Runs {
		write()
		require.NoError(t, os.Chmod(path, 0))
		r.start()
		r.polls(5)
		r.saidOnce(row, "hera.log")
		require.NoError(t, os.Chmod(path, 0o644))
		r.settle()
		require.NoError(t, os.Chmod(path, 0))
		write()
		r.polls(5)
		require.NoError(t, os.Chmod(path, 0o644))
		write()
		r.settle()
		r.stop(termTimeout)
	}
	require.NoError(t, f.Close())
	r.restart()
	r.finish(row)
}

// TestDeletedWhileOpen is row 15d: a file is deleted while it is read, and
// another is created under its name.
func TestDeletedWhileOpen(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	row := newRow(t, "15d", "file deleted while open", times(3, 30), 0)
	r.start()
	for i := range row.Runs {
		from := r.next
		r.sink.Delay(10 * time.Millisecond)
		r.append("hera.log", 8000)
		if i%3 == 2 { // also one that was read to its end, and has new lines
			r.sink.Delay(0)
			r.settle()
			r.append("hera.log", 100)
		} else {
			r.until("a part of the file arrives", func() bool { return r.sink.Ledger.Seen(from) })
		}
		remove(t, r.path("hera.log"))
		r.append("hera.log", 20)
		r.sink.Delay(0)
		r.settle()
		remove(t, r.path("hera.log"))
		r.polls(1)
	}
	r.finish(row)
}

// saidOnce adds a problem unless exactly one line of the collector's own log, at
// level warn or error, names the file.
func (r *rig) saidOnce(row *ledger.Row, name string) {
	r.t.Helper()
	var said []string
	for l := range strings.Lines(r.p.Log()) {
		fields := strings.Split(l, "\t")
		if len(fields) > 1 && (fields[1] == "warn" || fields[1] == "error") && strings.Contains(l, name) {
			said = append(said, l)
		}
	}
	if len(said) != 1 {
		row.Problems = append(row.Problems, fmt.Sprintf("%d log lines about %s while its fault lasted: there should be one", len(said), name))
		r.t.Log(strings.Join(said, ""))
	}
}

// asNobody makes the collector run as a user whom permissions bind, where the
// test's own user is root. The collector then gets a copy of what it needs:
// the project's folder may be closed to that user.
func (r *rig) asNobody() {
	r.t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	nobody, err := user.Lookup("nobody")
	require.NoError(r.t, err)
	uid, err := strconv.ParseUint(nobody.Uid, 10, 32)
	require.NoError(r.t, err)
	gid, err := strconv.ParseUint(nobody.Gid, 10, 32)
	require.NoError(r.t, err)
	r.user = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}

	base := filepath.Dir(r.dir)
	for dir := base; strings.HasPrefix(dir, os.TempDir()) && dir != filepath.Clean(os.TempDir()); dir = filepath.Dir(dir) {
		require.NoError(r.t, os.Chmod(dir, 0o755))
	}
	require.NoError(r.t, os.Mkdir(r.state, 0o700))
	require.NoError(r.t, os.Chown(r.state, int(uid), int(gid)))
	r.binary = copyTo(r.t, r.binary, filepath.Join(base, "otelcol-auth"))
	r.config = copyTo(r.t, r.config, filepath.Join(base, "lossless.yaml"))
}

func copyTo(t *testing.T, from, to string) string {
	t.Helper()
	in, err := os.Open(from)
	require.NoError(t, err)
	defer func() { require.NoError(t, in.Close()) }()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	require.NoError(t, err)
	_, err = io.Copy(out, in)
	require.NoError(t, err)
	require.NoError(t, out.Close())
	return to
}
