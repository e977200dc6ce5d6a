package eventmetrics

import (
	"errors"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
)

// EachWindow calls visit for each window of each series of the unique counts,
// overflow included. It holds the engine's lock meanwhile, so visit must not
// call the engine, and must keep neither attributes nor window.
func (e *Engine) EachWindow(visit func(metric string, attributes []Attribute, length time.Duration, w *unique.Window)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, m := range e.metrics {
		if m.Kind != definition.Unique {
			continue
		}
		for _, s := range m.all() {
			for n, w := range s.windows {
				visit(m.Name, s.attributes, m.Unique.Windows[n], w)
			}
		}
	}
}

// errNoWindow names neither metric nor window: they are another's words.
var errNoWindow = errors.New("there is no such unique count or window here: give all collectors the same metrics and unique.windows")

// MergeWindow merges the window of a series of another collector, by what
// unique.Window.AppendSince returned there, into the series with the same
// values of the metric's attributes. Values and series are bounded as those of
// records are, and the result tells what that folded. A window without anybody
// who still counts brings no series. An error leaves everything as it was.
func (e *Engine) MergeWindow(metric string, attributes pcommon.Map, length time.Duration, data []byte) (result Result, err error) {
	other := unique.NewWindow(length, e.settings.UniqueKey)
	if err := other.UnmarshalBinary(data); err != nil {
		return result, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	m, n := e.windowOf(metric, length)
	if m == nil {
		return result, errNoWindow
	}
	now := e.settings.Now()
	if other.Advance(now); other.Empty() {
		return result, nil
	}
	e.met.forget()
	s := e.seriesOf(m, attributes, &result)
	s.changed = now.UnixNano()
	return result, s.windows[n].Merge(other, now)
}

// windowOf returns a unique count, nil if there is none, and the index of its
// window.
func (e *Engine) windowOf(name string, length time.Duration) (m *metric, n int) {
	for _, m := range e.metrics {
		if m.Kind != definition.Unique || m.Name != name {
			continue
		}
		for n, l := range m.Unique.Windows {
			if l == length {
				return m, n
			}
		}
	}
	return nil, 0
}

// seriesOf returns the series with the same values of the metric's attributes.
func (e *Engine) seriesOf(m *metric, attributes pcommon.Map, result *Result) *series {
	if _, ok := attributes.Get(overflowAttribute); ok {
		return m.overflowSeries(e.settings.UniqueKey)
	}
	text := func(name string) string {
		var v value
		if a, ok := attributes.Get(name); ok {
			valueOf(a, &v)
		}
		return v.label() // Other for a list, a map and bytes
	}
	var k key
	source := text(attr.Source)
	for i := range m.dimensions {
		d := &m.dimensions[i]
		label := text(d.Name)
		if k[i] = d.adopt(source, label); k[i] == otherID && label != Other {
			result.Folded++
		}
	}
	return e.at(m, k, result)
}
