//go:build unix

package soak

import (
	"context"
	"net/http"
	"time"

	"github.com/authevents/otelcol-auth/internal/faults/proxy"
)

// termTimeout is what docs/operations.md promises for SIGTERM.
const termTimeout = 10 * time.Second

// wait waits for a time; false if the context ended before.
func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// harmDestination spoils the way to the destination and the destination itself,
// for a while each time, until the context ends. At the end all is well.
func (s *side) harmDestination(ctx context.Context) {
	rng := s.seeded(1)
	for wait(ctx, s.o.Pace/2+below(rng, s.o.Pace*2)) {
		kind := sinkFaults[rng.IntN(len(sinkFaults))]
		spoilt := s.proxy.Spoilt()
		switch kind {
		case refused503:
			s.sink.Answer(http.StatusServiceUnavailable)
		case refused429:
			s.sink.Answer(http.StatusTooManyRequests)
		case slow:
			s.sink.Delay(s.o.Pace / 20)
		case paused:
			s.sink.Delay(s.o.Pace)
		case reset:
			s.proxy.Set(proxy.Reset)
		case blackHole:
			s.proxy.Set(proxy.BlackHole)
		case cutAnswers:
			s.proxy.Set(proxy.CutAnswer)
		}
		s.done.add(kind)
		wait(ctx, s.o.Pace/4+below(rng, s.o.Pace))
		s.sink.Answer(http.StatusOK)
		s.sink.Delay(0)
		s.proxy.Set(proxy.Pass)
		if kind == cutAnswers {
			s.cut += s.proxy.Spoilt() - spoilt
		}
	}
}

// harmProcess ends the process in one way or another and starts it again, until
// the context ends. At the end it runs.
func (s *side) harmProcess(ctx, life context.Context) error {
	rng := s.seeded(2)
	for wait(ctx, s.o.Pace/40+below(rng, s.o.Pace*8)) {
		kind := processFaults[rng.IntN(len(processFaults))]
		p, _ := s.running()
		if p.Ended() {
			s.problems.add("the collector ended by itself:\n%s", lastOf(p.Log()))
		}
		switch kind {
		case killed:
			p.Kill()
		case terminated:
			s.terminate()
		}
		if kind == killed {
			s.ended(p)
		}
		s.done.add(kind)
		wait(ctx, below(rng, s.o.Pace/2))
		if err := s.start(life); err != nil {
			return err
		}
	}
	return nil
}

// terminate ends the process by SIGTERM: in time, and with exit code 0.
func (s *side) terminate() {
	p, _ := s.running()
	code, err := p.Stop(termTimeout)
	switch {
	case err != nil:
		s.problems.add("SIGTERM: %v\n%s", err, lastOf(p.Log()))
		p.Kill()
	case code != 0:
		s.problems.add("exit code %d after SIGTERM:\n%s", code, lastOf(p.Log()))
	}
	s.ended(p)
}

// lastOf is the end of a log, which says why.
func lastOf(log string) string {
	const most = 2000
	return log[max(0, len(log)-most):]
}
