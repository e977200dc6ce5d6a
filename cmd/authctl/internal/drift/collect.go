package drift

import (
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/profiles/sample"
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
)

// maxNames bounds the names of events that are told apart in one source.
const maxNames = 1000

// collector gathers what drifts, by source. Profiles are few.
type collector struct {
	options
	sources map[string]*found
}

// found is what the lines of one source have.
type found struct {
	lines      int
	events     map[string]int // unknown ones, by name; maxNames of them
	moreEvents int            // unknown events beyond these
	fields     sample.Fields  // without a kind
	seen       sample.Fields  // all
	retyped    map[string]int // by the profile's pointers
	attributes map[string]int // that the records have
	noTime     int
}

func (c *collector) of(source string) *found {
	f := c.sources[source]
	if f == nil {
		f = &found{events: map[string]int{}, retyped: map[string]int{}, attributes: map[string]int{}}
		c.sources[source] = f
	}
	return f
}

// drifted takes what the parser itself says.
func (c *collector) drifted(list []authevent.Drift) {
	for _, d := range list {
		switch d.Kind {
		case authevent.DriftUnknownEvent:
			f := c.of(d.Source)
			name := "(free text)"
			if d.Name != "" {
				name = sample.Printable(d.Name, c.showValues)
			}
			if _, known := f.events[name]; !known && len(f.events) >= maxNames {
				f.moreEvents += d.Count
				continue
			}
			f.events[name] += d.Count
		case authevent.DriftRetypedField:
			c.of(d.Source).retyped[d.Name] += d.Count
		case authevent.DriftUnknownSource: // counted with the lines that are not taken
		}
	}
}

// event looks at the fields of a line that a profile took. A line of plain text
// has none.
func (c *collector) event(e sample.Event) error {
	f := c.of(e.Source)
	f.lines++
	if _, fallback := e.Record.Attributes().Get(attr.TimeFallback); fallback {
		f.noTime++
	}
	for name := range e.Record.Attributes().All() {
		f.attributes[name]++
	}
	_ = sample.Walk(e.Text, func(v sample.Value) {
		f.seen.Add(v.Pointer, v.Type)
		if v.Leaf() && !e.Classes.Has(v.Pointer) {
			f.fields.Add(sample.General(v.Pointer), v.Type)
		}
	})
	return nil
}
