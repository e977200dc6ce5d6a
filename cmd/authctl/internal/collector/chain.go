package collector

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor"
)

// Chain is the processors of a pipeline, started.
type Chain struct {
	Pipeline Pipeline
	steps    []*step
}

// step is one processor. What it passes on is kept until it is asked for.
type step struct {
	id     component.ID
	config component.Config
	proc   processor.Logs // nil where it changes no record
	out    []plog.Logs
}

// Stage is what left a processor.
type Stage struct {
	// ID is the processor's, and Config its config.
	ID     component.ID
	Config component.Config
	// Passes says that it changes no record, as a batch processor.
	Passes bool
	// Logs are what it passed on. Nobody changes them any more.
	Logs plog.Logs
}

// Chain makes and starts the processors of a pipeline. It has to be stopped.
func (c *Config) Chain(ctx context.Context, p Pipeline) (*Chain, error) {
	chain := &Chain{Pipeline: p}
	for _, id := range p.Processors {
		s, err := c.newStep(ctx, id)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("pipeline %s: %w", p.ID, err), chain.Stop(ctx))
		}
		chain.steps = append(chain.steps, s)
	}
	return chain, nil
}

func (c *Config) newStep(ctx context.Context, id component.ID) (*step, error) {
	s := &step{id: id}
	if slices.Contains(passing, id.Type().String()) {
		return s, nil
	}
	factory, ok := factories()[id.Type()]
	if !ok {
		return nil, fmt.Errorf("processors::%s: authctl has no processor of this type, so that it can't show what leaves: it has %s", id, types())
	}
	cfg, err := decode[component.Config]("processors", id, c.processors[id], factory.CreateDefaultConfig)
	if err != nil {
		return nil, err
	}
	next, err := consumer.NewLogs(func(_ context.Context, ld plog.Logs) error {
		s.out = append(s.out, ld)
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.config = cfg
	s.proc, err = factory.CreateLogs(ctx, processor.Settings{ID: id, TelemetrySettings: telemetry(), BuildInfo: buildInfo()}, cfg, next)
	if err != nil {
		return nil, fmt.Errorf("processors::%s: %w", id, err)
	}
	if err := s.proc.Start(ctx, host{}); err != nil {
		return nil, fmt.Errorf("processors::%s: %w", id, err)
	}
	return s, nil
}

// Run sends records through the processors, and says what left each. ld stays
// as it is.
func (c *Chain) Run(ctx context.Context, ld plog.Logs) ([]Stage, error) {
	stages := make([]Stage, 0, len(c.steps))
	for _, s := range c.steps {
		out := ld
		if s.proc != nil {
			var err error
			if out, err = c.consume(ctx, s, copied(ld)); err != nil {
				return stages, err
			}
		}
		stages = append(stages, Stage{ID: s.id, Config: s.config, Passes: s.proc == nil, Logs: out})
		ld = out
	}
	return stages, nil
}

// Consume sends records through the processors, and returns what left the last. It
// copies nothing, as the collector does not: ld is the processors' from here on
// where the chain Mutates, and what is returned may be ld.
func (c *Chain) Consume(ctx context.Context, ld plog.Logs) (plog.Logs, error) {
	for _, s := range c.steps {
		var err error
		if ld, err = c.consume(ctx, s, ld); err != nil {
			return ld, err
		}
	}
	return ld, nil
}

// consume has one processor work on ld itself.
func (c *Chain) consume(ctx context.Context, s *step, ld plog.Logs) (plog.Logs, error) {
	if s.proc == nil {
		return ld, nil
	}
	err := s.proc.ConsumeLogs(ctx, ld)
	out := merged(s.out)
	clear(s.out) // or a batch would be held until the next one
	s.out = s.out[:0]
	if err != nil {
		return out, fmt.Errorf("pipeline %s: processors::%s: %w", c.Pipeline.ID, s.id, err)
	}
	return out, nil
}

// Passes says that no processor of the chain changes records, nor looks at them.
func (c *Chain) Passes() bool {
	return !slices.ContainsFunc(c.steps, func(s *step) bool { return s.proc != nil })
}

// Mutates says that a processor changes the records that it is given, so that
// another pipeline needs some of its own.
func (c *Chain) Mutates() bool {
	return slices.ContainsFunc(c.steps, func(s *step) bool { return s.proc != nil && s.proc.Capabilities().MutatesData })
}

// Stop ends the processors.
func (c *Chain) Stop(ctx context.Context) error {
	var errs []error
	for _, s := range c.steps {
		if s.proc != nil {
			errs = append(errs, s.proc.Shutdown(ctx))
		}
	}
	return errors.Join(errs...)
}

func copied(ld plog.Logs) plog.Logs {
	out := plog.NewLogs()
	ld.CopyTo(out)
	return out
}

// merged puts what a processor passed on in parts into one.
func merged(parts []plog.Logs) plog.Logs {
	if len(parts) == 1 {
		return parts[0]
	}
	out := plog.NewLogs()
	for _, part := range parts {
		part.ResourceLogs().MoveAndAppendTo(out.ResourceLogs())
	}
	return out
}

// host is that of a collector without extensions.
type host struct{}

func (host) GetExtensions() map[component.ID]component.Component { return nil }

// String names the pipeline.
func (p Pipeline) String() string { return p.ID.String() }
