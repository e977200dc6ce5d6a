package eventmetrics

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// BenchmarkConsumeLogs is a batch of 1,000 records on its way through.
func BenchmarkConsumeLogs(b *testing.B) {
	const records = 1000
	clients := make([]string, records)
	for i := range clients {
		clients[i] = fmt.Sprint("client-", i%20)
	}
	ld := authorize(clients...)
	sizer := plog.ProtoMarshaler{}
	p, err := NewFactory().CreateLogs(b.Context(), settingsOf(componenttest.NewNopTelemetrySettings()), defaultConfig(), consumertest.NewNop())
	require.NoError(b, err)
	b.ReportAllocs()
	b.SetBytes(int64(sizer.LogsSize(ld)))
	for b.Loop() {
		require.NoError(b, p.ConsumeLogs(b.Context(), ld))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*records), "ns/record")
}

// BenchmarkCollect is one scrape, by the series of a metric.
func BenchmarkCollect(b *testing.B) {
	for _, clients := range []int{10, 100} {
		b.Run(fmt.Sprint("clients=", clients), func(b *testing.B) {
			reader := sdkmetric.NewManualReader()
			set := componenttest.NewNopTelemetrySettings()
			set.MeterProvider = sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader))
			p, err := NewFactory().CreateLogs(b.Context(), settingsOf(set), defaultConfig(), consumertest.NewNop())
			require.NoError(b, err)
			require.NoError(b, p.Start(b.Context(), componenttest.NewNopHost()))
			names := make([]string, clients)
			for i := range names {
				names[i] = fmt.Sprint("client-", i)
			}
			require.NoError(b, p.ConsumeLogs(b.Context(), authorize(names...)))
			b.ReportAllocs()
			var rm metricdata.ResourceMetrics
			for b.Loop() {
				require.NoError(b, reader.Collect(b.Context(), &rm))
			}
			require.NotEmpty(b, rm.ScopeMetrics)
			require.NoError(b, p.Shutdown(b.Context()))
		})
	}
}
