package profiles

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/profiles/sample"
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
)

// Coverage is what a profile makes of a sample.
type Coverage struct {
	Profile string `json:"profile"`
	sample.Counts
	// UnknownEvents are those that the profile, where it lists events, does not.
	UnknownEvents []Named `json:"unknown_events"`
	// NoTime counts events whose time the line does not tell.
	NoTime int `json:"no_time"`
	// Attributes are how many records have each.
	Attributes []Named `json:"attributes"`
	// Unclassified fields have no kind of personal data, Unmapped ones fill no
	// attribute, which may be as it should be.
	Unclassified []*sample.Field `json:"unclassified"`
	Unmapped     []*sample.Field `json:"unmapped"`
	// Refused counts values at places beyond the first 4096.
	Refused int `json:"refused,omitempty"`
}

// Named is a name and a number of lines.
type Named struct {
	Name  string `json:"name"`
	Lines int    `json:"lines"`
}

// maxNames bounds the names of unknown events; the rest are counted together.
const maxNames = 1000

func coverageOf(p *authevent.Parser, name string, raw map[string]any, in io.Reader, showValues bool) (*Coverage, error) {
	var unclassified, unmapped sample.Fields
	c := &Coverage{Profile: name}
	unknown, attributes := map[string]int{}, map[string]int{}
	read := placesOf(raw)
	var err error
	c.Counts, err = sample.Run(p, in, func(e sample.Event) error {
		for name := range e.Record.Attributes().All() {
			attributes[name]++
		}
		if _, fallback := e.Record.Attributes().Get(attr.TimeFallback); fallback {
			c.NoTime++
		}
		_ = sample.Walk(e.Text, func(v sample.Value) { // a line of plain text has no fields
			if !v.Leaf() {
				return
			}
			if !e.Classes.Has(v.Pointer) {
				unclassified.Add(sample.General(v.Pointer), v.Type)
			}
			if !isRead(read, v.Pointer) {
				unmapped.Add(sample.General(v.Pointer), v.Type)
			}
		})
		return nil
	}, func(list []authevent.Drift) {
		for _, d := range list {
			if d.Kind != authevent.DriftUnknownEvent {
				continue
			}
			name := "(free text)"
			if d.Name != "" {
				name = sample.Printable(d.Name, showValues)
			}
			if _, known := unknown[name]; !known && len(unknown) >= maxNames {
				name = "(others)"
			}
			unknown[name] += d.Count
		}
	})
	if err != nil {
		return nil, err
	}
	c.UnknownEvents, c.Attributes = named(unknown), named(attributes)
	c.Unclassified, c.Unmapped = unclassified.Sorted(), unmapped.Sorted()
	c.Refused = unclassified.Refused + unmapped.Refused
	return c, nil
}

// named sorts names, the most frequent first.
func named(counts map[string]int) []Named {
	list := []Named{}
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		list = append(list, Named{name, counts[name]})
	}
	slices.SortStableFunc(list, func(a, b Named) int { return cmp.Compare(b.Lines, a.Lines) })
	return list
}

// placesOf lists the pointers that a profile reads something from: all but those
// that only classify, compare or widen.
func placesOf(raw any) (places []string) {
	switch raw := raw.(type) {
	case map[string]any:
		for key, value := range raw {
			if !slices.Contains([]string{"pii", "events", "match", "types", "outcome_values", "when", "unlike"}, key) {
				places = append(places, placesOf(value)...)
			}
		}
	case []any:
		for _, element := range raw {
			places = append(places, placesOf(element)...)
		}
	case string:
		if strings.HasPrefix(raw, "/") {
			places = append(places, raw)
		}
	}
	return places
}

// isRead says whether the value is at one of the places, or below it.
func isRead(places []string, pointer string) bool {
	return slices.ContainsFunc(places, func(place string) bool {
		below, ok := strings.CutPrefix(pointer, place)
		return ok && (below == "" || below[0] == '/')
	})
}

func (c *Coverage) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "profile %s takes %d of %d lines\n", c.Profile, c.Events, c.Lines)
	for _, reason := range slices.Sorted(maps.Keys(c.NotTaken)) {
		fmt.Fprintf(&b, "  %7d not taken: %s\n", c.NotTaken[reason], reason)
	}
	if c.NoTime > 0 {
		fmt.Fprintf(&b, "  %7d have no time that can be read\n", c.NoTime)
	}
	section(&b, "events that it does not list", c.UnknownEvents, true)
	section(&b, "attributes, and how many records have them", c.Attributes, false)
	fieldList(&b, "fields without a class, which pii_scrub has to search", c.Unclassified)
	fieldList(&b, "fields that fill no attribute", c.Unmapped)
	if c.Refused > 0 {
		fmt.Fprintf(&b, "\n%d values of further fields\n", c.Refused)
	}
	return b.String()
}

func section(b *strings.Builder, title string, list []Named, counted bool) {
	if counted {
		title = fmt.Sprintf("%d %s", len(list), title)
	}
	fmt.Fprintf(b, "\n%s\n", title)
	for _, n := range list {
		fmt.Fprintf(b, "  %7d %s\n", n.Lines, n.Name)
	}
}

func fieldList(b *strings.Builder, title string, list []*sample.Field) {
	fmt.Fprintf(b, "\n%d %s\n", len(list), title)
	for _, f := range list {
		fmt.Fprintf(b, "  %7d %s (%s)\n", f.Lines, f.Pointer, strings.Join(slices.Sorted(maps.Keys(f.Types)), ", "))
	}
}
