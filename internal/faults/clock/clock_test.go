//go:build linux && amd64

package clock

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// childVariable makes the test's binary a process that says what time it is.
const childVariable = "CLOCK_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		sayTime()
		return
	}
	os.Exit(m.Run())
}

// sayTime answers each line with the Unix time in ns, and the nanoseconds since
// its start by the monotonic clock. Meanwhile another thread asks for the time
// without a pause, so that it is often inside the function.
func sayTime() {
	begin := time.Now()
	go func() {
		for time.Since(begin) < time.Minute {
		}
	}()
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		fmt.Println(time.Now().UnixNano(), time.Since(begin).Nanoseconds())
	}
}

func TestSet(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"=1")
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	last := int64(0)
	ask := func() (ahead time.Duration) {
		t.Helper()
		_, err := fmt.Fprintln(in)
		require.NoError(t, err)
		var wall, monotonic int64
		_, err = fmt.Fscanln(out, &wall, &monotonic)
		require.NoError(t, err)
		assert.Greater(t, monotonic, last, "the monotonic clock goes on")
		assert.Less(t, time.Duration(monotonic), time.Minute)
		last = monotonic
		return time.Until(time.Unix(0, wall))
	}
	const late = 10 * time.Second // for a loaded machine
	assert.InDelta(t, 0, ask(), float64(late))
	c, err := Take(cmd.Process.Pid)
	require.NoError(t, err)
	for _, offset := range []time.Duration{0, time.Hour, -time.Hour, 0} {
		require.NoError(t, c.Set(offset))
		assert.InDelta(t, offset, ask(), float64(late))
	}
	require.NoError(t, in.Close())
	require.NoError(t, cmd.Wait())
}

func TestTakeRefuses(t *testing.T) {
	_, err := Take(1 << 30)
	require.ErrorIs(t, err, os.ErrNotExist)
}
