package autheventsblob

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"
	"gocloud.dev/blob"

	"github.com/authevents/otelcol-auth/internal/ingest"
	"github.com/authevents/otelcol-auth/internal/storageclient"
	"github.com/authevents/otelcol-auth/receiver/autheventsblob/internal/metadata"
)

// shutdownTimeout is how long shutdown waits for objects being read. It comes to
// that only where a call does not heed its context.
const shutdownTimeout = 5 * time.Second

// inputName is that of the input in telemetry.
const inputName = "blob"

var errAbandoned = errors.New("lines are still being handed on, and do not count as taken")

type blobReceiver struct {
	id       component.ID
	config   *Config
	compiled *compiled
	input    *ingest.Input
	builder  *metadata.TelemetryBuilder
	logger   *zap.Logger

	// open opens the bucket; tests have some that no URL can name twice.
	open            func(ctx context.Context, url string) (*blob.Bucket, error)
	shutdownTimeout time.Duration

	client      storage.Client // nil for none
	uids        *ingest.Identities
	bucket      *blob.Bucket
	checkpoints *checkpoints
	cancel      context.CancelFunc // nil where nothing runs
	worked      chan struct{}      // closed when nothing is read any more
	saved       chan struct{}      // closed when the goroutine that saves has ended
}

func newReceiver(set receiver.Settings, cfg *Config, next consumer.Logs) (*blobReceiver, error) {
	c, err := compile(cfg, set.BuildInfo.Version)
	if err != nil {
		return nil, err
	}
	input, err := ingest.NewInput(inputName, c.parser, cfg.Retry, set, next)
	if err != nil {
		return nil, err
	}
	builder, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	return &blobReceiver{
		id: set.ID, config: cfg, compiled: c, input: input, builder: builder, logger: set.Logger,
		open: openBucket, shutdownTimeout: shutdownTimeout,
	}, nil
}

// Start opens the bucket and begins to read.
func (r *blobReceiver) Start(ctx context.Context, host component.Host) error {
	if err := r.prepare(ctx, host); err != nil {
		return errors.Join(err, r.close(ctx))
	}
	// Reading outlives Start, and its ctx.
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	r.cancel = cancel
	r.worked, r.saved = make(chan struct{}), make(chan struct{})
	p := r.newPoller()
	go func() {
		defer close(r.worked)
		p.run(run)
	}()
	go func() {
		defer close(r.saved)
		r.checkpoints.run(run)
	}()
	return nil
}

// prepare gets all that reading needs.
func (r *blobReceiver) prepare(ctx context.Context, host component.Host) error {
	var err error
	if r.client, err = storageclient.Open(ctx, host, r.config.Storage, component.KindReceiver, r.id); err != nil {
		return err
	}
	state := newState(r.config.Lookback)
	r.checkpoints = &checkpoints{
		client: r.client, state: state, logger: r.logger,
		selection: r.compiled.filter.selection(r.compiled.bucket),
	}
	if err := r.checkpoints.load(ctx, r.compiled.start); err != nil {
		return storageclient.Refused(err, r.config.Storage, component.KindReceiver, r.id)
	}
	if r.uids, err = loadUIDs(ctx, r.client); err != nil {
		return err
	}
	if r.bucket, err = r.open(ctx, r.config.URL); err != nil {
		return err
	}
	// Of two receivers without their ids, the last one asked would hide the other.
	receiver := metric.WithAttributeSet(attribute.NewSet(attribute.String("receiver", r.id.String())))
	return r.builder.RegisterAuthEventsBlobLagCallback(func(_ context.Context, o metric.Float64Observer) error {
		var lag time.Duration
		if oldest, ok := state.oldest(); ok {
			lag = max(0, time.Since(oldest))
		}
		o.Observe(lag.Seconds(), receiver)
		return nil
	})
}

func (r *blobReceiver) newPoller() *poller {
	return &poller{
		bucket: r.bucket, id: r.compiled.bucket, filter: r.compiled.filter, limits: r.compiled.limits,
		interval: r.config.PollInterval, concurrency: r.config.MaxConcurrentObjects,
		input: r.input, uids: r.uids, state: r.checkpoints.state, checkpoints: r.checkpoints,
		complaints: newComplaints(r.logger, r.builder), builder: r.builder, logger: r.logger,
		done: ofResult("done"), failed: ofResult("failed"),
	}
}

// Shutdown ends reading, waits for what is being handed on, and saves how far
// that came. It may be called twice.
func (r *blobReceiver) Shutdown(ctx context.Context) error {
	var errs []error
	if r.cancel != nil {
		r.cancel()
		r.cancel = nil
		<-r.saved
		timeout := time.NewTimer(r.shutdownTimeout)
		defer timeout.Stop()
		select {
		case <-r.worked:
		case <-ctx.Done():
			errs = append(errs, errAbandoned)
		case <-timeout.C:
			errs = append(errs, errAbandoned)
		}
		r.checkpoints.close(ctx)
	}
	return errors.Join(append(errs, r.close(ctx))...)
}

// close lets go of what prepare got.
func (r *blobReceiver) close(ctx context.Context) error {
	r.builder.Shutdown()
	var errs []error
	if r.bucket != nil {
		if err := r.bucket.Close(); err != nil {
			errs = append(errs, fmt.Errorf("close the bucket: %s", withoutQueries(err)))
		}
		r.bucket = nil
	}
	if r.client != nil {
		errs = append(errs, r.client.Close(ctx))
		r.client = nil
	}
	return errors.Join(errs...)
}
