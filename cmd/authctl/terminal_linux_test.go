package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// terminal makes one: what a program writes to tty, screen reads.
func terminal(t *testing.T) (screen, tty *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	n, err := unix.IoctlGetInt(int(screen.Fd()), unix.TIOCGPTN)
	require.NoError(t, err)
	require.NoError(t, unix.IoctlSetPointerInt(int(screen.Fd()), unix.TIOCSPTLCK, 0))
	tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	return screen, tty
}

const line = `{"type":"audit","event":"login_success","identity_id":"7c9e6679-7425-40de-944b-e07fc1f90ae7","source_ip":"198.51.100.7","ts":"2026-05-20T10:00:00Z"}` + "\n"

// start runs authctl. Its standard error is a terminal, which screen reads, and its
// standard output, too, unless there is an out.
func start(t *testing.T, out io.Writer, args ...string) (cmd *exec.Cmd, stdin io.WriteCloser, screen *os.File) {
	t.Helper()
	screen, tty := terminal(t)
	self, err := os.Executable()
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // a command that waits for ever fails
	t.Cleanup(cancel)
	cmd = exec.CommandContext(ctx, self, args...)
	cmd.Env = append(os.Environ(), asAuthctl+"=1")
	stdin, err = cmd.StdinPipe()
	require.NoError(t, err)
	cmd.Stdout, cmd.Stderr = tty, tty
	if out != nil {
		cmd.Stdout = out
	}
	require.NoError(t, cmd.Start())
	require.NoError(t, tty.Close())
	return cmd, stdin, screen
}

// TestInterrupted: ^C ends a command that waits for a line.
func TestInterrupted(t *testing.T) {
	cmd, stdin, screen := start(t, nil, "explain", "--json")
	_, err := io.WriteString(stdin, line)
	require.NoError(t, err)
	r := bufio.NewReader(screen)
	_, err = r.ReadString('\n') // it has explained the line, and waits for the next
	require.NoError(t, err)
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	rest, _ := io.ReadAll(r)
	require.Error(t, cmd.Wait())
	assert.Equal(t, 2, cmd.ProcessState.ExitCode())
	assert.True(t, strings.HasSuffix(string(rest), "authctl: interrupted\r\n"), string(rest))
	require.NoError(t, screen.Close())
}

// TestColours: what changed has a colour on a terminal, but for who wants none, and in
// JSON.
func TestColours(t *testing.T) {
	const changed, off = "\x1b[33m~", "\x1b[0m"
	for name, tc := range map[string]struct {
		noColour string
		args     []string
		coloured bool
	}{
		"terminal": {"", []string{"explain"}, true},
		"NO_COLOR": {"1", []string{"explain"}, false},
		"JSON":     {"", []string{"explain", "--json"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("NO_COLOR", tc.noColour)
			cmd, stdin, screen := start(t, nil, tc.args...)
			_, err := io.WriteString(stdin, line)
			require.NoError(t, err)
			require.NoError(t, stdin.Close())
			all, _ := io.ReadAll(screen) // ends with an error, as nobody has the terminal any more
			require.NoError(t, cmd.Wait())
			require.Contains(t, string(all), "login_success")
			assert.Equal(t, tc.coloured, strings.Contains(string(all), changed))
			assert.Equal(t, tc.coloured, strings.Contains(string(all), off))
			require.NoError(t, screen.Close())
		})
	}
}

// TestProgress: each command that reads shows on a terminal how far it is, and has
// taken that off before its output begins. The sample comes through a pipe for as long
// as nothing was shown.
func TestProgress(t *testing.T) {
	const config = `yaml:{receivers: {auth_events: {stdin: {}}}, processors: {pii_scrub: {keys: [{id: k, secret: "11111111111111111111111111111111"}]}}, service: {pipelines: {logs: {receivers: [auth_events], processors: [pii_scrub]}}}}`
	profile := filepath.Join("internal", "profiles", "testdata", "acme.yaml")
	for name, tc := range map[string]struct {
		args []string
		want string // an expression for the beginning of the output
	}{
		"explain":       {[]string{"explain"}, ""}, // whose output comes line by line
		"drift":         {[]string{"drift"}, "# Drift"},
		"profile draft": {[]string{"profile", "draft", "--lines", "1000000"}, "# A draft"},
		"profile test":  {[]string{"profile", "test", profile, "-"}, "profile acme"},
		"policy diff":   {[]string{"policy", "diff", config, config, "--sample", "-"}, "pii_scrub, on"},
		"bench":         {[]string{"bench", "-c", config, "--duration", "1s", "--json"}, `\{`},
		"scan":          {[]string{"scan", "-"}, `\d+ values of personal data found`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out io.Writer // one screen for both, as it mostly is
			if tc.want == "" {
				out = io.Discard
			}
			cmd, stdin, screen := start(t, out, tc.args...)
			shown := make(chan string, 1)
			rest := make(chan string, 1)
			go func() {
				r := bufio.NewReader(screen)
				first, _ := r.ReadString('K')
				shown <- first
				all, _ := io.ReadAll(r) // ends with an error, as nobody has the terminal any more
				rest <- string(all)
			}()
			for some := strings.Repeat(line, 64); len(shown) == 0; {
				if _, err := io.WriteString(stdin, some); err != nil {
					break // bench reads none
				}
			}
			assert.Regexp(t, `^\r(\d+ lines, \d+/s(, \d+%, (\d+[hm])*\d+s left)?|\d+ MB, [\d.]+ MB/s|auth_events, \d+%, 1s left)\x1b\[K$`, <-shown)
			require.NoError(t, stdin.Close())
			_ = cmd.Wait() // some have found something
			all := <-rest
			const off = "\r\x1b[K"
			require.Contains(t, all, off, "the line is still there")
			last := all[strings.LastIndex(all, off)+len(off):]
			assert.Regexp(t, "^"+tc.want, last)
			assert.NotContains(t, last, " left")
			require.NoError(t, screen.Close())
		})
	}
}
