//go:build unix

package cloudwatch

import (
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// requireQueried: each attribute that the documentation's queries name is one
// of the records.
func requireQueried(t *testing.T, r *run) {
	t.Helper()
	page := e2etest.ReadFile(t, filepath.Join(e2etest.Root(t), "docs", "destinations", "cloudwatch.md"))
	known := map[string]bool{}
	for _, logs := range r.server.Logs() {
		for _, rl := range logs.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, record := range sl.LogRecords().All() {
					for name := range record.Attributes().All() {
						known[name] = true
					}
				}
			}
		}
	}
	names := regexp.MustCompile(`(?:^|[^.])attributes\.([a-z_]+(?:\.[a-z_]+)+)`).FindAllStringSubmatch(page, -1)
	require.Greater(t, len(names), 15)
	for _, name := range names {
		if name[1] != "service.name" {
			assert.True(t, known[name[1]], name[1])
		}
	}
}
