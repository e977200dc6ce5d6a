package collector

import (
	"slices"
	"strings"

	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/attributesprocessor"
	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/filterprocessor"
	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/resourceprocessor"
	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/transformprocessor"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/processor"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	tracenoop "go.opentelemetry.io/otel/trace/noop"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/processor/eventmetrics"
	"github.com/authevents/otelcol-auth/processor/eventsampler"
	"github.com/authevents/otelcol-auth/processor/piiscrub"
)

// Version is the collector's, dist.version of builder-config.yaml, which the scope of
// its records says. Both are built of one commit, and a test of the command line's
// holds them together.
const Version = "0.1.0"

// passing are the processors that change no record.
var passing = []string{"batch", "memory_limiter"}

// factories are the processors of the distribution that change records of logs.
func factories() map[component.Type]processor.Factory {
	byType := map[component.Type]processor.Factory{}
	for _, f := range []processor.Factory{
		piiscrub.NewFactory(), eventmetrics.NewFactory(), eventsampler.NewFactory(),
		attributesprocessor.NewFactory(), filterprocessor.NewFactory(), resourceprocessor.NewFactory(), transformprocessor.NewFactory(),
	} {
		byType[f.Type()] = f
	}
	return byType
}

// types lists the processors that there are.
func types() string {
	names := slices.Clone(passing)
	for t := range factories() {
		names = append(names, t.String())
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// telemetry is that of a component that nobody watches: what it would log
// concerns a collector that runs.
func telemetry() component.TelemetrySettings {
	return component.TelemetrySettings{
		Logger:         zap.NewNop(),
		TracerProvider: tracenoop.NewTracerProvider(),
		MeterProvider:  metricnoop.NewMeterProvider(),
		Resource:       pcommon.NewResource(),
	}
}

func buildInfo() component.BuildInfo {
	return component.BuildInfo{Command: "authctl", Description: "authctl", Version: Version}
}
