package agree

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/authevents/otelcol-auth/bench/internal/pipelines"
)

// deadline ends a run in which records are missing.
const deadline = 2 * time.Minute

// run is what the binary is to do.
type run struct {
	side   pipelines.Side
	source string
	row    pipelines.Row
	lines  int
}

// output is what one side wrote.
type output struct {
	logs    []plog.Logs
	metrics []pmetric.Metrics
}

// collect runs the collector in a folder that it makes, until as many records as
// lines are written, and ends it, with which the last counts are written.
func collect(ctx context.Context, binary, dir, include string, r run) (*output, error) {
	state := filepath.Join(dir, "state")
	if err := os.MkdirAll(state, 0o700); err != nil {
		return nil, err
	}
	settings, err := pipelines.Config(r.side, r.source, r.row, pipelines.Options{Include: []string{include}, StateDir: state, OutDir: dir})
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(settings)
	if err != nil {
		return nil, err
	}
	config := filepath.Join(dir, "config.json")
	if err := os.WriteFile(config, text, 0o600); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	var log bytes.Buffer
	cmd := exec.CommandContext(ctx, binary, "--config", config)
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	if err := await(ended, filepath.Join(dir, pipelines.LogsFile), r.lines); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, log.String())
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		return nil, err
	}
	if err := <-ended; err != nil {
		return nil, fmt.Errorf("%w\n%s", err, log.String())
	}
	return readOutput(dir, r.row.Counts())
}

// await returns when the file holds as many records as lines. The collector ends
// too early if it fails, or if the deadline has it killed.
func await(ended <-chan error, file string, lines int) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			return fmt.Errorf("the collector ended before %d records were written: %w", lines, errors.Join(err, errEnded))
		case <-tick.C:
			// Each record has one of these; a value that holds it has its quotes escaped.
			text, err := os.ReadFile(file)
			if err == nil && bytes.Count(text, []byte(`"observedTimeUnixNano":`)) >= lines {
				return nil
			}
		}
	}
}

var errEnded = errors.New("it is gone")

// readOutput reads the files that the collector wrote.
func readOutput(dir string, counted bool) (*output, error) {
	var out output
	var logs plog.JSONUnmarshaler
	err := each(filepath.Join(dir, pipelines.LogsFile), func(text []byte) error {
		ld, err := logs.UnmarshalLogs(text)
		out.logs = append(out.logs, ld)
		return err
	})
	if err != nil || !counted {
		return &out, err
	}
	var metrics pmetric.JSONUnmarshaler
	err = each(filepath.Join(dir, pipelines.MetricsFile), func(text []byte) error {
		md, err := metrics.UnmarshalMetrics(text)
		out.metrics = append(out.metrics, md)
		return err
	})
	return &out, err
}

// each calls with the lines of a file.
func each(file string, do func([]byte) error) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	for l := range bytes.Lines(text) {
		if err := do(l); err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(file), err)
		}
	}
	return nil
}
