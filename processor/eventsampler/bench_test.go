package eventsampler

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
)

const benchRecords = 1000

// benchLogs are records as wide as Login.gov's, of twenty names.
func benchLogs(outcome string) plog.Logs {
	events := make([]event, benchRecords)
	for i := range events {
		events[i] = event{
			name: fmt.Sprint("event number ", i%20), at: time.Duration(i) * time.Millisecond, outcome: outcome,
			uid: fmt.Sprintf("6b9c1d0e-3c1e-4b6e-9a53-%012d", i),
			more: map[string]any{
				attr.OTelEventName: "x", attr.UserID: "pii:k1:0123456789abcdef", attr.ClientAddress: "203.0.113.0", attr.SessionID: "pii:k1:fedcba9876543210",
				attr.UserAgentName: "Firefox", attr.UserAgentVersion: "140", attr.UserAgentOSName: "Linux", attr.BrowserMobile: false,
				attr.URLPath: "/login/two_factor", attr.ServerAddress: "idp.example.com", attr.ProcessPID: 4711, attr.VCSRefHeadRevision: "0123abcd",
				attr.Method: "totp", attr.ClientID: "urn:gov:gsa:openidconnect:sp:example", attr.LogFileName: "events.log",
			},
		}
	}
	return logs(events...)
}

// BenchmarkConsumeLogs is a batch of 1,000 records on its way through, by what
// becomes of them. A batch is copied for each round where records are removed or
// marked, and the clock stands still meanwhile.
func BenchmarkConsumeLogs(b *testing.B) {
	for _, c := range []struct {
		name, outcome, mark string
		quota               float64
		changes             bool
	}{
		{"exempt", attr.OutcomeFailure, markThinned, 1, false},
		{"below_target", attr.OutcomeSuccess, markThinned, maxQuota, false},
		{"thinned", attr.OutcomeSuccess, markThinned, 1, true},
		{"marked", attr.OutcomeFailure, markAll, 1, true},
	} {
		b.Run(c.name, func(b *testing.B) {
			cfg := config(c.quota)
			cfg.Mark = c.mark
			s, err := newSampler(componenttest.NewNopTelemetrySettings(), cfg, consumertest.NewNop())
			require.NoError(b, err)
			ld := benchLogs(c.outcome)
			require.NoError(b, s.ConsumeLogs(b.Context(), benchLogs(c.outcome))) // the kinds are known
			sizer := plog.ProtoMarshaler{}
			b.ReportAllocs()
			b.SetBytes(int64(sizer.LogsSize(ld)))
			for b.Loop() {
				work := ld
				if c.changes {
					b.StopTimer()
					work = plog.NewLogs()
					ld.CopyTo(work)
					b.StartTimer()
				}
				if err := s.ConsumeLogs(b.Context(), work); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*benchRecords), "ns/record")
		})
	}
}
