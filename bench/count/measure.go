package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"time"

	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/bench/internal/pairs"
	"github.com/authevents/otelcol-auth/internal/attr"
)

// rounds is how often the records are counted while it is timed. Of two rounds
// before them, one makes the series, and one measures allocations.
const rounds = 5

// measure has the connector count the records, and prints what that took, its
// last flush and what the garbage collector did meanwhile included.
func measure(name string, in input, lines int) error {
	batches, err := in.batches(lines)
	if err != nil {
		return err
	}
	var out sink
	c, err := newConnector(name, &out)
	if err != nil {
		return err
	}
	m := meter{connector: c, batches: batches}
	if err := m.round(func(call func() error) error { return call() }); err != nil {
		return err
	}
	if err := m.round(m.weighed); err != nil {
		return err
	}
	runtime.GC()
	for range rounds {
		if err := m.round(m.timed); err != nil {
			return err
		}
	}
	if err := m.timed(func() error { return c.Shutdown(context.Background()) }); err != nil {
		return err
	}
	if out.points == 0 {
		return fmt.Errorf("%s made no points", name)
	}
	n := float64(recordsOf(batches))
	return json.NewEncoder(os.Stdout).Encode(pairs.Cost{
		Micros: float64(m.cpu.Nanoseconds()) / 1e3 / n / rounds,
		Allocs: float64(m.allocs) / n,
		Bytes:  float64(m.bytes) / n,
	})
}

func recordsOf(batches []plog.Logs) int {
	n := 0
	for _, ld := range batches {
		n += ld.LogRecordCount()
	}
	return n
}

// meter adds up what counting takes.
type meter struct {
	connector connector.Logs
	batches   []plog.Logs

	cpu           time.Duration
	allocs, bytes uint64
	uid           int
}

// round has each batch counted as if its records were new: their uids are,
// and the batch is in the processor's cache, as one just parsed is.
func (m *meter) round(measured func(call func() error) error) error {
	for _, ld := range m.batches {
		m.renew(ld)
		if err := measured(func() error { return m.connector.ConsumeLogs(context.Background(), ld) }); err != nil {
			return err
		}
	}
	return nil
}

func (m *meter) renew(ld plog.Logs) {
	for _, rl := range ld.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				m.uid++
				lr.Attributes().PutStr(attr.LogRecordUID, "a3c0f7de-0a54-4c1e-9a0c-"+strconv.Itoa(1e11+m.uid))
			}
		}
	}
}

// timed adds the CPU time of a call.
func (m *meter) timed(call func() error) error {
	begin, err := pairs.CPU()
	if err != nil {
		return err
	}
	if err := call(); err != nil {
		return err
	}
	end, err := pairs.CPU()
	m.cpu += end - begin
	return err
}

// weighed adds what a call allocates. It stops the world, so it times nothing.
func (m *meter) weighed(call func() error) error {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := call(); err != nil {
		return err
	}
	runtime.ReadMemStats(&after)
	m.allocs += after.Mallocs - before.Mallocs
	m.bytes += after.TotalAlloc - before.TotalAlloc
	return nil
}
