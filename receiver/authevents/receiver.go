package authevents

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/receiver"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/internal/ingest"
	"github.com/authevents/otelcol-auth/internal/storageclient"
	"github.com/authevents/otelcol-auth/internal/tail"
)

// shutdownTimeout is how long shutdown waits for an input. It comes to that only
// where a call does not heed its context, such as a write to a pipe that nobody
// reads.
const shutdownTimeout = 5 * time.Second

// The inputs, as in the keys of the config and in telemetry.
const (
	inputFile  = "file"
	inputStdin = "stdin"
	inputHTTP  = "http"
)

type authEventsReceiver struct {
	id      component.ID
	storage *component.ID
	logger  *zap.Logger

	files    *tail.Files    // nil for none
	client   storage.Client // of files; nil for positions in memory
	lag      *lagTelemetry  // of files, once started
	progress *progressLog   // of files, once started
	set      component.TelemetrySettings

	stdinInput  *ingest.Input // nil for none
	maxLineSize int
	stdin       io.Reader
	stream      *tail.Stream // of stdin, once started
	stopAtEOF   bool
	stdinErr    error // why stdin ended, where that stops the collector; set before the stream has shut down
	stopper     asker
	stopped     bool

	http *httpInput // nil for none

	shutdownTimeout time.Duration // of each input
}

// asker asks the collector to stop.
type asker interface {
	ask(component.Host)
	close()
}

func newReceiver(set receiver.Settings, cfg *Config, next consumer.Logs) (*authEventsReceiver, error) {
	c, err := compile(cfg, set.BuildInfo.Version)
	if err != nil {
		return nil, err
	}
	r := &authEventsReceiver{
		id:          set.ID,
		storage:     cfg.Storage,
		logger:      set.Logger,
		set:         set.TelemetrySettings,
		maxLineSize: c.parser.MaxLineSize(),
		stdin:       os.Stdin,
		stopAtEOF:   c.stopAtEOF,
		stopper:     newStopper(),

		shutdownTimeout: shutdownTimeout,
	}
	input := func(name string) (*ingest.Input, error) {
		return ingest.NewInput(name, c.parser, cfg.Retry, set, next)
	}
	if c.files != nil {
		in, err := input(inputFile)
		if err != nil {
			return nil, err
		}
		if r.files, err = tail.NewFiles(*c.files, set.Logger, in.Open); err != nil {
			return nil, err
		}
	}
	if c.stdin {
		if r.stdinInput, err = input(inputStdin); err != nil {
			return nil, err
		}
	}
	if c.http != nil {
		in, err := input(inputHTTP)
		if err != nil {
			return nil, err
		}
		if r.http, err = newHTTPInput(c.http, in, set.TelemetrySettings); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// Start begins to read.
func (r *authEventsReceiver) Start(ctx context.Context, host component.Host) error {
	if r.files != nil {
		if err := r.startFiles(ctx, host); err != nil {
			return err
		}
	}
	if r.http != nil {
		if err := r.http.start(ctx, host); err != nil {
			return errors.Join(fmt.Errorf("http: %w", err), r.Shutdown(ctx))
		}
	}
	if r.stdinInput != nil { // last: what is read of it can't be read again
		r.stream = tail.NewStream(r.stdin, r.maxLineSize, r.stdinInput.Open(tail.Origin{}), func(err error) { r.stdinEnded(host, err) })
		r.stream.Start()
	}
	return nil
}

func (r *authEventsReceiver) startFiles(ctx context.Context, host component.Host) error {
	var err error
	if r.client, err = storageclient.Open(ctx, host, r.storage, component.KindReceiver, r.id); err != nil {
		return err
	}
	if r.lag, err = newLagTelemetry(r.id, r.set, r.files.Progress); err != nil {
		return errors.Join(err, r.closeStorage(ctx))
	}
	if err := r.files.Start(ctx, r.client); err != nil {
		r.lag.close()
		return errors.Join(storageclient.Refused(err, r.storage, component.KindReceiver, r.id), r.closeStorage(ctx))
	}
	r.progress = startProgressLog(r.logger, r.files.Progress, progressInterval)
	return nil
}

// Shutdown ends reading, waits for what is being handed on, and saves positions.
func (r *authEventsReceiver) Shutdown(ctx context.Context) error {
	if r.stopped {
		return nil
	}
	r.stopped = true
	var errs []error
	if r.http != nil {
		errs = append(errs, r.shutdownInput(ctx, inputHTTP, r.http.shutdown))
	}
	if r.stream != nil {
		errs = append(errs, r.shutdownInput(ctx, inputStdin, r.shutdownStdin))
	}
	r.stopper.close() // the stream has ended, or been left: nothing asks any more
	if r.files != nil {
		r.progress.close()
		errs = append(errs, r.shutdownInput(ctx, inputFile, r.files.Shutdown))
		r.lag.close()
	}
	errs = append(errs, r.closeStorage(ctx))
	return errors.Join(errs...)
}

// shutdownInput waits for the input no longer than shutdownTimeout.
func (r *authEventsReceiver) shutdownInput(ctx context.Context, name string, shutdown func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, r.shutdownTimeout)
	defer cancel()
	if err := shutdown(ctx); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// shutdownStdin returns what ended standard input too soon, so that the exit
// code tells a part of the input from all of it.
func (r *authEventsReceiver) shutdownStdin(ctx context.Context) error {
	if err := r.stream.Shutdown(ctx); err != nil {
		return err
	}
	return r.stdinErr
}

// stdinEnded is called when all lines of standard input are done with.
func (r *authEventsReceiver) stdinEnded(host component.Host, err error) {
	if err != nil {
		r.logger.Error("Standard input can't be read any further", zap.Error(err))
	}
	if !r.stopAtEOF {
		r.logger.Info("Standard input is at its end")
		return
	}
	r.stdinErr = err
	r.logger.Info("Standard input is at its end, the collector stops")
	r.stopper.ask(host)
}

func (r *authEventsReceiver) closeStorage(ctx context.Context) error {
	if r.client == nil {
		return nil
	}
	client := r.client
	r.client = nil
	return client.Close(ctx)
}
