package profiles

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/authevents/otelcol-auth/internal/attr"
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
	if d.freeText {
		r.line(4, "unknown_event: "+unknownEvent+" # of sentences that no template fits")
		if len(d.sentences) > 0 {
			r.line(4, "templates: # names are made of the words: choose better ones")
		}
		for _, s := range d.sentences {
			r.line(6, fmt.Sprintf("- {from: %s, template: %s, event: %s} # %d lines",
				quote(d.names[0].field.pointer), jsonText(s.template), quote(s.event), s.lines))
		}
	}
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
			what := "{}"
			switch {
			case len(c.in) > 0:
				what = "{in: " + list(c.in) + "}"
			case c.jsonType != "":
				what = "{type: " + c.jsonType + "}"
			}
			r.line(6, begin+quote(c.pointer)+": "+what)
		}
	}
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

func (d *draft) withRole(role string) (chosen []choice) {
	for _, c := range d.attributes {
		if c.role == role {
			chosen = append(chosen, c)
		}
	}
	return chosen
}

// attributes writes a rule for each attribute, in the order of attributeRoles.
func (r *renderer) attributes() {
	begun := false
	for _, role := range attributeRoles {
		chosen := r.withRole(role.name)
		inText := r.userInText && (role.name == attr.UserID || role.name == attr.UserName)
		if len(chosen) == 0 && !inText || role.name == "uid" || role.name == "trace_id" {
			continue
		}
		if !begun {
			r.line(4, "attributes:")
			begun = true
		}
		r.line(6, "- name: "+role.name)
		if inText {
			r.line(8, "from:")
			r.line(10, "- "+quote(r.names[0].field.pointer+"/user")+" # out of the sentences")
			for _, c := range chosen {
				r.line(10, "- "+quote(c.field.pointer)+" # "+r.why(c))
			}
		} else {
			r.places(8, "from", chosen)
		}
		if role.as != "" {
			r.line(8, "as: "+role.as)
		}
		var except []string
		if role.name == attr.UserID || role.name == attr.UserName || role.name == attr.ActorID {
			for _, c := range chosen {
				for _, value := range sentinelsOf(c.field) {
					if !slices.Contains(except, value) {
						except = append(except, value)
					}
				}
			}
		}
		if len(except) > 0 {
			r.line(8, "except: "+list(except)+" # nobody")
		}
	}
}

func (r *renderer) eventList() {
	if len(r.events) == 0 {
		return
	}
	byCategory := map[string][]event{}
	for _, e := range r.events {
		byCategory[e.category] = append(byCategory[e.category], e)
	}
	if r.hidden > 0 {
		r.line(4, fmt.Sprintf("# %d lines have names that are not listed here: they may be values of somebody.", r.hidden))
	}
	r.line(4, "events: # categories and outcomes are guessed from the names")
	for _, category := range slices.Sorted(maps.Keys(byCategory)) {
		r.line(6, category+":")
		for _, e := range byCategory[category] {
			rule := "{}"
			if e.outcome != "" {
				rule = "{outcome: " + e.outcome + "}"
			}
			r.line(8, fmt.Sprintf("%s: %s # %d lines", quote(e.name), rule, e.lines))
		}
	}
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

func list(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = quote(text)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// quote writes a text as YAML reads it back, also in brackets.
func quote(s string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	reserved := []string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
	begins := s != "" && strings.ContainsRune(plain+"/", rune(s[0]))
	if begins && strings.Trim(s, plain+"0123456789_-./~") == "" && !slices.Contains(reserved, strings.ToLower(s)) {
		return s
	}
	return jsonText(s)
}

func jsonText(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always marshals
	}
	var b strings.Builder
	for _, r := range string(text) {
		if unicode.IsPrint(r) {
			b.WriteRune(r)
		} else { // YAML has no room for control characters, nor has a terminal
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	return b.String()
}
