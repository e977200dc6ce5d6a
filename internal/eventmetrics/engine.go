// Package eventmetrics counts log records of sign-in events into series whose
// number is bounded.
//
// It knows pdata and the vocabulary of internal/attr, and neither collector
// components nor loggers: connector/eventmetrics and processor/eventmetrics
// are thin wrappers around it.
package eventmetrics

import (
	"cmp"
	"strings"
	"sync"
	"time"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// DefaultMaxSeries bounds the series of a metric where Settings do not.
const DefaultMaxSeries = 2000

// maxResolved bounds the memory of which rules look at an event; beyond it
// they are found anew for each record.
const maxResolved = 4096

// Settings of an engine.
type Settings struct {
	// Start is the start time of all series; required.
	Start time.Time
	// MaxSeries bounds the series of each metric, without its overflow series;
	// 0 is DefaultMaxSeries.
	MaxSeries int
	// Observe is called for each value that went into a histogram, once the
	// transaction is committed, and may be nil. It must neither change nor call
	// the engine. metric is an index into the Set's metrics.
	Observe func(metric int, attributes []Attribute, seconds float64)
}

// Engine adds log records to the series of the catalogue. It is safe for
// concurrent use.
type Engine struct {
	settings Settings
	rules    []rule // of all metrics, in their order

	// mu guards everything below, the metrics' dictionaries and series included.
	mu      sync.Mutex
	metrics []*metric
	seen    seen
	// resolved is by event name. Sources share hardly any names, and a map by
	// one string is looked up faster than one by two.
	resolved map[string][]resolvedEvent
	// numResolved counts the entries of resolved, over all names.
	numResolved int
}

// candidate is a rule that looks at a record, with what the record's source
// and event name alone say about the series it counts in.
type candidate struct {
	rule   *rule
	metric *metric
	key    key
	folded int
}

// resolvedEvent holds the candidates of an event name, for one source.
type resolvedEvent struct {
	source     string
	candidates []candidate
}

// New returns an engine that counts what is defined, and refuses what can't
// be counted, all problems at once.
func New(set definition.Set, settings Settings) (*Engine, error) {
	settings.MaxSeries = cmp.Or(settings.MaxSeries, DefaultMaxSeries)
	metrics, rules, err := compile(set.Metrics, settings.MaxSeries)
	if err != nil {
		return nil, err
	}
	return &Engine{settings: settings, rules: rules, metrics: metrics, resolved: map[string][]resolvedEvent{}}, nil
}

// candidatesFor returns the rules that look at records of this source and
// name, in the order of the catalogue.
func (e *Engine) candidatesFor(source, event string) []candidate {
	for _, r := range e.resolved[event] {
		if r.source == source {
			return r.candidates
		}
	}
	candidates := e.resolve(source, event)
	if e.numResolved < maxResolved && len(source) <= maxValueLength && len(event) <= maxValueLength {
		e.numResolved++
		event = strings.Clone(event) // the record's string may hold its whole line alive
		e.resolved[event] = append(e.resolved[event], resolvedEvent{strings.Clone(source), candidates})
	}
	return candidates
}

func (e *Engine) resolve(source, event string) []candidate {
	var candidates []candidate
	for i := range e.rules {
		r := &e.rules[i]
		if !r.takes(source, event) {
			continue
		}
		m := e.metrics[r.metric]
		k, folded := m.fixedKey(source, event)
		candidates = append(candidates, candidate{r, m, k, folded})
	}
	return candidates
}
