package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/collector"
)

// way is what a receiver's lines go through, started.
type way struct {
	route  *Route
	source *collector.Source
	parse  *step
	paths  []*path // of the pipelines
	chains []*collector.Chain
}

// path is what a pipeline does with the records.
type path struct {
	pipeline string
	steps    []*step
	mutates  bool // a processor changes the records that it is given
}

// step is a stage, and what is done there. One of copy, chain and counts is set,
// but for parse.
type step struct {
	stage  *Stage
	copies bool
	chain  *collector.Chain // of one processor
	counts consumer.Logs
}

// newWays makes a way for each receiver of lines, in the order of the pipelines.
func newWays(ctx context.Context, cfg *collector.Config, conns connectors) (ways []*way, err error) {
	byReceiver := map[component.ID]*way{}
	for _, p := range cfg.Pipelines {
		sources, err := cfg.Sources(p)
		if err != nil {
			return ways, fmt.Errorf("pipeline %s: %w", p, err)
		}
		for _, source := range sources {
			w, ok := byReceiver[source.ID]
			if !ok {
				w = newWay(source)
				byReceiver[source.ID] = w
				ways = append(ways, w)
			}
			if err := w.add(ctx, cfg, p, conns); err != nil {
				return ways, err
			}
		}
	}
	if len(ways) == 0 {
		return nil, errors.New("no pipeline of logs has a receiver of lines (auth_events, auth_events_blob, or one with the encoding auth_events_encoding): name the configuration of a collector that reads the identity provider's lines")
	}
	for _, w := range ways {
		w.share()
	}
	return ways, nil
}

func newWay(source *collector.Source) *way {
	parse := &step{stage: &Stage{Kind: kindParse}}
	return &way{
		route: &Route{
			Receiver: source.ID.String(),
			Messages: !strings.HasPrefix(source.ID.Type().String(), "auth_events"),
			Stages:   []*Stage{parse.stage},
			NotRun:   []string{},
		},
		source: source, parse: parse,
	}
}

// add puts a pipeline at the end of the way.
func (w *way) add(ctx context.Context, cfg *collector.Config, p collector.Pipeline, conns connectors) error {
	counters, err := cfg.Counters(p)
	if err != nil {
		return fmt.Errorf("pipeline %s: %w", p, err)
	}
	out := &path{pipeline: p.String()}
	for _, id := range p.Processors {
		s, err := w.processor(ctx, cfg, p, id)
		if err != nil {
			return err
		}
		if s == nil {
			w.leaveOut(id)
			continue
		}
		out.steps = append(out.steps, s)
		out.mutates = out.mutates || s.chain.Mutates()
	}
	for _, id := range p.Exporters {
		i := slices.IndexFunc(counters, func(c collector.Counter) bool { return c.Connector && c.ID == id })
		if i < 0 {
			w.leaveOut(id)
			continue
		}
		counts, err := conns.start(ctx, &counters[i])
		if err != nil {
			return err
		}
		out.steps = append(out.steps, &step{stage: &Stage{Kind: kindConnector, Pipeline: p.String(), ID: id.String()}, counts: counts})
	}
	w.paths = append(w.paths, out)
	return nil
}

// share gives pipelines records of their own, as the collector does: each that
// changes records gets a copy, but the last of them where no other reads along.
func (w *way) share() {
	var changing []*path
	for _, p := range w.paths {
		if p.mutates {
			changing = append(changing, p)
		}
	}
	if len(changing) > 0 && len(changing) == len(w.paths) {
		changing = changing[:len(changing)-1]
	}
	for _, p := range changing {
		p.steps = slices.Insert(p.steps, 0, &step{stage: &Stage{Kind: kindCopy, Pipeline: p.pipeline}, copies: true})
	}
	for _, p := range w.paths {
		for _, s := range p.steps {
			w.route.Stages = append(w.route.Stages, s.stage)
		}
	}
}

// processor makes one, alone in its chain. nil is for one that only holds records
// back, such as batch.
func (w *way) processor(ctx context.Context, cfg *collector.Config, p collector.Pipeline, id component.ID) (*step, error) {
	alone := p
	alone.Processors = []component.ID{id}
	chain, err := cfg.Chain(ctx, alone)
	if err != nil {
		return nil, err
	}
	w.chains = append(w.chains, chain)
	if chain.Passes() {
		return nil, nil
	}
	return &step{stage: &Stage{Kind: kindProcessor, Pipeline: p.String(), ID: id.String()}, chain: chain}, nil
}

// leaveOut notes once what is not run.
func (w *way) leaveOut(id component.ID) {
	for _, known := range w.route.NotRun {
		if known == id.String() {
			return
		}
	}
	w.route.NotRun = append(w.route.NotRun, id.String())
}

// stop ends the processors.
func (w *way) stop(ctx context.Context) error {
	var errs []error
	for _, c := range w.chains {
		errs = append(errs, c.Stop(ctx))
	}
	return errors.Join(errs...)
}
