//go:build unix

package authevents

import (
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"go.opentelemetry.io/collector/component"
)

// askAgain is how long to wait before the collector is asked to stop again.
const askAgain = 100 * time.Millisecond

// stopper ends the collector as its operator would, with SIGTERM, since the end
// of standard input is no failure: a fatal component status, the only way that
// the collector offers, logs an error.
//
// The collector listens for signals only when all components have started, and
// standard input may be at its end before. So the signal is caught here as
// well, that it can't kill, and sent again until Shutdown has begun.
type stopper struct {
	caught chan os.Signal
	done   chan struct{}
	asking sync.WaitGroup
}

func newStopper() *stopper {
	return &stopper{caught: make(chan os.Signal, 1), done: make(chan struct{})}
}

// ask begins to ask, and returns at once.
func (s *stopper) ask(component.Host) {
	signal.Notify(s.caught, syscall.SIGTERM)
	s.asking.Go(func() {
		defer signal.Stop(s.caught)
		for {
			if syscall.Kill(os.Getpid(), syscall.SIGTERM) == nil {
				<-s.caught // delivered: nothing is under way when catching ends
			}
			select {
			case <-s.done:
				return
			case <-time.After(askAgain):
			}
		}
	})
}

// close ends asking. It is called once.
func (s *stopper) close() {
	close(s.done)
	s.asking.Wait()
}
