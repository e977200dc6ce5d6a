package eventmetrics

import (
	"cmp"
	"math"
	"slices"
	"sort"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
)

// overflowAttribute marks the series that takes what a full metric refuses;
// the name is OpenTelemetry's.
const overflowAttribute = "otel.metric.overflow"

// maxDimensions is how many attributes a point can have, the common ones
// included.
const maxDimensions = 12

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

// numRecent is how many series of a metric are found without a look into its
// map; a power of two.
const numRecent = 128

// slot mixes the values of a key. None of the products waits for another.
func (k *key) slot() uint {
	h := uint32(k[0])*0x9e3779b1 + uint32(k[1])*0x85ebca6b + uint32(k[2])*0xc2b2ae35 + uint32(k[3])*0x27d4eb2f +
		uint32(k[4])*0x165667b1 + uint32(k[5])*0xd3a2646d + uint32(k[6])*0xfd7046c5 + uint32(k[7])*0xb55a4f09 +
		uint32(k[8])*0x1b873593 + uint32(k[9])*0xcc9e2d51 + uint32(k[10])*0xe6546b65 + uint32(k[11])*0x9b05688d
	return uint(h>>16) % numRecent
}

// dimension is one attribute of a metric, with the values met so far.
type dimension struct {
	definition.Dimension
	*dictionary
	field field
	// common marks those of definition.Common, which are folded last.
	common bool
	folded bool // see fold
	// views are by source, for those with a list of their own in Allowed, and
	// one under "" for all others.
	views map[string]*view
}

// metric is one definition.Metric with its series.
type metric struct {
	definition.Metric
	index      int
	dimensions []dimension
	maxSeries  int
	bounds     []float64 // of a histogram with explicit bounds
	// breakdowns are of a unique count: which dimensions a series has. The
	// first is the total.
	breakdowns [][maxDimensions]bool
	sources    []string // that its rules name; "" among them is any
	// fractional is set once a sum took a fraction.
	fractional bool

	series   map[key]*series
	ordered  []*series // all of series; in order of attributes if sorted
	sorted   bool
	overflow *series // nil before the first refusal
	recent   [numRecent]*series
	folds    []int // dimensions that are folded, in that order
}

// series is one stream of points. Its attributes never change. What each record
// writes to comes first, in one line of the processor's cache.
type series struct {
	// count is the value of a sum of records or of integers, and how many values
	// a histogram took.
	count int64
	// changed is the collector's clock at the last commit that touched the
	// series, in nanoseconds since 1970; 0 for a zero point that nothing has
	// touched yet.
	changed int64
	// fraction is what a sum of fractions has beside count; the sum is both.
	fraction  float64
	histogram *histogram // of both kinds of histograms, and else nil
	exemplar  *exemplar  // the last one; nil without
	number    uint64     // its own among all series of the engine, see peopleOf; the overflow series has none
	key       key        // of the metric's series; the overflow series has none

	attributes []Attribute
	// windows are of a unique count alone, one for each of Unique.Windows; each
	// is a point of its own, with WindowAttribute beside attributes.
	windows []*unique.Window
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

func (m *metric) newSeries(attributes []Attribute, key unique.Key) *series {
	s := &series{attributes: attributes}
	switch m.Kind {
	case definition.Histogram:
		s.histogram = &histogram{buckets: make([]uint64, len(m.bounds)+1)}
	case definition.ExponentialHistogram:
		s.histogram = &histogram{exponential: newExponential()}
	case definition.Unique:
		for _, length := range m.Unique.Windows {
			s.windows = append(s.windows, unique.NewWindow(length, key))
		}
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
		a := Attribute{Name: d.Name, Value: d.values[k[i]]}
		// A boolean still folds to a string: there is no third boolean.
		if d.Boolean && k[i] != otherID {
			a.Bool, a.IsBool = a.Value == booleans[1], true
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

// add counts one value: 1 for a record. Of a histogram, whole and fraction are
// the two parts of its value. It is false for a number that a sum has no room
// for: no int64 holds both. A histogram's own has room for all that a record
// may say, see value.number.
func (m *metric) add(s *series, whole int64, fraction float64) bool {
	h := s.histogram
	if h == nil {
		if s.count+whole < s.count || math.IsInf(s.fraction+fraction, 1) {
			return false
		}
		s.count += whole
		if fraction != 0 {
			s.fraction += fraction
			m.fractional = true
		}
		return true
	}
	value := float64(whole) + fraction
	if s.count == 0 {
		h.min, h.max = value, value
	}
	s.count++
	h.sum += value
	h.min, h.max = min(h.min, value), max(h.max, value)
	if h.exponential != nil {
		h.exponential.add(value)
		return true
	}
	h.buckets[sort.SearchFloat64s(m.bounds, value)]++ // bounds are inclusive
	return true
}
