package securityaudit

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// sumOf adds up the points of a counter that have the attribute.
func sumOf(m metricdata.Metrics, name, value string) int {
	total := 0
	for _, point := range m.Data.(metricdata.Sum[int64]).DataPoints {
		if v, ok := point.Attributes.Value(attribute.Key(name)); ok && v.AsString() == value {
			total += int(point.Value)
		}
	}
	return total
}

func stamp(at time.Time) pcommon.Timestamp { return pcommon.NewTimestampFromTime(at) }

// canary is in every record and secret: no error, log or metric may show it.
const canary = "canary"
