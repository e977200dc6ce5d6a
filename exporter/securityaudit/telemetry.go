package securityaudit

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/metadata"
	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/row"
)

// telemetry is what the exporter says of its own work.
type telemetry struct {
	builder  *metadata.TelemetryBuilder
	log      *zap.Logger
	exporter attribute.KeyValue

	mu     sync.Mutex
	states map[string]struct{} // of which the log has spoken
}

// maxStates bounds telemetry.states: a trigger may raise any SQLSTATE.
const maxStates = 64

func newTelemetry(id component.ID, set component.TelemetrySettings) (*telemetry, error) {
	builder, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	return &telemetry{builder: builder, log: set.Logger, exporter: attribute.String("exporter", id.String()), states: map[string]struct{}{}}, nil
}

func (t *telemetry) with(pairs ...attribute.KeyValue) metric.MeasurementOption {
	return metric.WithAttributeSet(attribute.NewSet(append(pairs, t.exporter)...))
}

// wrote counts rows that are in.
func (t *telemetry) wrote(ctx context.Context, rows int) {
	if rows > 0 {
		t.builder.SecurityAuditRows.Add(ctx, int64(rows), t.with(attribute.String("result", "written")))
	}
}

// batch counts a batch of which all rows have become something.
func (t *telemetry) batch(ctx context.Context, out outcome, p path, took time.Duration) {
	if out.duplicates > 0 {
		t.builder.SecurityAuditRows.Add(ctx, int64(out.duplicates), t.with(attribute.String("result", "duplicate")))
	}
	t.builder.SecurityAuditBatches.Add(ctx, 1, t.with(attribute.String("path", p.String())))
	t.builder.SecurityAuditBatchDuration.Record(ctx, took.Seconds(), t.with())
}

// altered counts values that went in other than they came.
func (t *telemetry) altered(ctx context.Context, s row.Stats) {
	for _, c := range [...]struct {
		change string
		values int
	}{{"cut", s.Cut}, {"unfit", s.Unfit}, {"repaired", s.Repaired}} {
		if c.values > 0 {
			t.builder.SecurityAuditAlteredValues.Add(ctx, int64(c.values), t.with(attribute.String("change", c.change)))
		}
	}
}

// rejected counts rows that were set aside, and speaks once of each SQLSTATE.
func (t *telemetry) rejected(ctx context.Context, rejected []rejection) {
	if len(rejected) == 0 {
		return
	}
	t.builder.SecurityAuditRows.Add(ctx, int64(len(rejected)), t.with(attribute.String("result", "rejected")))
	for _, r := range rejected {
		t.builder.SecurityAuditRejectedRows.Add(ctx, 1, t.with(attribute.String("class", classOf(r.why.state))))
		if t.first(r.why.state) {
			t.log.Error("A row was set aside, and so is every further one of which the same holds. It is said once, and counted in security_audit_rejected_rows",
				zap.Error(r.why))
		}
	}
}

func (t *telemetry) first(state string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, known := t.states[state]; known || len(t.states) == maxStates {
		return false
	}
	t.states[state] = struct{}{}
	return true
}

// classOf has bounded values: a trigger may raise any SQLSTATE.
func classOf(state string) string {
	if state == "" {
		return "client"
	}
	switch class := state[:2]; class {
	case "22", "23", "44", "54", "P0":
		return class
	}
	return "other"
}
