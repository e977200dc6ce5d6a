package main

import (
	"context"
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/authevents/otelcol-auth/internal/colproc"
)

// configs are written out for the collector, which reads files.
//
//go:embed configs/*.yaml
var configs embed.FS

// deadline ends a run in which events are missing.
const deadline = 10 * time.Minute

// measurement is what all runs share.
type measurement struct {
	binary string
	sink   *sink
}

// usage is what one run of the collector took.
type usage struct {
	cpu  time.Duration
	peak int64 // of resident memory, in bytes
}

// once runs the collector with the stages up to last until it has read the
// file, and stops it. It fails unless each line was an event, and arrived.
func (m *measurement) once(ctx context.Context, last int, file string, lines int) (usage, error) {
	dir, err := os.MkdirTemp("", "whole")
	if err != nil {
		return usage{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	options := colproc.Options{Binary: m.binary, Ports: true, Env: []string{
		"AUTHEVENTS_INCLUDE=" + file, "STATE_DIR=" + filepath.Join(dir, "state"),
		"PIISCRUB_KEY=0123456789abcdef0123456789abcdef", "SINK_URL=" + m.sink.url(),
	}}
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
	before := m.sink.count()
	p, err := colproc.Start(ctx, options)
	if err != nil {
		return usage{}, err
	}
	defer p.Kill()
	if _, err := colproc.Await(ctx, p.TelemetryURL, deadline, func(s []colproc.Sample) bool {
		return colproc.Sum(s, "otelcol_auth_events_lines_total", "result", "event") >= float64(lines)
	}); err != nil {
		return usage{}, fmt.Errorf("%w\n%s", err, p.Log())
	}
	code, err := p.Stop(time.Minute)
	if err != nil {
		return usage{}, err
	}
	if code != 0 {
		return usage{}, fmt.Errorf("the collector ended with exit code %d\n%s", code, p.Log())
	}
	if sends := stages[last].config == "send.yaml"; sends && m.sink.count()-before != lines {
		return usage{}, fmt.Errorf("%d of %d records arrived", m.sink.count()-before, lines)
	}
	var u usage
	u.cpu, u.peak = p.Usage()
	return u, nil
}
