// Package pairs runs the two sides of a comparison by turns, each run in a
// process of its own, so that what the machine does besides falls on both.
package pairs

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"
)

// CPU returns the time that this process has had of the processors, user and
// system, its garbage collector included.
func CPU() (time.Duration, error) {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0, err
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()), nil
}

// Child runs this program with other arguments, and returns what it prints.
func Child(deadline time.Duration, args ...string) ([]byte, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%q: %w", args, err)
	}
	return out, nil
}

// Spread returns the least, the middle and the greatest of values, of which
// there is at least one.
func Spread(values []float64) (low, median, high float64) {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[0], sorted[len(sorted)/2], sorted[len(sorted)-1]
}

// Ratios divides run by run, so that a noisy moment falls on both sides.
func Ratios(over, under []float64) []float64 {
	ratios := make([]float64, len(under))
	for i := range ratios {
		ratios[i] = over[i] / under[i]
	}
	return ratios
}
