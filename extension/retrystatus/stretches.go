package retrystatus

import (
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"
)

// stretches keeps what a client's destination answers in place of taking. A
// stretch begins with the first answer of a status, and ends with the first
// request that is taken: both are said once. Answers of other errors, and
// broken connections, say nothing about it.
type stretches struct {
	codes  []int // ascending
	logger *zap.Logger
	any    atomic.Bool // whether one lasts: read on each request, without the lock

	mu   sync.Mutex
	open []stretch // by the index of the status in codes
}

// stretch lasts if it has answers.
type stretch struct {
	since   time.Time
	host    string
	answers int
}

func newStretches(codes []int, logger *zap.Logger) *stretches {
	return &stretches{codes: codes, logger: logger, open: make([]stretch, len(codes))}
}

// add notes an answer of the status at an index of codes.
func (s *stretches) add(i int, host string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := &s.open[i]
	o.answers++
	if o.answers > 1 {
		return
	}
	o.since, o.host = time.Now(), host
	s.any.Store(true)
	s.logger.Warn("The destination refuses what it is sent; it is sent again until it is taken, and what comes behind it waits",
		zap.Int("http.response.status_code", s.codes[i]), zap.String("server.address", host))
}

// end notes that a request was taken.
func (s *stretches) end() {
	if s.any.Load() {
		s.close("The destination takes again what it is sent")
	}
}

// shutdown notes that no request comes any more.
func (s *stretches) shutdown() {
	s.close("The destination refused what it was sent until the shutdown")
}

func (s *stretches) close(message string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, o := range s.open {
		if o.answers == 0 {
			continue
		}
		s.logger.Info(message,
			zap.Int("http.response.status_code", s.codes[i]), zap.String("server.address", o.host),
			zap.Time("since", o.since), zap.Duration("lasted", time.Since(o.since)), zap.Int("responses", o.answers))
		s.open[i] = stretch{}
	}
	s.any.Store(false)
}
