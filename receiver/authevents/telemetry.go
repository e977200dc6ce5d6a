package authevents

import (
	"context"
	"errors"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/authevents/otelcol-auth/internal/tail"
	"github.com/authevents/otelcol-auth/receiver/authevents/internal/metadata"
)

// lagTelemetry says how far reading is behind the files' ends. Its gauges have the
// receiver's id: of two receivers without it, the last one asked would hide the other.
type lagTelemetry struct{ builder *metadata.TelemetryBuilder }

func newLagTelemetry(id component.ID, set component.TelemetrySettings, progress func() tail.Progress) (*lagTelemetry, error) {
	builder, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	l := &lagTelemetry{builder: builder}
	receiver := metric.WithAttributeSet(attribute.NewSet(attribute.String("receiver", id.String())))
	err = errors.Join(
		builder.RegisterAuthEventsFilesCallback(func(_ context.Context, o metric.Int64Observer) error {
			o.Observe(int64(progress().Files), receiver)
			return nil
		}),
		builder.RegisterAuthEventsUnreadCallback(func(_ context.Context, o metric.Int64Observer) error {
			p := progress()
			o.Observe(p.Total-p.Done, receiver)
			return nil
		}),
		builder.RegisterAuthEventsLagCallback(func(_ context.Context, o metric.Float64Observer) error {
			o.Observe(progress().Behind.Seconds(), receiver)
			return nil
		}),
	)
	if err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

// close is also for an input without files.
func (l *lagTelemetry) close() {
	if l != nil {
		l.builder.Shutdown()
	}
}
