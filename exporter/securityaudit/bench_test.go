//go:build unix

package securityaudit

import (
	"testing"

	"github.com/jackc/pgx/v5/pgtype"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/exporter/exportertest"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/metadata"
)

// BenchmarkBatch is all that the exporter does with a batch itself: rows of
// records, and a statement's parameters of rows. bench/postgres has the rest.
func BenchmarkBatch(b *testing.B) {
	c := defaultConfig()
	c.DSN = "postgres://nobody@localhost/none"
	e, err := newExporter(exportertest.NewNopSettings(metadata.Type), c)
	require.NoError(b, err)
	logs := events(0, 1000)
	p := newParameters(pgtype.NewMap(), e.tables.All[0].Columns)
	size := 0
	b.ReportAllocs()
	for b.Loop() {
		values, err := p.encode(e.rows(logs).rows[0])
		if err != nil {
			b.Fatal(err)
		}
		size = 0
		for _, value := range values {
			size += len(value)
		}
	}
	b.SetBytes(int64(size))
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/row")
}
