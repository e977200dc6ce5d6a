package eventsampler

import (
	"context"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
)

// sampler is the processor of one pipeline.
type sampler struct {
	settings  *settings
	telemetry *telemetry
	next      consumer.Logs
	batches   sync.Pool // of *batch

	mu    sync.Mutex // guards table
	table *table
}

func newSampler(set component.TelemetrySettings, cfg *Config, next consumer.Logs) (*sampler, error) {
	settings, err := compile(cfg)
	if err != nil {
		return nil, err
	}
	telemetry, err := newTelemetry(set)
	if err != nil {
		return nil, err
	}
	return &sampler{
		settings: settings, telemetry: telemetry, next: next, table: newTable(settings.quota, settings.maxKinds),
		batches: sync.Pool{New: func() any { return new(batch) }},
	}, nil
}

// Capabilities says that records are removed and marked.
func (s *sampler) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: true}
}

func (s *sampler) Start(context.Context, component.Host) error { return nil }

func (s *sampler) Shutdown(context.Context) error {
	s.telemetry.builder.Shutdown()
	return nil
}

// ConsumeLogs thins ld and hands on what remains, if anything does. A batch that
// is refused will come again, so that it is taken out of the rates: an outage
// makes no kind look frequent.
func (s *sampler) ConsumeLogs(ctx context.Context, ld plog.Logs) error {
	b := s.batches.Get().(*batch)
	defer s.recycle(b)
	s.thin(ld, b)
	if ld.ResourceLogs().Len() > 0 {
		if err := s.next.ConsumeLogs(ctx, ld); err != nil {
			s.undo(b)
			return err
		}
	}
	s.telemetry.record(ctx, b)
	return nil
}

// thin removes what is dropped. The lock is held for the whole batch: to take it
// for each record costs more than it frees.
func (s *sampler) thin(ld plog.Logs, b *batch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ld.ResourceLogs().RemoveIf(func(rl plog.ResourceLogs) bool {
		fallback := s.settings.fallbackOf(rl.Resource())
		rl.ScopeLogs().RemoveIf(func(sl plog.ScopeLogs) bool {
			sl.LogRecords().RemoveIf(func(lr plog.LogRecord) bool {
				return s.drops(lr, &fallback, b)
			})
			return sl.LogRecords().Len() == 0
		})
		return rl.ScopeLogs().Len() == 0
	})
}

// drops decides on one record, and marks it if it stays.
func (s *sampler) drops(lr plog.LogRecord, fallback *[maxBy]string, b *batch) bool {
	r := record{by: *fallback}
	s.settings.read(&r, lr)
	up := r.upstream()
	d := decision{result: exempt, kept: up.kept}
	// What has no uid is decided by what a sampler before decided by, or not.
	if !s.settings.exempt(&r) && (r.uid != "" || up.known) {
		exponent, at, overflow := s.table.take(s.kindOf(&r), uint64(r.time)/s.settings.interval)
		b.taken = append(b.taken, at)
		if overflow {
			b.overflow++
		}
		d = s.settings.decide(&r, up, exponent)
	}
	b.count(r.source, d.result)
	if d.result == dropped {
		return true
	}
	s.settings.mark(lr, &d)
	return false
}

// undo takes a batch out of the rates.
func (s *sampler) undo(b *batch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, at := range b.taken {
		s.table.undo(at)
	}
}
