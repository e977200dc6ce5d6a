package piiscrub

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processorhelper"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/internal/scrub"
)

// scrubProcessor is one instance: of one pipeline signal and one policy.
type scrubProcessor struct {
	config     *Config
	policy     scrub.Policy // without the secrets of files
	telemetry  *telemetry
	logger     *zap.Logger
	watchEvery time.Duration

	// scrubber is built at Start, because it needs the key files.
	scrubber *scrub.Scrubber
	panics   panicLog

	stop     chan struct{}
	stopOnce sync.Once
	watching sync.WaitGroup
}

func newProcessor(set processor.Settings, cfg *Config) (*scrubProcessor, error) {
	policy, err := cfg.compile()
	if err != nil {
		return nil, err
	}
	telemetry, err := newTelemetry(set.TelemetrySettings, set.ID)
	if err != nil {
		return nil, err
	}
	return &scrubProcessor{
		config: cfg, policy: policy, telemetry: telemetry, logger: set.Logger,
		watchEvery: watchInterval, panics: panicLog{logger: set.Logger}, stop: make(chan struct{}),
	}, nil
}

// options are the same for every signal. Mode audit changes nothing, so the
// pipeline needs no copy of its own.
func (p *scrubProcessor) options() []processorhelper.Option {
	return []processorhelper.Option{
		processorhelper.WithCapabilities(consumer.Capabilities{MutatesData: !p.policy.Audit}),
		processorhelper.WithStart(p.start),
		processorhelper.WithShutdown(p.shutdown),
	}
}

// start reads the key files, builds the scrubber and watches the files. A
// check of a config builds the pipelines as well, and does not come here.
func (p *scrubProcessor) start(context.Context, component.Host) error {
	files, err := readKeyFiles(p.config.Keys, p.policy.Keys)
	if err != nil {
		return err
	}
	policy := p.policy
	policy.Keys = files.keys
	if p.scrubber, err = scrub.New(policy); err != nil {
		return err
	}
	p.announce()
	if len(files.files) > 0 {
		p.watching.Go(func() { files.watch(p.watchEvery, p.stop, p.scrubber.SetKeys, p.logger) })
	}
	return nil
}

// announce says once which policy is in force, and what is wrong with it.
func (p *scrubProcessor) announce() {
	ids := make([]string, len(p.policy.Keys))
	for i, key := range p.policy.Keys {
		ids[i] = key.ID
	}
	p.logger.Info("Scrubbing policy", zap.String("preset", p.config.Preset), zap.String("mode", p.config.Mode),
		zap.String("policy", p.scrubber.PolicyHash()), zap.Strings("key_ids", ids))
	if p.policy.Audit {
		p.logger.Warn("Nothing is scrubbed: mode is audit, which counts and changes nothing. Set mode: enforce to scrub")
	}
	for _, warning := range p.scrubber.Warnings() {
		p.logger.Warn(warning)
	}
}

// shutdown may be called twice, and without start.
func (p *scrubProcessor) shutdown(context.Context) error {
	p.stopOnce.Do(func() { close(p.stop) })
	p.watching.Wait()
	p.telemetry.builder.Shutdown()
	return nil
}

// processLogs scrubs ld in place. A batch of which nothing is left goes no
// further. So do the other two.
func (p *scrubProcessor) processLogs(ctx context.Context, ld plog.Logs) (plog.Logs, error) {
	return ld, p.account(ctx, p.scrubber.Logs(ld))
}

func (p *scrubProcessor) processTraces(ctx context.Context, td ptrace.Traces) (ptrace.Traces, error) {
	return td, p.account(ctx, p.scrubber.Traces(td))
}

func (p *scrubProcessor) processMetrics(ctx context.Context, md pmetric.Metrics) (pmetric.Metrics, error) {
	return md, p.account(ctx, p.scrubber.Metrics(md))
}

// account counts what became of a batch, and says whether it goes on.
func (p *scrubProcessor) account(ctx context.Context, stats scrub.Stats) error {
	p.telemetry.record(ctx, &stats)
	p.panics.report(&stats)
	if len(stats.UnlistedNames) > 0 { // each once, and 64 at most
		p.logger.Info("Nobody lists these members and attributes: list what is personal under fields, "+
			"and what is not as public; otelcol_pii_scrub_unlisted counts them", zap.Strings("names", stats.UnlistedNames))
	}
	if stats.Records > 0 && stats.Dropped == stats.Records {
		return processorhelper.ErrSkipProcessingData
	}
	return nil
}
