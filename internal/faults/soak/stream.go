//go:build unix

package soak

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/authevents/otelcol-auth/internal/faults/ledger"
)

const (
	// keep is how many rotated files of a stream stay once they are delivered.
	keep = 4
	// drainPatience is how long a stream waits for delivery before it is truncated.
	drainPatience = 8 * time.Second
)

// stream is a log file as an identity provider writes it: it grows, and is
// rotated in one way or another. Only the writer's goroutine uses it.
type stream struct {
	path      string
	templates []template
	ledger    *ledger.Ledger
	rng       *rand.Rand
	// Sequence numbers of a stream are index, index+step, index+2*step, …
	index, step int
	written     int // lines so far
	done        faultCounts
	// mayDelete says whether a file may be deleted that is not read to its end.
	mayDelete bool
	turnover  time.Duration // mean time between rotations

	file    *os.File
	rest    []byte // the end of a chunk, which comes with the next one
	begun   int    // value of written when the file was empty
	due     time.Time
	rotated []generation
	number  int // of the last rotated file
	// drain is what is done to the file once it is delivered, nil for nothing.
	drain     func() error
	drainedBy time.Time
}

// generation is a rotated file: the stream's lines from one to another.
type generation struct {
	path     string
	from, to int
}

func (s *stream) sequence(i int) int { return s.index + i*s.step }

// missing counts the lines of a part of the stream that have not arrived.
func (s *stream) missing(from, to int) int {
	missing := 0
	for i := from; i < to; i++ {
		if !s.ledger.Seen(s.sequence(i)) {
			missing++
		}
	}
	return missing
}

func (s *stream) delivered(from, to int) bool {
	for i := from; i < to; i++ {
		if !s.ledger.Seen(s.sequence(i)) {
			return false
		}
	}
	return true
}

// open creates the file, or goes on with it.
func (s *stream) open(now time.Time) (err error) {
	s.file, err = os.OpenFile(s.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	s.begun = s.written
	s.due = now.Add(s.turnover/2 + below(s.rng, s.turnover))
	return err
}

// write appends n lines. The chunk ends in the middle of a line as often as not.
func (s *stream) write(n int, now time.Time) error {
	for range n {
		t := &s.templates[s.rng.IntN(len(s.templates))]
		s.rest = t.append(s.rest, s.sequence(s.written), now.UTC())
		s.written++
	}
	whole := len(s.rest) - len(s.rest)/7
	if _, err := s.file.Write(s.rest[:whole]); err != nil {
		return err
	}
	s.rest = append(s.rest[:0], s.rest[whole:]...)
	return nil
}

// flush writes what is left of the last chunk.
func (s *stream) flush() error {
	_, err := s.file.Write(s.rest)
	s.rest = s.rest[:0]
	return err
}

// turn does what is due: a rotation, or the end of one. It says whether lines
// may be written to the stream now.
func (s *stream) turn(now time.Time) (writable bool, err error) {
	if s.drain != nil {
		switch {
		case s.delivered(s.begun, s.written):
			err = s.drain()
		case now.Before(s.drainedBy):
			return false, nil
		}
		s.drain = nil // given up in an outage: the file is rotated later
		return true, err
	}
	if now.Before(s.due) || s.written == s.begun {
		return true, nil
	}
	return s.rotate(now)
}

func (s *stream) rotate(now time.Time) (writable bool, err error) {
	kind := fileFaults[s.rng.IntN(len(fileFaults))]
	s.due = now.Add(s.turnover/2 + below(s.rng, s.turnover))
	switch kind {
	case truncated:
		return false, s.drainTo(now, kind, func() error {
			s.begun = s.written
			return os.Truncate(s.path, 0)
		})
	case deleted:
		// A file that is open when it is deleted is read to its end. It surely is
		// open once a line of it has arrived, and only until the process ends.
		if s.mayDelete && s.ledger.Seen(s.sequence(s.begun)) {
			s.done.add(kind)
			return true, s.replace(now, func() error { return os.Remove(s.path) })
		}
		return false, s.drainTo(now, kind, func() error {
			return s.replace(now, func() error { return os.Remove(s.path) })
		})
	}
	s.done.add(kind)
	s.number++
	g := generation{path: fmt.Sprintf("%s.%d", s.path, s.number), from: s.begun, to: s.written}
	if err := s.replace(now, func() error { return os.Rename(s.path, g.path) }); err != nil {
		return false, err
	}
	if kind == gzipped {
		if err := compress(g.path, filepath.Join(filepath.Dir(s.path), ".compressing")); err != nil {
			return false, err
		}
		g.path += ".gz"
	}
	s.rotated = append(s.rotated, g)
	return true, s.forget()
}

// drainTo ends the file with a whole line, and has act called once all of it has
// arrived.
func (s *stream) drainTo(now time.Time, kind fault, act func() error) error {
	s.drainedBy = now.Add(drainPatience)
	s.drain = func() error {
		s.done.add(kind)
		return act()
	}
	return s.flush()
}

// replace takes the file away, and begins another one. The last lines come to
// the old file after it is taken away, as from writers that have it open.
func (s *stream) replace(now time.Time, takeAway func() error) error {
	if err := takeAway(); err != nil {
		return err
	}
	if err := s.flush(); err != nil {
		return err
	}
	if err := s.file.Close(); err != nil {
		return err
	}
	return s.open(now)
}

// forget removes old rotated files that are delivered, so that the disk is not
// filled.
func (s *stream) forget() error {
	for len(s.rotated) > keep && s.delivered(s.rotated[0].from, s.rotated[0].to) {
		if err := os.Remove(s.rotated[0].path); err != nil {
			return err
		}
		s.rotated = s.rotated[1:]
	}
	return nil
}
