package profiles

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// renderer writes a draft as YAML, by hand: each choice has a comment beside it,
// which encoders put where they please.
type renderer struct {
	*draft
	showValues bool
	strings.Builder
}

// yaml renders the draft, without the header.
func (d *draft) yaml(showValues bool) string {
	r := renderer{draft: d, showValues: showValues}
	r.line(0, "profiles:")
	r.line(2, quote(d.name)+":")
	r.matches()
	switch {
	case d.nameless:
		r.line(4, "event: "+quote(d.event)+" # nothing that was found names the events")
	case d.event != "":
		r.line(4, "event: "+quote(d.event)+" # each line is a request")
	}
	if len(d.keyValues) > 0 {
		var places []string
		for _, f := range d.keyValues {
			places = append(places, f.pointer)
		}
		r.line(4, "key_values: "+list(places))
	}
	r.places(4, "event_name", d.names)
	r.templates()
	r.places(4, "time", d.time)
	if len(d.layouts) > 0 {
		r.line(4, "time_layouts: "+list(d.layouts))
	}
	r.places(4, "uid", d.withRole("uid"))
	r.places(4, "trace_id", d.withRole("trace_id"))
	r.places(4, "outcome", d.outcome)
	if len(d.values) > 0 {
		r.line(4, "outcome_values:")
		for _, outcome := range slices.Sorted(maps.Keys(d.values)) {
			r.line(6, outcome+": "+list(d.values[outcome]))
		}
	}
	if len(d.errors) > 0 {
		r.line(4, "error_type:")
		r.places(6, "codes", d.errors)
	}
	r.attributes()
	r.eventList()
	r.patterns()
	r.classes()
	return r.String()
}

func (r *renderer) line(indent int, text string) {
	r.WriteString(strings.Repeat(" ", indent) + text + "\n")
}

func (r *renderer) matches() {
	r.line(4, "match:")
	for _, conditions := range r.match {
		for i, c := range conditions {
			begin := "  "
			if i == 0 {
				begin = "- "
			}
			r.line(6, begin+c.text())
		}
	}
}

// text is the condition as YAML.
func (c *condition) text() string {
	what := "{}"
	switch {
	case len(c.in) > 0:
		what = "{in: " + list(c.in) + "}"
	case len(c.notIn) > 0:
		what = "{not_in: " + list(c.notIn) + ", optional: true}"
	case len(c.prefix) > 0:
		what = "{prefix: " + list(c.prefix) + "}"
	case len(c.without) > 0:
		what = "{not_contains: " + list(c.without) + ", optional: true}"
	case c.jsonType != "":
		what = "{type: " + c.jsonType + "}"
	}
	return quote(c.pointer) + ": " + what
}

// places writes a list of places, each with what speaks for it.
func (r *renderer) places(indent int, key string, chosen []choice) {
	if len(chosen) == 0 {
		return
	}
	r.line(indent, key+":")
	for _, c := range chosen {
		r.line(indent+2, "- "+quote(c.field.pointer)+" # "+r.why(c))
	}
}

// why says what speaks for a choice.
func (r *renderer) why(c choice) string {
	return fmt.Sprintf("%s: %d of %d lines, %.0f %% fit", c.confidence(r.lines), len(c.field.lines), r.lines, 100*c.fits) + r.examples(c.field)
}

// examples are a few values, where they are asked for.
func (r *renderer) examples(f *field) string {
	if !r.showValues || len(f.values) == 0 {
		return ""
	}
	values := slices.Sorted(maps.Keys(f.values))
	for i := range values {
		values[i] = jsonText(values[i])
	}
	return ", such as " + strings.Join(values[:min(3, len(values))], ", ")
}

// classes writes pii, with what told of each field.
func (r *renderer) classes() {
	if len(r.draft.classes) == 0 {
		return
	}
	r.line(4, "pii: # what is read above has a kind by that; the rest:")
	for _, kind := range pii.Kinds() {
		begun := false
		for _, c := range r.draft.classes {
			if c.kind != kind {
				continue
			}
			if !begun {
				r.line(6, kind.String()+":")
				begun = true
			}
			why := "by its values"
			switch {
			case c.byName:
				why = "by its name"
			case c.doubt:
				why = "in doubt"
			}
			r.line(8, fmt.Sprintf("- %s # %s, %d of %d lines", quote(c.pointer), why, c.lines, r.lines))
		}
	}
}
