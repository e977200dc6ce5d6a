package autheventsblob

import (
	"context"
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/receiver/autheventsblob/internal/metadata"
)

// operation is what the receiver asks of the bucket.
type operation string

const (
	operationList operation = "list"
	operationRead operation = "read"
)

// maxCauses bounds the causes that are told apart: the services choose their names.
const maxCauses = 64

// cause is a comparable description of an error, without anything of its text.
type cause struct {
	operation operation
	class     string
	code      string // the service's name for it; "" for none
}

// complaints counts each error of the bucket, and logs each cause once until a
// whole pass goes by without it.
type complaints struct {
	logger  *zap.Logger
	builder *metadata.TelemetryBuilder

	mu    sync.Mutex
	known map[cause]bool // whether it came up in this pass
}

func newComplaints(logger *zap.Logger, builder *metadata.TelemetryBuilder) *complaints {
	return &complaints{logger: logger, builder: builder, known: map[cause]bool{}}
}

func (c *complaints) add(ctx context.Context, op operation, err error) {
	what := cause{op, class(err), serviceCode(err)}
	c.builder.AuthEventsBlobErrors.Add(ctx, 1, metric.WithAttributeSet(attribute.NewSet(
		attribute.String("operation", string(op)), attribute.String("error.type", what.class))))
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, known := c.known[what]; !known {
		if len(c.known) >= maxCauses {
			return
		}
		c.logger.Error("The bucket does not answer as it should; what failed is tried again with each poll. "+
			"This is said once until it is over.", what.fields()...)
	}
	c.known[what] = true
}

// passEnded says which causes are over.
func (c *complaints) passEnded() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for what, again := range c.known {
		if again {
			c.known[what] = false
			continue
		}
		delete(c.known, what)
		c.logger.Info("An error of the bucket is over", what.fields()...)
	}
}

func (w cause) fields() []zap.Field {
	fields := []zap.Field{zap.String("operation", string(w.operation)), zap.String("error.type", w.class)}
	if w.code != "" {
		fields = append(fields, zap.String("code", w.code))
	}
	return fields
}
