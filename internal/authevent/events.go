package authevent

import (
	"fmt"
	"strings"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// meaning is what an event's name says.
type meaning struct {
	name     string // the canonical one
	category string
	outcome  string
	step     string
	limiter  string
	method   string
	isError  bool
	rules    ruleSet // for events of this category
	// attributes are the rules for this event alone.
	attributes []assignment
}

// otherCategory is the category of an event whose name neither a profile's
// events nor its patterns know.
const otherCategory = "other"

// events maps names and aliases to what they mean, so that both cost one look.
func (c *compiler) events() map[string]*meaning {
	events := make(map[string]*meaning)
	enter := func(path, name string, m *meaning) {
		if known, twice := events[name]; twice {
			c.fail(path, "%q stands twice: it is also %q under %s", name, known.name, known.category)
		}
		events[name] = m
	}
	for _, category := range sortedKeys(c.p.Events) {
		for _, name := range sortedKeys(c.p.Events[category]) {
			rule := c.p.Events[category][name]
			path := fmt.Sprintf("events[%s][%s]", category, name)
			if name == "" || category == "" {
				c.fail(path, "a name is empty")
			}
			if !validOutcome(rule.Outcome) {
				c.fail(path+".outcome", "unknown outcome %q: use %s or %s, or leave it out", rule.Outcome, attr.OutcomeSuccess, attr.OutcomeFailure)
			}
			if rule.Severity != "" && rule.Severity != "error" {
				c.fail(path+".severity", "unknown severity %q: use error, or leave it out", rule.Severity)
			}
			m := &meaning{
				name: name, category: category, outcome: rule.Outcome, step: rule.Step, limiter: rule.Limiter,
				method: rule.Method, isError: rule.Severity == "error",
			}
			enter(path, name, m)
			for i, alias := range rule.Aliases {
				enter(fmt.Sprintf("%s.aliases[%d]", path, i), alias, m)
			}
		}
	}
	for i, pattern := range c.p.Patterns {
		path := fmt.Sprintf("patterns[%d]", i)
		if pattern.Prefix == "" && pattern.Suffix == "" {
			c.fail(path, "needs a prefix or a suffix")
		}
		if !validOutcome(pattern.Outcome) {
			c.fail(path+".outcome", "unknown outcome %q: use %s or %s, or leave it out", pattern.Outcome, attr.OutcomeSuccess, attr.OutcomeFailure)
		}
	}
	return events
}

func validOutcome(outcome string) bool {
	return outcome == "" || outcome == attr.OutcomeSuccess || outcome == attr.OutcomeFailure
}

// event is what was found of a line's event.
type event struct {
	*meaning
	// original is what the line calls it, where that is an alias.
	original string
	guessed  meaning // what meaning points to where no profile lists the name
}

// eventOf names the event of the line that d has read: a template's event goes
// before event_name, and that before event. The name is empty where the line
// yields none. unknown: the profile lists its events, and this is none of
// them; asWritten is what the line calls it, "" where that is free text.
func (p *compiled) eventOf(d *decoder, e *event) (unknown bool, asWritten string) {
	if d.event != "" {
		unknown = p.resolve(d.event, d.eventCaptured, e)
		if !d.eventCaptured {
			e.original = "" // the line has a sentence, not a name
		}
		return unknown, d.event
	}
	for _, slot := range p.eventName {
		name, ok := d.text(slot)
		if !ok || name == "" {
			continue
		}
		unknown = p.resolve(name, true, e)
		if !unknown || p.unknownEvent == "" {
			return unknown, name
		}
		p.resolve(p.unknownEvent, false, e)
		return true, ""
	}
	p.resolve(p.event, false, e)
	return false, ""
}

// resolve finds what a name means: what the profile lists, else a guess. It
// says whether the name is one of the line's that the profile should have
// listed.
func (p *compiled) resolve(name string, ofLine bool, e *event) (unknown bool) {
	e.original = ""
	if m, ok := p.events[name]; ok {
		e.meaning = m
		if m.name != name {
			e.original = name
		}
		return false
	}
	var known bool
	e.guessed, known = p.guess(name)
	e.meaning = &e.guessed
	return ofLine && !known && (len(p.events) > 0 || p.unknownEvent != "")
}

// guess asks the patterns: the first fitting ones say of category and of
// outcome, and any that the name was to be expected.
func (p *compiled) guess(name string) (m meaning, known bool) {
	m = meaning{name: name}
	for i := range p.patterns {
		pattern := &p.patterns[i]
		if !strings.HasPrefix(name, pattern.Prefix) || !strings.HasSuffix(name, pattern.Suffix) {
			continue
		}
		known = known || pattern.Known
		if m.category == "" {
			m.category = pattern.Category
		}
		if m.outcome == "" {
			m.outcome = pattern.Outcome
		}
	}
	if m.category == "" {
		m.category = otherCategory
	}
	m.rules, m.attributes = p.rulesOf(m.category), p.ofEvent[name]
	return m, known
}
