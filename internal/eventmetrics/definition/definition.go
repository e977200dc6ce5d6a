// Package definition describes what the engine of internal/eventmetrics
// counts: metrics, funnels and pairs, built in or a user's own. It holds no
// counts and reads no records.
package definition

import (
	"time"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// Set is everything that one engine counts.
type Set struct {
	Metrics []Metric
	// Funnels and Pairs count in the metrics that they name, which have no
	// rules of their own.
	Funnels []Funnel
	Pairs   []Pair
}

// Kind is the shape of a metric.
type Kind uint8

const (
	// Sum is a monotonic sum: of records, or of what Rule.Value names.
	Sum Kind = iota
	// Histogram is a distribution with explicit bounds of what Rule.Value
	// names, of the records' auth.duration in seconds where it names nothing.
	Histogram
	// ExponentialHistogram is the same with buckets that follow the values.
	ExponentialHistogram
	// Unique is a gauge: an estimate of how many distinct users the records of
	// the last window had.
	Unique
)

// Metric describes one metric and the records that it counts.
type Metric struct {
	// Name has no "total": a backend that wants one adds it.
	Name        string
	Unit        string
	Description string
	Kind        Kind
	// Dimensions of a point beside Common, in the order of the points'
	// attributes.
	Dimensions []Dimension
	// Rules are tried in order. The first that applies counts the record, so a
	// record counts at most once in each metric.
	Rules []Rule
	// Bounds of a Histogram's buckets, ascending; nil for DefaultBounds.
	Bounds []float64
	// Unique says who is told apart, and over how long; of a Unique alone.
	Unique UniqueSettings
	// Zeros lists points that are there with a value of 0 before their first
	// event, as values by the name of a dimension. What a combination leaves
	// out is absent. They come with each combination of the common attributes
	// that is declared or met, if a rule names its source or none; one that has
	// a common attribute itself comes with the combinations that agree.
	Zeros []map[string]string

	// Question is what an operator asks that the metric answers, and Query the
	// PromQL that answers it. Limits is what the events can not tell, where it
	// is worth saying. All three are for docs.
	Question string
	Query    string
	Limits   string
}

// UniqueSettings of a metric that counts distinct users.
type UniqueSettings struct {
	// By names the attributes that may hold the user, the first present counts.
	By []string
	// Windows are how far back a point looks; each is a point of its own, with
	// the attribute auth.window.
	Windows []time.Duration
	// Breakdowns are sets of dimensions that are counted beside the total, each
	// for itself: what is unique per value can't be added up.
	Breakdowns [][]string
}

// Dimension is one attribute of a metric's points.
type Dimension struct {
	// Name of the attribute on the point.
	Name string
	// From is where the value stands; the zero Place is the record's attribute
	// of the same Name.
	From Place
	// Allowed lists the values that are told apart, by auth.source, or for all
	// sources under "". A source with no list is bounded by Cap alone.
	Allowed map[string][]string
	// Cap bounds the values that a metric tells apart; 0 is the default.
	Cap int
	// Default stands in for a value that the record does not have; without it
	// the attribute is absent then.
	Default string
	// Boolean marks one that is a boolean on the point as well.
	Boolean bool
	// AcceptPersonalData allows an attribute that holds personal data; without
	// it the engine refuses the metric.
	AcceptPersonalData bool
}

// Place is where in a record a value stands.
type Place struct {
	In PlaceIn
	// Name of the attribute, or path in the body as an RFC 6901 JSON Pointer.
	Name string
}

// PlaceIn is the part of a record that a Place is in.
type PlaceIn uint8

const (
	// Unset is no place: the reader's own default.
	Unset PlaceIn = iota
	// Attribute is an attribute of the record.
	Attribute
	// Resource is an attribute of the record's resource.
	Resource
	// Body is a path in the record's body, be that text or a map.
	Body
)

// Rule says which records are counted, and what of them.
type Rule struct {
	// Source is the record's auth.source; empty for any.
	Source string
	// Events are event names. One "*" in a name stands for any text.
	Events []string
	// Except are event names that Events takes in and this rule does not.
	Except []string
	// Conditions must all hold.
	Conditions []Condition
	// Defaults stand in for dimensions that the record does not carry.
	Defaults []Default
	// Value is what a sum adds or a histogram takes. Unset, a sum adds 1 and a
	// histogram takes auth.duration.
	Value Place
}

// Condition holds where the value at a place is any of Values.
type Condition struct {
	Place Place
	// Values may each hold one "*" for any text; "*" alone asks only that there
	// is a value.
	Values []string
	// Not turns the condition round: it holds where no value matches, or where
	// there is none.
	Not bool
}

// Default is the value of a dimension that the event's name implies.
type Default struct {
	Dimension string
	Value     string
}

// Funnel counts in how many windows of how many users each step was reached.
type Funnel struct {
	Name        string
	Description string
	// Metric is the sum that counts, with FunnelAttribute and StepAttribute
	// among its dimensions.
	Metric string
	Steps  []Step
	// Ordered counts a step only for users who reached all steps before it.
	Ordered bool
	// Window begins with a user's first step; in it, each step counts once.
	Window time.Duration
	// By names the attributes that may hold the user, the first present counts.
	By []string
	// MaxUsers bounds the users held at a time; the oldest go first.
	MaxUsers int
}

// Step of a funnel.
type Step struct {
	Name  string
	Rules []Rule
}

// Attributes of the points of funnels, and of unique counts.
const (
	FunnelAttribute = "auth.funnel"
	StepAttribute   = "auth.funnel.step"
	WindowAttribute = "auth.window"
)

// Pair measures the time from an event to the one that answers it, and counts
// those that nothing answered.
type Pair struct {
	Name        string
	Description string
	// Duration is the histogram, in seconds, of pairs that were completed, with
	// the attributes of the record that ended them; Abandoned is the sum of
	// those that were not, with the attributes of the record that began them.
	// Either may be empty.
	Duration, Abandoned string
	Begin, End          []Rule
	// By names the attributes that may hold who it is, session or user; the
	// first present in a record counts. Both records must have the same one.
	By []string
	// Match names attributes that both records must agree in, such as the
	// method; a beginning without one agrees with any end. An end without one
	// answers only a beginning without it.
	Match []string
	// Timeout is when a beginning counts as abandoned.
	Timeout time.Duration
	// MaxPending bounds the beginnings held at a time; the oldest go first, and
	// count in neither metric.
	MaxPending int
}

// DefaultBounds returns the upper bounds of a histogram's buckets in seconds:
// from a redirect that needs no hand to a user who went to look for the phone.
func DefaultBounds() []float64 {
	return []float64{0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800}
}

// Common lists the attributes that points of every metric carry first. The
// environment is the resource's; keeping it apart here means that one
// collector in front of two environments never mixes their counts.
func Common() []string {
	return []string{attr.Source, attr.Domain, attr.DeploymentEnvironmentName}
}
