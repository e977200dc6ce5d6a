//go:build unix

package soak

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"
)

// fault is the name of something that is done to a collector, its files or its
// destination, as the report prints it.
type fault string

const (
	refused503 fault = "503"
	refused429 fault = "429"
	slow       fault = "slow answers"
	paused     fault = "pause of the destination"
	reset      fault = "connections reset"
	blackHole  fault = "black hole"
	cutAnswers fault = "answers cut"

	renamed   fault = "renamed"
	gzipped   fault = "renamed and gzipped"
	truncated fault = "truncated"
	deleted   fault = "deleted"

	killed     fault = "kill -9"
	terminated fault = "SIGTERM"
)

var (
	sinkFaults = []fault{refused503, refused429, slow, paused, reset, blackHole, cutAnswers}
	fileFaults = []fault{renamed, renamed, gzipped, truncated, deleted}
	// Two kills for one good end.
	processFaults = []fault{killed, killed, terminated}
	// allFaults is the order of the report.
	allFaults = []fault{
		refused503, refused429, slow, paused, reset, blackHole, cutAnswers,
		renamed, gzipped, truncated, deleted, killed, terminated,
	}
)

// faultCounts counts what was done; it is safe for several goroutines.
type faultCounts struct {
	mu     *sync.Mutex
	counts map[fault]int // a key for each of allFaults at most
}

func newFaultCounts() faultCounts { return faultCounts{&sync.Mutex{}, map[fault]int{}} }

func (c faultCounts) add(f fault) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts[f]++
}

func (c faultCounts) of(faults ...fault) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for f, count := range c.counts {
		if slices.Contains(faults, f) {
			n += count
		}
	}
	return n
}

// String is "503 12, 429 9, …".
func (c faultCounts) String() string {
	var parts []string
	for _, f := range allFaults {
		if n := c.of(f); n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", f, n))
		}
	}
	return strings.Join(parts, ", ")
}

// below is a random time from 0 up to limit, which is above 0.
func below(rng *rand.Rand, limit time.Duration) time.Duration {
	return time.Duration(rng.Int64N(int64(limit)))
}
