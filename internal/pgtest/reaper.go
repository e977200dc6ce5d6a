//go:build unix

package pgtest

import (
	"context"
	"io"
	"os/exec"
	"syscall"
)

// reaper removes a server when the test's process ends, however it ends: a
// test that runs into its timeout has no cleanup.
type reaper struct {
	cmd  *exec.Cmd
	life io.Closer
}

// The shell reads until the other end of the pipe is closed, which the system
// does for a process that is no more. rm may meet files that the server is
// just writing, so it has a second try.
const reaping = `cat >/dev/null
[ -f "$2" ] && kill -QUIT "$(head -n 1 "$2")"
rm -rf "$1" || { sleep 1; rm -rf "$1"; }`

func newReaper(dir, pidFile string) (*reaper, error) {
	cmd := exec.CommandContext(context.Background(), "sh", "-c", reaping, "sh", dir, pidFile)
	// Not in the test's group, or Ctrl-C would end it first.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	life, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	return &reaper{cmd: cmd, life: life}, cmd.Start()
}

// reap removes what is there, and returns when it is gone.
func (r *reaper) reap() {
	_ = r.life.Close()
	_ = r.cmd.Wait() // what can't be removed is in the temporary folder
}
