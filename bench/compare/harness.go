package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/authevents/otelcol-auth/bench/internal/otlpsink"
	"github.com/authevents/otelcol-auth/bench/internal/pipelines"
	"github.com/authevents/otelcol-auth/bench/sink"
)

// harness is what all runs share.
type harness struct {
	root   string // the project's folder
	binary string
	work   string // a folder for the input
	runs   int
	rows   []row
	otlp   *otlpsink.Sink
	log    io.Writer
}

func (h *harness) bench() string { return filepath.Join(h.root, "bench") }

// say tells how far it is.
func (h *harness) say(format string, args ...any) { _, _ = fmt.Fprintf(h.log, format+"\n", args...) }

// measure runs one side's pipeline over the input once. Each run has folders of
// its own, so that it begins as at the first start.
func (h *harness) measure(ctx context.Context, side pipelines.Side, source string, r pipelines.Row, in input) (u usage, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s, %s, %s, %d lines: %w", source, r, side, in.lines, err)
		}
	}()
	dir, err := os.MkdirTemp("", "compare")
	if err != nil {
		return usage{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	state, counts := filepath.Join(dir, "state"), filepath.Join(dir, "counts")
	if err := errors.Join(os.Mkdir(state, 0o700), os.Mkdir(counts, 0o700)); err != nil {
		return usage{}, err
	}
	config, err := pipelines.Config(side, source, r, pipelines.Options{
		Include: in.files, StateDir: state, Sink: map[string]any{"directory": counts}, OTLPEndpoint: h.otlp.URL(),
	})
	if err != nil {
		return usage{}, err
	}
	j := job{binary: h.binary, config: config, want: in.records, patience: stalled, count: func() (int, error) { return read(counts, sink.LogsFile) }}
	if r == pipelines.Send {
		before := h.otlp.Count()
		j.count = func() (int, error) { return h.otlp.Count() - before, nil }
	}
	u, err = j.run(ctx)
	if err != nil {
		return usage{}, err
	}
	if r == pipelines.Count || r == pipelines.Everything {
		if n, err := read(counts, sink.DataPointsFile); err != nil || n == 0 {
			return usage{}, errors.Join(errors.New("no data point of a metric came"), err)
		}
	}
	return u, nil
}

func read(dir, name string) (int, error) {
	n, err := sink.Read(dir, name)
	return int(n), err
}
