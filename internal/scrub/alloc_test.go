//go:build !race

// Under the race detector sync.Pool drops some of what it is given.

package scrub

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// TestAllocations: one for each value that is replaced where its pseudonym is
// remembered, three where it is not; of a record that has nothing, see
// TestLeavesAloneWithoutAllocating.
func TestAllocations(t *testing.T) {
	const records, runs = 100, 10
	for _, source := range []string{"login_gov", "hera"} {
		for _, form := range []string{"text", "map"} {
			for _, hit := range []bool{true, false} {
				t.Run(fmt.Sprintf("%s/%s/hit=%t", source, form, hit), func(t *testing.T) {
					p := testPolicy()
					p.Verify = 0
					s := newTest(t, p)
					s.Logs(sampleBatch(t, source, form, 1, false)) // the plan, the walker's buffers
					changed := 0
					var batches []plog.Logs
					template := sampleBatch(t, source, form, records, !hit)
					for range runs + 1 { // the first one warms up
						ld := plog.NewLogs()
						template.CopyTo(ld)
						batches = append(batches, ld)
					}
					allocs := testing.AllocsPerRun(runs, func() {
						stats := s.Logs(batches[0])
						batches = batches[1:]
						if !hit {
							assert.NoError(t, s.SetKeys(p.Keys)) // which forgets all pseudonyms
						}
						changed = changedValues(stats)
					})
					keys := 0.0
					if !hit {
						keys = testing.AllocsPerRun(runs, func() { assert.NoError(t, s.SetKeys(p.Keys)) })
					}
					perValue := 1
					if !hit {
						perValue = 3
					}
					require.GreaterOrEqual(t, changed, 2*records)
					t.Logf("%d values, %.1f allocations a record", changed/records, (allocs-keys)/records)
					assert.LessOrEqual(t, allocs-keys, float64(perValue*changed))
				})
			}
		}
	}
}

func changedValues(stats Stats) (n int) {
	for kind := range stats.Changed {
		for action := range stats.Changed[kind] {
			for by := range stats.Changed[kind][action] {
				for _, count := range stats.Changed[kind][action][by] {
					n += int(count)
				}
			}
		}
	}
	return n
}
