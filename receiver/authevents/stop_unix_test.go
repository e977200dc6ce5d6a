//go:build unix

package authevents

import (
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
)

// The signal does not kill while nobody listens, and is sent again for who
// begins to listen late, as the collector does.
func TestStopperSignals(t *testing.T) {
	s := newStopper()
	s.ask(componenttest.NewNopHost())
	time.Sleep(askAgain / 2) // the first signal meets no listener

	collector := make(chan os.Signal, 3)
	signal.Notify(collector, syscall.SIGTERM)
	defer signal.Stop(collector)
	select {
	case <-collector:
	case <-time.After(5 * time.Second):
		require.Fail(t, "not asked again")
	}
	s.close()
	for len(collector) > 0 {
		<-collector
	}
	time.Sleep(2 * askAgain)
	assert.Empty(t, collector, "asked after close")
}

func TestStopperUnused(t *testing.T) {
	s := newStopper()
	s.close()
	assert.Empty(t, s.caught)
}
