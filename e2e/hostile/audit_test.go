//go:build linux

package hostile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
	"github.com/authevents/otelcol-auth/internal/pgtest"
)

// TestAudit: the same lines into Postgres, which has bounds of its own: on the size of
// what is indexed, the depth of JSON, and NUL. Each record is a row of the table; none
// is refused, and none stands in the way of those behind it.
func TestAudit(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t, pgtest.Options{})
	database := server.Database(t)
	r := newRigWith(t, []string{"e2e/hostile/testdata/audit.yaml"}, "POSTGRES_DSN="+server.DSN(pgtest.Superuser, database))
	for i, c := range lines() {
		t.Run(c.name, func(t *testing.T) {
			r.place(t, fmt.Sprintf("%d.log", i), []byte(c.text))
			r.settle(t, strings.Count(c.text, "\n"))
		})
	}
	samples, err := colproc.Await(t.Context(), r.TelemetryURL, e2etest.Patience, func([]colproc.Sample) bool { return true })
	require.NoError(t, err)
	// The other exporter of the same lines says how many records they make.
	records := int(colproc.Sum(samples, "otelcol_exporter_sent_log_records_total", "exporter", "otlp_http"))
	require.Greater(t, records, 60_000)
	assert.Equal(t, records, server.Count(t, database, "security_audit"))
	var rejected bool
	server.Scan(t, database, "SELECT to_regclass('security_audit_rejected') IS NOT NULL", &rejected)
	assert.False(t, rejected, "a row was set aside")
	r.finish(t)
	for _, personal := range []string{"@example.com", "192.0.2.1"} {
		assert.NotContains(t, r.Log(), personal)
	}
}
