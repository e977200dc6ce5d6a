package eventmetrics

import (
	"cmp"
	"slices"
	"sort"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// overflowAttribute marks the series that takes what a full metric refuses;
// the name is OpenTelemetry's.
const overflowAttribute = "otel.metric.overflow"

// maxDimensions is how many attributes a point can have.
const maxDimensions = 8

// key is the identity of a series within its metric: a value for each of the
// metric's dimensions.
type key [maxDimensions]valueID

// Attribute is one attribute of a point: a boolean where IsBool is set, and
// else a string.
type Attribute struct {
	Name   string
	Value  string
	Bool   bool
	IsBool bool
}

// dimension is one attribute of a metric, with the values met so far.
type dimension struct {
	field      field
	dictionary *dictionary
}

// metric is one definition.Metric with its series.
type metric struct {
	definition.Metric
	dimensions []dimension
	maxSeries  int
	bounds     []float64 // of a histogram

	series   map[key]*series
	ordered  []*series // all of series; in order of attributes if sorted
	sorted   bool
	overflow *series // nil before the first refusal
}

// series is one stream of points. Its attributes never change.
type series struct {
	key        key // of the metric's series; the overflow series has none
	attributes []Attribute
	// count is the value of a sum of records or of integers, and how many values
	// a histogram took.
	count int64
	// fraction is what a sum of fractions has beside count; the sum is both.
	fraction  float64
	histogram *histogram // of both kinds of histograms, and else nil
	// windows are of a unique count alone, one for each of Unique.Windows; each
	// is a point of its own, with WindowAttribute beside attributes.
	windows  []window
	exemplar *exemplar // the last one; nil without
	// changed is the collector's clock at the last commit that touched the
	// series, in nanoseconds since 1970; 0 for a zero point that nothing has
	// touched yet.
	changed int64
}

// window estimates how many distinct users came in the last while.
type window interface {
	Insert(hash uint64, at time.Time)
	Estimate(now time.Time) int64
	MarshalBinary() ([]byte, error)
	UnmarshalBinary(data []byte) error
}

// histogram holds a distribution: buckets are those of the metric's bounds, or
// exponential has them. Both have sum, min and max; min and max are 0 before
// the first value.
type histogram struct {
	sum, min, max float64
	buckets       []uint64     // nil for an exponential histogram
	exponential   *exponential // nil for explicit bounds
}

// exponential holds the buckets of an exponential histogram, as OTel's data
// model has them: buckets[i] counts the values in (b^(offset+i), b^(offset+i+1)]
// with b = 2^(2^-scale).
type exponential struct {
	scale   int32
	offset  int32
	buckets []uint64
	zero    uint64 // values that are 0
}

// exemplar joins a series to a trace.
type exemplar struct {
	traceID pcommon.TraceID
	spanID  pcommon.SpanID
	value   float64
	at      pcommon.Timestamp
}

func newMetric(m definition.Metric, maxSeries int) *metric {
	compiled := &metric{Metric: m, maxSeries: maxSeries, series: map[key]*series{}}
	if m.Kind == definition.Histogram {
		compiled.bounds = definition.DefaultBounds()
	}
	return compiled
}

func (m *metric) addDimension(f field) {
	m.dimensions = append(m.dimensions, dimension{f, newDictionary(fieldSpecs[f])})
}

// fixedKey fills in what all records of a source and event name share, and
// tells how many of the two values were folded.
func (m *metric) fixedKey(source, event string) (k key, folded int) {
	for i, d := range m.dimensions {
		value := ""
		switch d.field {
		case fieldSource:
			value = source
		case fieldEventName:
			value = event
		}
		var fold bool
		if k[i], fold = d.dictionary.id(value); fold {
			folded++
		}
	}
	return k, folded
}

// keyOf returns the key of a record, and how many of its values were folded.
func (c *candidate) keyOf(rec *record) (k key, folded int) {
	k, folded = c.key, c.folded
	for i, d := range c.metric.dimensions {
		if d.field == fieldSource || d.field == fieldEventName {
			continue // in c.key
		}
		id, fold := d.dictionary.id(c.rule.value(rec, d.field))
		k[i] = id
		if fold {
			folded++
		}
	}
	return k, folded
}

// at returns the series of a key: a new one while there is room, and then the
// overflow series.
func (m *metric) at(k key) *series {
	if s, ok := m.series[k]; ok {
		return s
	}
	if len(m.series) < m.maxSeries {
		s := m.newSeries(m.attributes(k))
		s.key = k
		m.series[k] = s
		m.ordered = append(m.ordered, s)
		m.sorted = false
		return s
	}
	if m.overflow == nil {
		m.overflow = m.newSeries([]Attribute{{Name: overflowAttribute, Bool: true, IsBool: true}})
	}
	return m.overflow
}

func (m *metric) newSeries(attributes []Attribute) *series {
	s := &series{attributes: attributes}
	if m.Kind == definition.Histogram {
		s.histogram = &histogram{buckets: make([]uint64, len(m.bounds)+1)}
	}
	return s
}

// attributes leaves out what the record did not have, rather than showing it
// as empty.
func (m *metric) attributes(k key) []Attribute {
	attributes := make([]Attribute, 0, len(m.dimensions))
	for i, d := range m.dimensions {
		if k[i] == absentID {
			continue
		}
		a := Attribute{Name: fieldSpecs[d.field].attribute, Value: d.dictionary.values[k[i]]}
		// A boolean field still folds to a string: there is no third boolean.
		if fieldSpecs[d.field].boolean && k[i] != otherID {
			a.Bool, a.IsBool = a.Value == booleans[0], true
		}
		attributes = append(attributes, a)
	}
	return attributes
}

// all returns the series in order of their attributes, overflow last. Sorting
// is needed only after a new series came.
func (m *metric) all() []*series {
	if !m.sorted {
		slices.SortFunc(m.ordered, func(a, b *series) int {
			return slices.CompareFunc(a.attributes, b.attributes, compareAttributes)
		})
		m.sorted = true
	}
	if m.overflow == nil {
		return m.ordered
	}
	return append(slices.Clip(m.ordered), m.overflow)
}

func compareAttributes(a, b Attribute) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Value, b.Value))
}

// add counts one record. The value matters to a histogram alone.
func (m *metric) add(s *series, value float64) {
	s.count++
	h := s.histogram
	if h == nil {
		return
	}
	if s.count == 1 {
		h.min, h.max = value, value
	}
	h.sum += value
	h.min, h.max = min(h.min, value), max(h.max, value)
	h.buckets[sort.SearchFloat64s(m.bounds, value)]++ // bounds are inclusive
}
