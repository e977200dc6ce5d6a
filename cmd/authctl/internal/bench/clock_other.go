//go:build !linux && !darwin

package bench

import (
	"errors"
	"time"
)

func cpuTime() (time.Duration, error) {
	return 0, errors.New("bench measures CPU time on Linux and macOS only: run it there")
}
