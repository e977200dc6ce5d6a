package eventsampler

import (
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// record is what a decision needs of a log record. Its texts are the record's
// own memory: it is good for as long as that is.
type record struct {
	event, source, category, outcome, uid string
	// wrong says that there is an error on it, whatever the outcome.
	wrong    bool
	severity plog.SeverityNumber
	time     pcommon.Timestamp
	// by are the values of settings.by, "" where there is none.
	by [maxBy]string
	// What samplers before wrote; count is 0 where there is none.
	threshold, randomness string
	count                 float64
}

// read goes over the attributes once: to look up each of a dozen would cost
// several times as much.
func (s *settings) read(r *record, lr plog.LogRecord) {
	r.event, r.severity, r.time = lr.EventName(), lr.SeverityNumber(), lr.Timestamp()
	if r.time == 0 {
		r.time = lr.ObservedTimestamp()
	}
	for name, value := range lr.Attributes().All() {
		switch name {
		case attr.OTelEventName:
			if r.event == "" {
				r.event = value.Str()
			}
		case attr.Source:
			r.source = value.Str()
		case attr.Category:
			r.category = value.Str()
		case attr.Outcome:
			r.outcome = value.AsString() // what is no text is no success either
		case attr.LogRecordUID:
			r.uid = value.Str()
		case attr.ErrorType, attr.ParseError:
			r.wrong = true
		case attr.SamplingThreshold:
			r.threshold = value.Str()
		case attr.SamplingRandomness:
			r.randomness = value.Str()
		}
		if name == s.countAttribute {
			r.count = number(value)
		}
		for i := range s.by {
			if name == s.by[i] {
				r.by[i] = value.AsString()
			}
		}
	}
}

// fallbackOf reads the values of settings.by that a resource has.
func (s *settings) fallbackOf(resource pcommon.Resource) (values [maxBy]string) {
	for i, name := range s.by {
		if value, ok := resource.Attributes().Get(name); ok {
			values[i] = value.AsString()
		}
	}
	return values
}

func number(value pcommon.Value) float64 {
	switch value.Type() {
	case pcommon.ValueTypeInt:
		return float64(value.Int())
	case pcommon.ValueTypeDouble:
		return value.Double()
	}
	return 0
}

// exempt reports whether a record is never thinned: whatever is no success, or
// no event that we know, or has no uid to decide by.
func (s *settings) exempt(r *record) bool {
	if r.wrong || r.severity >= plog.SeverityNumberWarn || r.event == "" || r.source == "" {
		return true
	}
	switch r.outcome {
	case attr.OutcomeSuccess:
	case "":
		if !s.sampleNeutral {
			return true
		}
	default:
		return true
	}
	if r.uid == "" && r.randomness == "" || slices.Contains(s.alwaysCategories, r.category) {
		return true
	}
	for i := range s.always {
		if s.always[i].matches(r.event) {
			return true
		}
	}
	return false
}

// kindOf is what a record is sampled with: all of its source, event name and
// outcome, and of the values of by.
func (s *sampler) kindOf(r *record) kind {
	parts := [3 + maxBy]string{r.source, r.event, r.outcome}
	n := 3 + copy(parts[3:], r.by[:len(s.settings.by)])
	return s.table.kindOf(parts[:n]...)
}
