package autheventsblob

import (
	"errors"
	"io"
	"time"
)

// source reads an object as it is stored. It tells an error of the bucket from
// one of what the object holds, and ends a read that comes to nothing.
type source struct {
	r io.Reader
	// cancel ends a read, and all that follow.
	cancel func()
	stall  time.Duration
	size   int64 // read so far, from the beginning of the object
	whole  int64 // size of all of it
	err    error // of the bucket; nil for none, and for io.EOF
}

// Read gives up after stall. Between reads it may take any time: the pipeline
// may be slow.
func (s *source) Read(p []byte) (int, error) {
	timer := time.AfterFunc(s.stall, s.cancel)
	n, err := s.r.Read(p)
	timer.Stop()
	s.size += int64(n)
	if errors.Is(err, io.EOF) && s.size < s.whole {
		// An end here would pass for that of a line, or for damage.
		err = errCut
	}
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}
