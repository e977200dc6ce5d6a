//go:build linux || darwin

package bench

import (
	"time"

	"golang.org/x/sys/unix"
)

// cpuTime is what this process has had of the processors, the garbage collector's
// part too. It is getrusage's time to the nanosecond: on Linux that counts in ticks.
func cpuTime() (time.Duration, error) {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &t); err != nil {
		return 0, err
	}
	return time.Duration(t.Nano()), nil
}
