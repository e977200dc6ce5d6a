package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestInterruptOfOneThatDoesNotListen: ^C ends a command whose output is stuck, as it
// does one that computes for long.
func TestInterruptOfOneThatDoesNotListen(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // which has no such signal
	}
	self, err := os.Executable()
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // one that waits for ever fails
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, self, "explain", "--json")
	cmd.Env = append(os.Environ(), asAuthctl+"=1")
	cmd.Stdin = strings.NewReader(strings.Repeat(`{"type":"audit","event":"login_success","user_agent":"x"}`+"\n", 2000))
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	errOut, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	_, err = bufio.NewReaderSize(out, 16).ReadByte() // it runs; nobody reads on
	require.NoError(t, err)
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	said, err := io.ReadAll(errOut)
	require.NoError(t, err)
	assert.Equal(t, "authctl: interrupted\n", string(said))
	require.Error(t, cmd.Wait())
	assert.Equal(t, 2, cmd.ProcessState.ExitCode())
}
