//go:build unix

package datadog

import (
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// requireQueried: each attribute and metric that the documentation's queries
// name has arrived.
func requireQueried(t *testing.T, r *run) {
	t.Helper()
	page := e2etest.ReadFile(t, filepath.Join(e2etest.Root(t), "docs", "destinations", "datadog.md"))
	known := map[string]bool{}
	for _, l := range r.server.Logs() {
		for name := range l.Attributes {
			known["@"+name] = true
		}
	}
	for series := range counts(r.server) {
		known["sum:"+series[:regexp.MustCompile(`[{]`).FindStringIndex(series)[0]]] = true
	}
	names := regexp.MustCompile(`@[a-z_]+(\.[a-z_]+)+|sum:[a-z_.]+`).FindAllString(page, -1)
	require.Greater(t, len(names), 20)
	for _, name := range names {
		assert.True(t, known[name], name)
	}
}
