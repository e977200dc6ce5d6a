package eventmetrics

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// Whatever stands in a record, it counts once in auth.events, within bounds.
func FuzzBounds(f *testing.F) {
	f.Add("pkce_authorize", "app", "timeout", "success", 1.5, uint8(3))
	f.Add("auth.pkce.completed", "someone@example.com", "203.0.113.9", "maybe", -1.0, uint8(200))
	f.Add("", "\x00", "\xff", "_OTHER", 0.0, uint8(0))
	const maxSeries = 5
	f.Fuzz(func(t *testing.T, name, client, errorType, outcome string, duration float64, repeats uint8) {
		e := newTestEngine(t, maxSeries)
		events := 0
		for i := range int(repeats) + 1 {
			suffix := string(rune('a' + i%26))
			result := count(e, logs(event{hera, name, map[string]any{
				attr.ClientID: client + suffix, attr.ErrorType: suffix + errorType, attr.Outcome: outcome,
				attr.Provider: errorType, attr.Flow: client, attr.Category: errorType + suffix, attr.Duration: duration,
			}}))
			require.Equal(t, 1, result.Counted+result.Skipped)
			events += result.Counted
		}
		require.EqualValues(t, events, total(e, "auth.events", "", ""))
		for _, m := range e.metrics {
			require.LessOrEqual(t, len(m.series), maxSeries)
			for _, dim := range m.dimensions {
				require.LessOrEqual(t, len(dim.values), dim.listed+max(dim.Cap, maxEventNames))
				require.Len(t, dim.placed, len(dim.values))
			}
			eachPoint(e, m.Name, func(attributes pcommon.Map, n int64) {
				require.Positive(t, n)
				for _, v := range attributes.All() {
					require.NotEmpty(t, v.AsString())
					require.LessOrEqual(t, len(v.AsString()), maxValueLength)
					require.True(t, utf8.ValidString(v.AsString()))
					require.False(t, looksPersonal(v.AsString()), v.AsString())
				}
			})
		}
	})
}
