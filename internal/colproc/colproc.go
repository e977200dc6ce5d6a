//go:build unix

// Package colproc runs the built collector as a process of its own, as a user
// does, for `make run` and for the end-to-end tests.
package colproc

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Options of a collector's process.
type Options struct {
	// Binary is the collector, Config its configuration.
	Binary, Config string
	// Overlays are further configurations, each laid over those before it.
	Overlays []string
	// Credential is the user that the collector runs as; nil for the caller.
	Credential *syscall.Credential
	// Dir is the working directory; "" for the caller's.
	Dir string
	// Env is added to the caller's environment, NAME=value.
	Env []string
	// Stdin is the process's standard input; nil for none.
	Stdin io.Reader
	// Log gets what the collector writes to standard error; nil for none.
	// Process.Log has it in any case.
	Log io.Writer
	// Ports takes two free ports for the endpoints of configs/quickstart.yaml
	// in place of those of the environment, or the default ones.
	Ports bool
}

// Process is a running collector.
type Process struct {
	// MetricsURL and TelemetryURL are the endpoints of configs/quickstart.yaml.
	MetricsURL, TelemetryURL string

	cmd     *exec.Cmd
	started time.Time
	stdout  lockedBuffer
	stderr  lockedBuffer
	done    chan struct{}
	err     error // of the process, once done is closed
}

// Start runs the collector.
func Start(ctx context.Context, o Options) (*Process, error) {
	metrics, telemetry := cmp.Or(os.Getenv("PROMETHEUS_PORT"), "9464"), cmp.Or(os.Getenv("TELEMETRY_PORT"), "8888")
	env := append(os.Environ(), o.Env...)
	if o.Ports {
		ports, err := freePorts(ctx, 2)
		if err != nil {
			return nil, err
		}
		metrics, telemetry = strconv.Itoa(ports[0]), strconv.Itoa(ports[1])
		env = append(env, "PROMETHEUS_PORT="+metrics, "TELEMETRY_PORT="+telemetry)
	}
	p := &Process{
		MetricsURL:   fmt.Sprintf("http://127.0.0.1:%s/metrics", metrics),
		TelemetryURL: fmt.Sprintf("http://127.0.0.1:%s/metrics", telemetry),
		done:         make(chan struct{}),
	}
	args := []string{"--config", o.Config}
	for _, overlay := range o.Overlays {
		args = append(args, "--config", overlay)
	}
	p.cmd = exec.CommandContext(ctx, o.Binary, args...)
	p.cmd.Dir = o.Dir
	p.cmd.Env = env
	// A group of its own: Ctrl-C at the terminal is for the caller, who stops
	// the collector in good order.
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: o.Credential}
	p.cmd.Stdin = o.Stdin
	p.cmd.Stdout = &p.stdout
	p.cmd.Stderr = &p.stderr
	if o.Log != nil {
		p.cmd.Stderr = io.MultiWriter(&p.stderr, o.Log)
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the collector: %w: build it with make build", err)
	}
	p.started = time.Now()
	go func() {
		p.err = p.cmd.Wait()
		close(p.done)
	}()
	return p, nil
}

// freePorts asks the system for ports that nothing listens on.
func freePorts(ctx context.Context, n int) ([]int, error) {
	var ports []int
	for range n {
		var lc net.ListenConfig
		l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close() // all at once at the end, or the same port may come twice
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// Stop sends SIGTERM, waits until the collector has ended, and returns its
// exit code. A collector that has just started gets the time to finish it.
func (p *Process) Stop(timeout time.Duration) (int, error) {
	p.settle()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return -1, err
	}
	return p.Wait(timeout)
}

const (
	// ready is what a collector logs at level info once all of its parts run.
	ready = "Everything is ready"
	// unready is how long Stop waits for it: a config may log less.
	unready = 5 * time.Second
	// deaf is the time behind it in which SIGTERM may still kill.
	deaf = 500 * time.Millisecond
)

// settle waits until the collector listens for signals. It serves its metrics
// before, and nothing outside of it tells when: otelcol calls signal.Notify
// after its last line of the start, and until then SIGTERM kills it.
func (p *Process) settle() {
	for time.Since(p.started) < unready {
		said := strings.Contains(p.Log(), ready)
		select {
		case <-p.done:
			return
		case <-time.After(deaf):
		}
		if said {
			return
		}
	}
}

// Kill ends the collector at once.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.done
}

// Wait waits until the collector has ended by itself, and returns its exit code.
func (p *Process) Wait(timeout time.Duration) (int, error) {
	select {
	case <-p.done:
	case <-time.After(timeout):
		return -1, fmt.Errorf("the collector still runs after %s", timeout)
	}
	var exit *exec.ExitError
	if p.err != nil && !errors.As(p.err, &exit) {
		return -1, p.err
	}
	return p.cmd.ProcessState.ExitCode(), nil
}

// CPU is the processor time of an ended collector, user and system.
func (p *Process) CPU() time.Duration {
	return p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime()
}

// PeakMemory is the most that a running collector has had resident so far, in
// bytes, shared pages of the binary included. Linux only. The kernel's ru_maxrss
// would not do: a process begins with what its parent had.
func (p *Process) PeakMemory() (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.PID()))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 10, 64)
			return kib << 10, err
		}
	}
	return 0, errors.New("/proc does not say how much memory the collector has had")
}

// PID is the process's id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Done is closed when the collector has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Ended says whether the collector has ended.
func (p *Process) Ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// Stdout returns what the collector has written to standard output so far.
func (p *Process) Stdout() string { return p.stdout.String() }

// Log returns what the collector has written to standard error so far.
func (p *Process) Log() string { return p.stderr.String() }

// lockedBuffer is a buffer that may be read while it is written.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(data []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(data)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
