package eventsampler

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// FuzzConsumeLogs: whatever stands on records, nothing panics, no failure is
// lost, all are accounted for, and counts are 1 at least and finite.
func FuzzConsumeLogs(f *testing.F) {
	f.Add("login", "hera", "success", "u1", "8", "80000000000000", 2.0, int64(5), uint8(9))
	f.Add("login", "hera", "failure", "u1", "fffffffffffffff", "x", -1.0, int64(-5), uint8(17))
	f.Add("", "", "", "", "", "", math.NaN(), int64(0), uint8(0))
	f.Add("x", "y", "success", "", "ffffffffffffff", "ffffffffffffff", math.Inf(1), int64(math.MaxInt64), uint8(9))
	f.Fuzz(func(t *testing.T, name, source, outcome, uid, threshold, randomness string, count float64, at int64, severity uint8) {
		cfg := config(2)
		cfg.Neutral, cfg.By = neutralSample, []string{attr.Outcome}
		s, err := newSampler(componenttest.NewNopTelemetrySettings(), cfg, consumertest.NewNop())
		require.NoError(t, err)
		ld := plog.NewLogs()
		records := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
		const n = 50
		for range n {
			event{
				name: name, at: time.Duration(at), uid: uid, outcome: outcome, severity: plog.SeverityNumber(severity),
				more: map[string]any{
					attr.Source: source, attr.SamplingThreshold: threshold, attr.SamplingRandomness: randomness, attr.AdjustedCount: count,
				},
			}.put(records.AppendEmpty())
		}
		require.NoError(t, s.ConsumeLogs(t.Context(), ld))
		require.LessOrEqual(t, ld.LogRecordCount(), n)
		if outcome == attr.OutcomeFailure || plog.SeverityNumber(severity) >= plog.SeverityNumberWarn {
			require.Equal(t, n, ld.LogRecordCount())
		}
		each(func(lr plog.LogRecord) {
			require.GreaterOrEqual(t, countOf(lr), 1.0)
			require.False(t, math.IsInf(countOf(lr), 0))
		}, ld)
	})
}
