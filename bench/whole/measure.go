package main

import (
	"context"
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/authevents/otelcol-auth/bench/internal/otlpsink"
	"github.com/authevents/otelcol-auth/internal/colproc"
)

// configs are written out for the collector, which reads files.
//
//go:embed configs/*.yaml
var configs embed.FS

// deadline ends a run in which events are missing.
const deadline = 10 * time.Minute

// stages are the first rows: what is laid over the first configuration, one more
// each.
var stages = []struct{ name, config string }{
	{"receive", "receive.yaml"},
	{"receive, scrub", "scrub.yaml"},
	{"receive, scrub, count", "count.yaml"},
	{"receive, scrub, count, send", "send.yaml"},
}

// measurement is what all runs share.
type measurement struct {
	root string
	sink *otlpsink.Sink
}

// usage is what one run of the collector took.
type usage struct {
	cpu  time.Duration
	peak int64 // of resident memory, in bytes
}

// stage runs the collector with the stages up to last until it has read the
// file. It fails unless each line was an event, and arrived.
func (m *measurement) stage(ctx context.Context, last int, file string, lines int) (usage, error) {
	dir, err := os.MkdirTemp("", "whole")
	if err != nil {
		return usage{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	options := colproc.Options{Env: []string{"AUTHEVENTS_INCLUDE=" + file, "SINK_URL=" + m.sink.URL()}}
	for i, stage := range stages[:last+1] {
		path := filepath.Join(dir, stage.config)
		text, err := configs.ReadFile("configs/" + stage.config)
		if err != nil {
			return usage{}, err
		}
		if err := os.WriteFile(path, text, 0o600); err != nil {
			return usage{}, err
		}
		if i == 0 {
			options.Config = path
		} else {
			options.Overlays = append(options.Overlays, path)
		}
	}
	before := m.sink.Count()
	u, err := m.once(ctx, options, readAll(lines))
	if sends := stages[last].config == "send.yaml"; err == nil && sends && m.sink.Count()-before != lines {
		return usage{}, fmt.Errorf("%d of %d records arrived", m.sink.Count()-before, lines)
	}
	return u, err
}

// readAll says whether the collector has read so many lines, each an event.
func readAll(lines int) func([]colproc.Sample) bool {
	return func(s []colproc.Sample) bool {
		return colproc.Sum(s, "otelcol_auth_events_lines_total", "result", "event") >= float64(lines)
	}
}

// once runs the collector until it is done, by its own metrics, and stops it.
func (m *measurement) once(ctx context.Context, o colproc.Options, done func([]colproc.Sample) bool) (usage, error) {
	dir, err := os.MkdirTemp("", "whole")
	if err != nil {
		return usage{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	o.Binary, o.Dir, o.Ports = filepath.Join(m.root, "_build", "otelcol-auth"), m.root, true
	o.Env = append(o.Env, "STATE_DIR="+filepath.Join(dir, "state"), "PIISCRUB_KEY=0123456789abcdef0123456789abcdef")
	p, err := colproc.Start(ctx, o)
	if err != nil {
		return usage{}, err
	}
	defer p.Kill()
	if _, err := colproc.Await(ctx, p.TelemetryURL, deadline, done); err != nil {
		return usage{}, fmt.Errorf("%w\n%s", err, p.Log())
	}
	var u usage
	if u.peak, err = p.PeakMemory(); err != nil {
		return usage{}, err
	}
	code, err := p.Stop(time.Minute)
	if err != nil {
		return usage{}, err
	}
	if code != 0 {
		return usage{}, fmt.Errorf("the collector ended with exit code %d\n%s", code, p.Log())
	}
	u.cpu = p.CPU()
	return u, nil
}
