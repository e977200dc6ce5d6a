//go:build unix

// Package soak runs the built collector under a steady load for a long time, and
// does random harm to its destination, its files and its process meanwhile. At
// the end every line must have arrived, and the process hold no more than before.
package soak

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"math"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/authevents/otelcol-auth/internal/colproc"
)

//go:embed overlay.yaml
var overlay string

// patience is for a loaded machine; nothing waits for it in vain.
const patience = 30 * time.Second

// Options of a soak.
type Options struct {
	// Root is the project's folder, with _build/otelcol-auth; Dir is an empty
	// folder for logs and state. Both are absolute paths.
	Root, Dir string
	// Seed decides which faults come when, as far as time permits.
	Seed uint64
	// Load is how long lines are written. Draining comes on top.
	Load time.Duration
	// Rate is how many lines a second each of the two collectors gets.
	Rate int
	// Pace is about how long a fault lasts; the time between faults, rotations
	// and kills goes by it.
	Pace time.Duration
	// Retry is the exporter's first wait after a refusal, Flush the connector's
	// interval, Every the time between two samples.
	Retry, Flush, Every time.Duration
	// Stall is how long nothing new arrives at the end before lines count as lost.
	// It must be longer than the exporter waits between two tries: 45 s.
	Stall time.Duration
	// Progress is called with a line for the terminal now and then; nil for none.
	Progress func(string)
}

// Long are the options of `make soak`, but for folders and seed.
func Long(load time.Duration) Options {
	return Options{
		Load: load, Rate: 1000, Pace: 4 * time.Second,
		Retry: 5 * time.Second, Flush: 5 * time.Second, Every: 5 * time.Second, Stall: 90 * time.Second,
	}
}

// Short are those of a run within a test: all is faster.
func Short(load time.Duration) Options {
	return Options{
		Load: load, Rate: 1000, Pace: 400 * time.Millisecond,
		Retry: 100 * time.Millisecond, Flush: 500 * time.Millisecond, Every: 500 * time.Millisecond, Stall: 60 * time.Second,
	}
}

// Run soaks two collectors at once. One is never ended, so that what it holds can
// be compared over all the time; the other is killed again and again. The error
// is of the soak itself; what it found is in the report.
func Run(ctx context.Context, o Options) (*Report, error) {
	ctx, cancel := context.WithCancel(ctx) // ends the processes if one side fails
	defer cancel()
	var sides []*side
	g, groupCtx := errgroup.WithContext(ctx)
	var setUp error
	for _, c := range []struct {
		name     string
		isKilled bool
	}{{"steady", false}, {"killed", true}} {
		s, err := newSide(groupCtx, o, c.name, c.isKilled)
		sides = append(sides, s)
		setUp = errors.Join(setUp, err)
	}
	if setUp == nil {
		for _, s := range sides {
			g.Go(func() error { return s.run(groupCtx) })
		}
	}
	err := errors.Join(setUp, g.Wait())
	for _, s := range sides {
		err = errors.Join(err, s.close())
	}
	if err != nil {
		return nil, err
	}
	return newReport(o, sides[0], sides[1]), nil
}

// run is one side from the first start to the last end.
func (s *side) run(ctx context.Context) error {
	if err := s.start(ctx); err != nil {
		return err
	}
	if err := s.ready(ctx); err != nil {
		return err
	}
	s.began = time.Now()
	load, cancel := context.WithTimeout(ctx, s.o.Load)
	defer cancel()
	g, load := errgroup.WithContext(load)
	g.Go(func() error { return s.write(load) })
	g.Go(func() error { s.harmDestination(load); return nil })
	g.Go(func() error { s.watch(load); return nil })
	if s.killed {
		g.Go(func() error { return s.harmProcess(load, ctx) })
	}
	if err := g.Wait(); err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	s.settle(ctx)
	s.count(ctx)
	s.terminate()
	return ctx.Err()
}

// ready waits until the process can be sampled: how long a start takes is none of
// the soak's business.
func (s *side) ready(ctx context.Context) error {
	p, pprof := s.running()
	for deadline := time.Now().Add(patience); ; {
		_, err := take(ctx, p.PID(), pprof)
		switch {
		case err == nil:
			return nil
		case p.Ended() || time.Now().After(deadline) || !wait(ctx, 50*time.Millisecond):
			return fmt.Errorf("%s: the collector does not start: %w\n%s", s.name, err, lastOf(p.Log()))
		}
	}
}

// watch samples the process, until the context ends. What can't be sampled
// because the process has just ended is left out.
func (s *side) watch(ctx context.Context) {
	for wait(ctx, s.o.Every) {
		p, pprof := s.running()
		sample, err := take(ctx, p.PID(), pprof)
		if err == nil {
			sample.at = time.Since(s.began)
			s.samples = append(s.samples, sample)
		} else if !s.killed && ctx.Err() == nil {
			s.problems.add("sample: %v", err)
		}
		s.say()
	}
}

// say tells how far the side is, twice a minute.
func (s *side) say() {
	if n := len(s.samples); s.o.Progress == nil || n == 0 || n%6 != 0 {
		return
	}
	last, tally := s.samples[len(s.samples)-1], s.sink.Ledger.Tally()
	s.o.Progress(fmt.Sprintf("%s %5s  arrived %d, twice %d  anonymous %.1f MB, live heap %.1f MB, goroutines %.0f, descriptors %.0f  %s",
		s.name, last.at.Round(time.Second), tally.Distinct, tally.Duplicates,
		last.anonymous/1e6, last.live/1e6, last.goroutines, last.descriptors, s.done))
}

// settle waits until all lines have arrived, or nothing new has come for long.
func (s *side) settle(ctx context.Context) {
	begin := time.Now()
	for s.missing() > 0 && min(time.Since(begin), s.sink.Ledger.Idle()) < s.o.Stall {
		p, _ := s.running()
		if p.Ended() || !wait(ctx, 50*time.Millisecond) {
			return
		}
	}
}

// count waits until the counts say as much as was written. A collector that was
// killed may be short: it gets a few flushes.
func (s *side) count(ctx context.Context) {
	p, _ := s.running()
	if p.Ended() {
		s.problems.add("the collector ended by itself:\n%s", lastOf(p.Log()))
		return
	}
	lines, _ := s.written()
	begin := time.Now()
	samples, err := colproc.Await(ctx, p.MetricsURL, patience, func(samples []colproc.Sample) bool {
		counted := colproc.Sum(samples, countedEvents)
		enough := s.killed && counted > 0 && time.Since(begin) > 4*s.o.Flush
		return enough || math.Round(counted) >= float64(lines)
	})
	if err != nil {
		s.problems.add("counts of %d lines: %.200s", lines, err)
	}
	if len(samples) > 0 {
		s.counted = colproc.Sum(samples, countedEvents)
	}
}

// countedEvents is the counter of all events: each line is one.
const countedEvents = "auth_events_total"
