//go:build !race

// Under the race detector sync.Pool drops some of what it is given.

package eventmetrics

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
)

// A record costs no allocation once its values, its user and its series are
// known; a batch costs one, its transaction.
func TestAllocations(t *testing.T) {
	for name, ld := range map[string]plog.Logs{"hera": heraBatch(), "login_gov": steadyBatch()} {
		t.Run(name, func(t *testing.T) {
			// The clock stands still: with each of its steps windows may grow.
			c := &clock{start}
			e, err := New(catalogue.Builtin(), Settings{Start: start, Now: c.read})
			require.NoError(t, err)
			count(e, ld)
			assert.LessOrEqual(t, testing.AllocsPerRun(200, func() { count(e, ld) }), 1.0)
		})
	}
}
