//go:build !race

// Under the race detector sync.Pool drops some of what it is given.

package eventmetrics

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
)

// A record costs no allocation once its values, its user and its series are
// known, or there is no room for its values; a batch costs one, its transaction.
func TestAllocations(t *testing.T) {
	clients := make([]event, 10*batchSize)
	for i := range clients {
		clients[i] = authorization(fmt.Sprint("client-", i))
	}
	for name, ld := range map[string]plog.Logs{"hera": heraBatch(), "login_gov": steadyBatch(), "clients": logs(clients...)} {
		t.Run(name, func(t *testing.T) {
			// The clock stands still: with each of its steps windows may grow.
			c := &clock{start}
			e, err := New(catalogue.Builtin(), Settings{Start: start, Now: c.read})
			require.NoError(t, err)
			for range 3 { // a shape is kept once all of its values are known
				count(e, ld)
			}
			assert.LessOrEqual(t, testing.AllocsPerRun(200, func() { count(e, ld) }), 1.0)
		})
	}
}
