package profiles

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// templates writes those of a built-in profile, and those that were made of the
// sample's own sentences.
func (r *renderer) templates() {
	if r.freeText {
		r.line(4, "unknown_event: "+r.unknown()+" # of sentences that no template fits")
	}
	if r.knows != nil && len(r.knows.templates) > 0 || len(r.sentences) > 0 {
		r.line(4, "templates:")
	}
	if r.knows != nil {
		for _, t := range r.knows.templates {
			r.line(6, fmt.Sprintf("- {from: %s, template: %s, event: %s} # as %s has it", quote(t.From), jsonText(t.Template), quote(t.Event), r.knows.profile))
		}
	}
	if len(r.sentences) > 0 {
		r.line(6, "# Names are made of the words: choose better ones.")
	}
	for _, s := range r.sentences {
		r.line(6, fmt.Sprintf("- {from: %s, template: %s, event: %s} # %d lines",
			quote(r.names[0].field.pointer), jsonText(s.template), quote(s.event), s.lines))
	}
}

// unknown is what an event is called whose name would be free text.
func (d *draft) unknown() string {
	if d.knows != nil && d.knows.unknown != "" {
		return d.knows.unknown
	}
	return unknownEvent
}

// eventList writes the events: those that a built-in profile knows as that has them.
func (r *renderer) eventList() {
	byCategory := map[string][]string{}
	for _, e := range r.events {
		rule := "{}"
		if e.outcome != "" {
			rule = "{outcome: " + e.outcome + "}"
		}
		byCategory[e.category] = append(byCategory[e.category], fmt.Sprintf("%s: %s # %d lines", quote(e.name), rule, e.lines))
	}
	if r.knows != nil {
		for category, lines := range r.knows.eventLines() {
			byCategory[category] = append(byCategory[category], lines...)
		}
	}
	if len(byCategory) == 0 {
		return
	}
	if r.hidden > 0 {
		r.line(4, fmt.Sprintf("# %d lines have names that are not listed here: they may be values of somebody.", r.hidden))
	}
	guessed := "events: # categories and outcomes are guessed from the names"
	if r.knows != nil {
		guessed += ", unless " + r.knows.profile + " has them"
	}
	r.line(4, guessed)
	for _, category := range slices.Sorted(maps.Keys(byCategory)) {
		r.line(6, quote(category)+":")
		slices.Sort(byCategory[category])
		for _, line := range byCategory[category] {
			r.line(8, line)
		}
	}
}

// eventLines are the known events as YAML, by category.
func (v *vocabulary) eventLines() map[string][]string {
	counts := map[string]int{}
	for _, k := range v.byLine {
		counts[k.name]++
	}
	byCategory := map[string][]string{}
	for _, e := range v.events {
		var says []string
		for _, key := range []struct{ name, value string }{
			{"outcome", e.Outcome}, {"step", e.Step}, {"limiter", e.Limiter}, {"method", e.Method},
		} {
			if key.value != "" {
				says = append(says, key.name+": "+quote(key.value))
			}
		}
		if len(e.Aliases) > 0 {
			says = append(says, "aliases: "+list(e.Aliases))
		}
		byCategory[e.Category] = append(byCategory[e.Category],
			fmt.Sprintf("%s: {%s} # %d lines, as %s has it", quote(e.Name), strings.Join(says, ", "), counts[e.Name], v.profile))
	}
	return byCategory
}

// patterns writes families of names that a built-in profile knows.
func (r *renderer) patterns() {
	if r.knows == nil || len(r.knows.patterns) == 0 {
		return
	}
	r.line(4, "patterns: # as "+r.knows.profile+" has them")
	for _, p := range r.knows.patterns {
		var says []string
		for _, key := range []struct{ name, value string }{
			{"prefix", p.Prefix}, {"suffix", p.Suffix}, {"category", p.Category}, {"outcome", p.Outcome},
		} {
			if key.value != "" {
				says = append(says, key.name+": "+quote(key.value))
			}
		}
		if p.Known {
			says = append(says, "known: true")
		}
		r.line(6, "- {"+strings.Join(says, ", ")+"}")
	}
}
