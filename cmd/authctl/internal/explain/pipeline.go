package explain

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/collector"
	"github.com/authevents/otelcol-auth/processor/piiscrub"
)

// pipeline is one of the configuration's, ready for records.
type pipeline struct {
	name      string
	ids       []string
	chain     *collector.Chain
	scrubbers map[component.ID]*scrubber
	counters  []*counter
}

func newPipeline(ctx context.Context, cfg *collector.Config, p collector.Pipeline) (*pipeline, error) {
	out := &pipeline{name: p.String(), ids: []string{}, scrubbers: map[component.ID]*scrubber{}}
	for _, id := range p.Processors {
		out.ids = append(out.ids, id.String())
		if id.Type() != piiscrub.NewFactory().Type() {
			continue
		}
		config, err := cfg.Scrubber(id)
		if err != nil {
			return nil, err
		}
		if out.scrubbers[id], err = newScrubber(config); err != nil {
			return nil, fmt.Errorf("processors::%s: %w", id, err)
		}
	}
	counters, err := cfg.Counters(p)
	if err != nil {
		return nil, err
	}
	for _, c := range counters {
		made, err := newCounter(c)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.ID, err)
		}
		out.counters = append(out.counters, made)
	}
	out.chain, err = cfg.Chain(ctx, p)
	return out, err
}

// marked is a place that a processor has changed.
type marked struct {
	place
	mark Mark
}

// report runs a record through the pipeline. v is the record, read at that time, seen
// as a view.
func (p *pipeline) report(ctx context.Context, ld plog.Logs, v view, read pcommon.Timestamp, m *masker) PipelineReport {
	r := PipelineReport{Pipeline: p.name, Processors: p.ids}
	stages, err := p.chain.Run(ctx, ld)
	if err != nil {
		r.Error = err.Error()
		if !m.show { // what others write may quote the record
			r.Error = "processors::" + p.ids[min(len(stages), len(p.ids)-1)] + " gives an error: --show-values prints it"
		}
	}
	var marks []marked
	current, at := ld, v
	counted := 0
	for i, stage := range stages {
		counted = p.count(&r, counted, i, current, m)
		if stage.Passes {
			continue
		}
		if a := p.audit(stage, current, at, read, m); a != nil {
			r.Audits = append(r.Audits, *a)
		}
		next, ok := viewOf(stage.Logs, read)
		if !ok {
			r.DroppedBy = stage.ID.String()
			return r
		}
		marks = append(marks, p.marks(stage, current, at, next)...)
		current, at = stage.Logs, next
	}
	if err != nil {
		return r
	}
	p.count(&r, counted, len(stages), current, m)
	for _, row := range diff(v, at) {
		r.Places = append(r.Places, placeOf(&row, marks, m))
	}
	return r
}

// audit says what a pii_scrub in mode: audit would change of a record; nil for any
// other processor. from is the record, seen as a view.
func (p *pipeline) audit(stage collector.Stage, ld plog.Logs, from view, read pcommon.Timestamp, m *masker) *AuditReport {
	s := p.scrubbers[stage.ID]
	if s == nil || !s.audits {
		return nil
	}
	out := &AuditReport{Processor: stage.ID.String(), Places: []Place{}}
	to, ok := viewOf(s.scrubbed(ld), read)
	if !ok { // only by a defect of the scrubber, which the collector counts
		return out
	}
	marks := p.marks(stage, ld, from, to)
	for _, row := range diff(from, to) {
		if row.changed() {
			out.Places = append(out.Places, placeOf(&row, marks, m))
		}
	}
	return out
}

// marks says which places the stage changes, and why.
func (p *pipeline) marks(stage collector.Stage, before plog.Logs, from, to view) []marked {
	rows := slices.DeleteFunc(diff(from, to), func(r row) bool { return !r.changed() })
	if len(rows) == 0 {
		return nil
	}
	var causes [][]Cause
	rule := ""
	if s := p.scrubbers[stage.ID]; s != nil {
		causes, rule = s.causes(before, from.body(), rows), s.rule(before)
	}
	marks := make([]marked, len(rows))
	for i, r := range rows {
		marks[i] = marked{r.place, Mark{Processor: stage.ID.String()}}
		if causes != nil {
			marks[i].mark.Causes = causes[i]
		}
		if r.section != ofResource && r.section != ofScope { // the policy's top level treats those
			marks[i].mark.Rule = rule
		}
	}
	return marks
}

// count lets those event_metrics count that see the record before the processor at
// the index given, or behind the last one, and returns how many have.
func (p *pipeline) count(r *PipelineReport, counted, at int, ld plog.Logs, m *masker) int {
	for ; counted < len(p.counters) && p.counters[counted].After == at; counted++ {
		c := p.counters[counted]
		r.Counters = append(r.Counters, CounterReport{ID: c.ID.String(), Connector: c.Connector, Metrics: c.count(ld, m)})
	}
	return counted
}

// stop ends the pipelines.
func stop(ctx context.Context, pipelines []*pipeline) error {
	var errs []error
	for _, p := range pipelines {
		errs = append(errs, p.chain.Stop(ctx))
	}
	return errors.Join(errs...)
}

// placeOf reports a row with the marks that touch it.
func placeOf(r *row, marks []marked, m *masker) Place {
	out := Place{Section: string(r.section), Name: m.of(r.place).String()}
	if r.before == nil { // a name that a processor has made
		out.Name = m.text(r.String())
	}
	var found []string
	for _, one := range marks {
		if !one.touches(r.place) || !r.changed() {
			continue
		}
		out.Marks = append(out.Marks, one.mark)
		for _, c := range one.mark.Causes {
			if c.Kind != "" && !slices.Contains(found, c.Kind) {
				found = append(found, c.Kind)
			}
		}
	}
	switch {
	case r.before == nil:
		out.Change, out.after = changeAdded, m.left(r.after)
	case r.after == nil:
		out.Change, out.before = changeRemoved, m.original(r.place, r.before, found)
	case r.changed():
		out.Change, out.before, out.after = changeChanged, m.original(r.place, r.before, found), m.left(r.after)
	default:
		out.after = m.original(r.place, r.after, found)
	}
	out.Before, out.After = out.before.raw(), out.after.raw()
	return out
}
