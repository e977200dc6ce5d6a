//go:build unix

package soak

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/faults/sink"
)

// newTestSide is a side whose 10 lines all arrived, once each, and were counted.
func newTestSide(t *testing.T, name string, isKilled bool) *side {
	t.Helper()
	destination, err := sink.Start(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, destination.Close()) })
	s := &side{name: name, killed: isKilled, sink: destination, done: newFaultCounts(), counted: 10}
	s.streams = []*stream{{ledger: destination.Ledger, step: 1, written: 10}}
	for i := range 10 {
		destination.Ledger.Arrived(i, strconv.Itoa(i))
	}
	for i := range 240 { // 20 minutes
		at := time.Duration(i) * 5 * time.Second
		s.samples = append(s.samples, sample{at: at, anonymous: 60e6, live: 20e6, goroutines: 20, descriptors: 25})
	}
	return s
}

// twice notes that so many arrivals came a second time.
func twice(s *side, n int) {
	for range n {
		s.sink.Ledger.Arrived(3, "3")
	}
}

// TestReport: each thing that can be wrong fails the soak, and the report says what.
func TestReport(t *testing.T) {
	grow := func(s *side, by func(*sample, float64)) {
		for i := range s.samples {
			by(&s.samples[i], s.samples[i].at.Hours())
		}
	}
	for name, c := range map[string]struct {
		change func(steady, killed *side)
		want   string
	}{
		"nothing wrong":            {func(_, _ *side) {}, ""},
		"killed, counted short":    {func(_, k *side) { k.counted = 9 }, ""},
		"duplicates of a kill":     {func(_, k *side) { k.done.add(killed); twice(k, killBound) }, ""},
		"duplicates of cuts":       {func(s, _ *side) { s.cut = 2; twice(s, 2*batchLines) }, ""},
		"duplicates of nothing":    {func(s, _ *side) { twice(s, 1) }, "steady: 1 duplicates of one fault, of which 0 may be"},
		"too many duplicates":      {func(_, k *side) { k.done.add(terminated); twice(k, underWay+1) }, "killed: 8001 duplicates"},
		"lost":                     {func(_, k *side) { k.streams[0].written++ }, "killed: 1 lines never arrived"},
		"another uid":              {func(s, _ *side) { s.cut = 1; s.sink.Ledger.Arrived(3, "x") }, "another log.record.uid"},
		"steady, counted short":    {func(s, _ *side) { s.counted = 9 }, "steady: 9 events counted of 10 lines"},
		"killed, counted too much": {func(_, k *side) { k.counted = 11 }, "killed: 11 events counted of 10 lines: never more"},
		"not counted":              {func(_, k *side) { k.counted = -1 }, "killed: the counts could not be read"},
		"an exit code":             {func(_, k *side) { k.problems.add("exit code %d", 2) }, "killed: exit code 2"},
		"heap grows":               {func(s, _ *side) { grow(s, func(x *sample, h float64) { x.live += 6e6 * h }) }, "live heap, MB: grows by 6.0"},
		"memory grows":             {func(s, _ *side) { grow(s, func(x *sample, h float64) { x.anonymous += 12e6 * h }) }, "anonymous memory, MB: grows by 12.0"},
		"goroutines leak":          {func(s, _ *side) { grow(s, func(x *sample, h float64) { x.goroutines += 60 * h }) }, "goroutines: grows by 60"},
		"descriptors leak":         {func(s, _ *side) { grow(s, func(x *sample, h float64) { x.descriptors += 60 * h }) }, "open descriptors: grows by 60"},
		"never sampled":            {func(s, _ *side) { s.samples = nil }, "live heap, MB: grows by NaN"},
	} {
		steady, killed := newTestSide(t, "steady", false), newTestSide(t, "killed", true)
		c.change(steady, killed)
		report := newReport(Long(20*time.Minute), steady, killed)
		if c.want == "" {
			require.NoError(t, report.Err(), name)
			assert.NotContains(t, report.Markdown(), "| no |", name)
			continue
		}
		require.ErrorContains(t, report.Err(), c.want, name)
		assert.Contains(t, report.Markdown(), "| no |", name)
	}
}

// TestShortReport: what a short load can't tell is not judged.
func TestShortReport(t *testing.T) {
	steady, killed := newTestSide(t, "steady", false), newTestSide(t, "killed", true)
	steady.samples = nil
	report := newReport(Short(9*time.Second), steady, killed)
	require.NoError(t, report.Err())
	assert.Contains(t, report.Markdown(), "too short to tell")
	assert.Equal(t, 20, report.Lines())
}
