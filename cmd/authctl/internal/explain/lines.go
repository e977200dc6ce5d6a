package explain

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/collector"
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/wrapper"
)

// explainer explains lines, as each receiver of a configuration takes them.
type explainer struct {
	receivers []*receiver
	pipelines []*pipeline
	show      bool
	known     fields
}

// receiver makes records of lines, for those pipelines that have it.
type receiver struct {
	source    *collector.Source
	unwrapper *wrapper.Unwrapper
	events    *authevent.Parser
	batch     *authevent.Batch
	pipelines []*pipeline
	lines     []wrapper.Line // for the next
	named     []named
}

// named is an unwrapper of one format.
type named struct {
	format wrapper.Format
	*wrapper.Unwrapper
}

func newExplainer(ctx context.Context, cfg *collector.Config, show bool) (*explainer, error) {
	e := &explainer{show: show}
	byID := map[component.ID]*receiver{}
	for _, p := range cfg.Pipelines {
		sources, err := cfg.Sources(p)
		if err != nil {
			return nil, err
		}
		made, err := newPipeline(ctx, cfg, p)
		if err != nil {
			return nil, err
		}
		e.pipelines = append(e.pipelines, made)
		for _, s := range sources {
			if byID[s.ID] == nil {
				byID[s.ID] = e.add(s)
			}
			byID[s.ID].pipelines = append(byID[s.ID].pipelines, made)
		}
	}
	if len(e.receivers) == 0 { // a gateway's: its records come from another collector
		s, err := collector.DefaultSource()
		if err != nil {
			return nil, err
		}
		e.add(s).pipelines = e.pipelines
	}
	return e, nil
}

func (e *explainer) add(s *collector.Source) *receiver {
	r := &receiver{source: s, unwrapper: s.Parser.Unwrapper(), events: s.Parser.Events(), named: newNamed(s)}
	r.batch = r.events.NewBatch()
	e.receivers = append(e.receivers, r)
	return r
}

// maxLine is how much of a line any receiver reads.
func (e *explainer) maxLine() int {
	most := 0
	for _, r := range e.receivers {
		most = max(most, r.source.Parser.MaxLineSize())
	}
	return most
}

// line reports the line of that number, and what it completes: of an envelope
// several reports, of the part of a line none.
func (e *explainer) line(ctx context.Context, text []byte, number int64, report func(*Report) error) error {
	for _, r := range e.receivers {
		cut, truncated := text, false
		if most := r.source.Parser.MaxLineSize(); len(text) > most {
			cut, truncated = text[:most], true
		}
		lines := r.unwrapper.Add(r.lines[:0], cut, number, truncated)
		if err := e.unwrapped(ctx, r, lines, func() string { return r.wrapperOf(cut) }, report); err != nil {
			return err
		}
	}
	return nil
}

// end reports the parts of lines of which the rest has not come.
func (e *explainer) end(ctx context.Context, report func(*Report) error) error {
	for _, r := range e.receivers {
		if err := e.unwrapped(ctx, r, r.unwrapper.Flush(r.lines[:0]), func() string { return string(wrapper.CRI) }, report); err != nil {
			return err
		}
	}
	return nil
}

// unwrapped reports lines. format names their wrapper, and is asked only where one
// was taken off.
func (e *explainer) unwrapped(ctx context.Context, r *receiver, lines []wrapper.Line, format func() string, report func(*Report) error) error {
	defer r.release(lines)
	format = sync.OnceValue(format) // the same for all of an envelope
	for i := range lines {
		made := e.explain(ctx, r, &lines[i])
		if !lines[i].InPlace {
			made.Wrapper = format()
		}
		if len(lines) > 1 {
			made.Event = i + 1
		}
		if err := report(made); err != nil {
			return err
		}
	}
	return nil
}

// release lets go of a line's texts, and keeps the list for the next.
func (r *receiver) release(lines []wrapper.Line) {
	r.unwrapper.Release()
	clear(lines)
	r.lines = lines[:0]
}

// newNamed are unwrappers that name the wrapper of a line: with one of its own, and
// not with auto, the line is taken apart as well.
func newNamed(s *collector.Source) []named {
	formats := []wrapper.Format{wrapper.Format(s.Lines.Wrapper)}
	if formats[0] == wrapper.Auto {
		formats = []wrapper.Format{wrapper.Docker, wrapper.CRI, wrapper.Compose, wrapper.Journald, wrapper.CloudWatch, wrapper.OktaEventHook}
	}
	var all []named
	for _, f := range formats {
		all = append(all, named{f, wrapper.New(f, s.Parser.MaxLineSize())})
	}
	return all
}

// wrapperOf names the wrapper of a line: "" for none. Each line is one by itself:
// what an unwrapper holds of it is flushed.
func (r *receiver) wrapperOf(text []byte) string {
	for _, n := range r.named {
		lines := n.Flush(n.Add(nil, text, 0, false))
		taken := len(lines) == 0 || !lines[0].InPlace
		n.Release()
		if taken {
			return string(n.format)
		}
	}
	return ""
}

// explain reports one line without its wrapper.
func (e *explainer) explain(ctx context.Context, r *receiver, l *wrapper.Line) *Report {
	why := r.events.Explain(l.Text, l.Truncated)
	out := &Report{
		Line: l.Offset, Receiver: r.source.ID.String(),
		Profile: why.Source, Conditions: why.Conditions, Template: why.Template,
	}
	now := time.Now()
	r.batch.Add(authevent.Line{Text: l.Text, Offset: l.Offset, Index: l.Index, Time: l.Time, Truncated: l.Truncated}, &authevent.Origin{}, now)
	ld := r.batch.Take()
	r.batch.Release()
	read := pcommon.NewTimestampFromTime(now)
	v, made := viewOf(ld, read)
	switch why.Kind {
	case authevent.Skipped:
		out.Skipped = why.Reason
	case authevent.Unparsed:
		out.Unparsed = &Unparsed{
			Reason: why.Reason, Byte: why.Offset, Why: why.Why, Tried: why.Tried,
			Becomes: "a record with the line as its body, and " + attr.ParseError + " = " + why.Reason,
		}
		if !made {
			out.Unparsed.Becomes = "nothing: the receiver has unparsed: drop"
		}
	}
	if !made {
		return out
	}
	m := newMasker(ld, v, &e.known, e.show)
	out.Record = recordOf(ld, &v, m)
	for _, p := range r.pipelines {
		out.Pipelines = append(out.Pipelines, p.report(ctx, ld, v, read, m))
	}
	return out
}
