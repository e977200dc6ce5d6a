// Package eventmetrics counts log records of sign-in events into series whose
// number is bounded.
//
// It knows pdata and the vocabulary of internal/attr, and neither collector
// components nor loggers: connector/eventmetrics and processor/eventmetrics
// are thin wrappers around it.
package eventmetrics

import (
	"cmp"
	"sync"
	"time"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
)

// DefaultMaxSeries bounds the series of a metric where Settings do not.
const DefaultMaxSeries = 2000

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
	Observe func(metric int, attributes []Attribute, value float64)
	// UniqueKey keys the hashes of users, sessions and devices, so that neither
	// windows nor snapshots hold an identity.
	UniqueKey unique.Key
	// Exemplars keeps with each series the trace of its last record that has one.
	Exemplars bool
	// Now is the collector's clock; nil for time.Now.
	Now func() time.Time
	// MaxEarly is how far ahead of the clock an event may be; what is further
	// ahead counts now. 0 is DefaultMaxEarly.
	MaxEarly time.Duration
	// ObservedTime has windows, funnels and pairs go by the time at which a
	// record was read rather than by its own.
	ObservedTime bool
	// Declare lists combinations of the common attributes, as values by name,
	// whose zero points are there before the first event. What a combination
	// leaves out is absent.
	Declare []map[string]string
}

// DefaultMaxEarly is Settings.MaxEarly where it is 0.
const DefaultMaxEarly = 5 * time.Minute

// Engine adds log records to the series of what it was told to count. It is
// safe for concurrent use.
type Engine struct {
	settings   Settings
	rules      []rule // of all metrics, funnels and pairs, in this order
	identities []identity
	resource   []field // attributes of resources that are read
	// environment is the one of them that tells users of funnels and pairs apart.
	environment field

	// mu guards everything below, what is behind the pointers included.
	mu      sync.Mutex
	fields  *fields
	metrics []*metric
	funnels []funnel
	pairs   []pair
	seen    seen
	touched uint64 // see markDuplicates
	met     met
	hashes  *hashes
	shapes  [numShapes]*shape // by traits
	// combinations of the common attributes that were declared or met.
	combinations map[combination]struct{}
	evictions    int64 // that results have told of
	// plans are by event name, one for each source. Sources share hardly any
	// names, and a map by one string is looked up faster than one by two.
	plans  map[string][]*plan
	recent [numRecentPlans]*plan // by planSlot of the event
	// nameless reads what decides about a plan, and no more.
	nameless *plan
	// numPlans counts the plans, over all names; lastPlan is the number of the
	// one made last.
	numPlans int
	lastPlan uint64
}

// New returns an engine that counts what is defined, and refuses what can't
// be counted, all problems at once.
func New(set definition.Set, settings Settings) (*Engine, error) {
	settings.MaxSeries = cmp.Or(settings.MaxSeries, DefaultMaxSeries)
	settings.MaxEarly = cmp.Or(settings.MaxEarly, DefaultMaxEarly)
	if settings.Now == nil {
		settings.Now = time.Now
	}
	c, err := compile(set, settings)
	if err != nil {
		return nil, err
	}
	e := &Engine{
		settings: settings, rules: c.rules, identities: c.identities,
		fields: c.fields, metrics: c.metrics, funnels: c.funnels, pairs: c.pairs,
		met: newMet(c.metrics, settings.UniqueKey), hashes: newHashes(settings.UniqueKey),
	}
	for i, spec := range c.fields.specs {
		if spec.place.In == definition.Resource {
			e.resource = append(e.resource, field(i))
			if spec.place.Name == attr.DeploymentEnvironmentName {
				e.environment = field(i)
			}
		}
	}
	e.nameless = newPlan(e.fields, "")
	e.begin()
	return e, nil
}

// Advance tells the engine how late it is, so that what nothing has ended in
// time counts as abandoned. It is called before each flush or collection.
func (e *Engine) Advance(now time.Time) Result {
	e.mu.Lock()
	defer e.mu.Unlock()
	var result Result
	e.advance(now, &result)
	return result
}
