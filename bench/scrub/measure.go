package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"

	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/bench/internal/pairs"
	"github.com/authevents/otelcol-auth/bench/internal/records"
	"github.com/authevents/otelcol-auth/internal/authevent"
)

// measure has the processor process the file's records, and prints its cost with
// theirs. It fails unless each record came out.
func measure(name string, body authevent.Body, file string, lines int) error {
	var out sink
	p, err := newProcessor(name, &out)
	if err != nil {
		return err
	}
	if err := sourceOf(file, body).Each(lines, func(_ [][]byte, ld plog.Logs) error {
		return p.ConsumeLogs(context.Background(), ld)
	}); err != nil {
		return err
	}
	if out.records != lines {
		return fmt.Errorf("%d records of %d came out", out.records, lines)
	}
	cpu, err := pairs.CPU()
	if err != nil {
		return err
	}
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	n := float64(lines)
	return json.NewEncoder(os.Stdout).Encode(pairs.Cost{
		Micros: float64(cpu.Nanoseconds()) / 1e3 / n,
		Allocs: float64(mem.Mallocs) / n,
		Bytes:  float64(mem.TotalAlloc) / n,
	})
}

// sourceOf is a file of Login.gov's lines.
func sourceOf(file string, body authevent.Body) records.Source {
	return records.Source{File: file, Options: authevent.Options{Source: "login_gov", Body: body}}
}

// sink counts records, and keeps the last batch.
type sink struct {
	records int
	last    plog.Logs
}

func (*sink) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }

func (s *sink) ConsumeLogs(_ context.Context, ld plog.Logs) error {
	s.records += ld.LogRecordCount()
	s.last = ld
	return nil
}
