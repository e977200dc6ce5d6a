//go:build unix

package soak

import (
	"context"
	"time"
)

// tick is how often lines are written.
const tick = 10 * time.Millisecond

// write writes lines at a steady rate until the context ends, and rotates the
// files. It leaves all files with whole lines.
func (s *side) write(ctx context.Context) error {
	for _, st := range s.streams {
		if err := st.open(s.began); err != nil {
			return err
		}
	}
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	written, next := 0, 0
	for {
		select {
		case <-ctx.Done():
			return s.closeFiles()
		case <-ticker.C:
		}
		now := time.Now()
		// What is due by now, rather than a fixed number: a late tick is made up for.
		due := int(now.Sub(s.began).Seconds()*float64(s.o.Rate)) - written
		for range s.streams {
			st := s.streams[next%len(s.streams)]
			next++
			writable, err := st.turn(now)
			if err != nil {
				return err
			}
			if writable {
				if err := st.write(due, now); err != nil {
					return err
				}
				written += due
				break
			}
		}
	}
}

func (s *side) closeFiles() error {
	for _, st := range s.streams {
		if err := st.flush(); err != nil {
			return err
		}
		if err := st.file.Close(); err != nil {
			return err
		}
	}
	return nil
}

// written counts the lines of all streams; end is the first sequence number
// above all of them.
func (s *side) written() (lines, end int) {
	for _, st := range s.streams {
		lines += st.written
		end = max(end, st.sequence(st.written))
	}
	return lines, end
}

// missing counts the lines that have not arrived.
func (s *side) missing() (n int) {
	for _, st := range s.streams {
		n += st.missing(0, st.written)
	}
	return n
}
