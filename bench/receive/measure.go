package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/authevents/otelcol-auth/bench/internal/pairs"
)

// deadline ends a run in which records are missing.
const deadline = 5 * time.Minute

// measure reads the file, and prints the CPU time of this process. It fails
// unless each line has made one record with a time.
func measure(name, file string, lines int) error {
	factory, cfg, err := build(name, file)
	if err != nil {
		return err
	}
	sink := newSink(lines)
	r, err := factory.CreateLogs(context.Background(), receivertest.NewNopSettings(factory.Type()), cfg, sink)
	if err != nil {
		return err
	}
	if err := r.Start(context.Background(), componenttest.NewNopHost()); err != nil {
		return err
	}
	select {
	case <-sink.done:
	case <-time.After(deadline):
		return fmt.Errorf("only %d of %d records after %s", sink.records, lines, deadline)
	}
	if err := r.Shutdown(context.Background()); err != nil {
		return err
	}
	if sink.records != lines || sink.timed != lines {
		return fmt.Errorf("%d records, %d of them with a time, of %d lines", sink.records, sink.timed, lines)
	}
	cpu, err := pairs.CPU()
	if err != nil {
		return err
	}
	fmt.Println(cpu.Nanoseconds())
	return nil
}

// sink counts records, and does nothing else with them.
type sink struct {
	want int
	done chan struct{}

	mu             sync.Mutex
	records, timed int
}

func newSink(want int) *sink { return &sink{want: want, done: make(chan struct{})} }

func (*sink) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }

func (s *sink) ConsumeLogs(_ context.Context, ld plog.Logs) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.records
	for _, rl := range ld.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			s.records += sl.LogRecords().Len()
			for _, lr := range sl.LogRecords().All() {
				if lr.Timestamp() != 0 && lr.Timestamp() != lr.ObservedTimestamp() {
					s.timed++
				}
			}
		}
	}
	if before < s.want && s.records >= s.want {
		close(s.done)
	}
	return nil
}
