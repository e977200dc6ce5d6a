package counting

import (
	"regexp"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// sourceName is what a profile may be called.
var sourceName = regexp.MustCompile(`^[A-Za-z0-9_]+$`)

// rule makes a rule of what says which records are meant.
func (c *compiler) rule(at path, r RecordsConfig) definition.Rule {
	if len(r.Events) == 0 {
		c.fail(at.key("events"), "is empty: name at least one event, such as \"consent_*\"")
	}
	c.patterns(at.key("events"), r.Events)
	c.patterns(at.key("except"), r.Except)
	if r.Source != "" && !sourceName.MatchString(r.Source) {
		c.fail(at.key("source"), "%q is no source: use the name of a profile, such as hera", r.Source)
	}
	rule := definition.Rule{Source: r.Source, Events: r.Events, Except: r.Except}
	for i, where := range r.Where {
		rule.Conditions = append(rule.Conditions, c.condition(at.key("where").index(i), where))
	}
	return rule
}

// isEmpty says whether nothing was said of records at all.
func (r RecordsConfig) isEmpty() bool {
	return len(r.Events)+len(r.Except)+len(r.Where) == 0 && r.Source == ""
}

func (c *compiler) condition(at path, w ConditionConfig) definition.Condition {
	place, ok := c.place(at, placeKeys{w.Attribute, w.Body, w.Resource})
	if ok && place.In == definition.Unset {
		c.fail(at, "names no place: give one of attribute, body and resource")
	}
	said := 0
	for _, is := range []bool{w.In != nil, w.NotIn != nil, w.Exists != nil} {
		if is {
			said++
		}
	}
	if said != 1 {
		c.fail(at, "asks %d questions: give one of in, not_in and exists", said)
		return definition.Condition{}
	}
	if w.Exists != nil {
		return definition.Condition{Place: place, Values: []string{"*"}, Not: !*w.Exists}
	}
	// Of attributes the engine compares none that are personal; of the body's
	// places, those where a value would count one person.
	if p, yes := personalAt(place); ok && yes && (place.In != definition.Body || p.singlesOut()) {
		c.fail(at, "%s holds personal data (%s), and a value of it may single out a person: ask whether it exists", p.what, p.kindName())
	}
	key, raw := at.key("in"), w.In
	if w.NotIn != nil {
		key, raw = at.key("not_in"), w.NotIn
	}
	if len(raw) == 0 {
		c.fail(key, "is empty: list at least one value")
	}
	values := c.texts(key, raw)
	for i, value := range values {
		c.pattern(key.index(i), value)
	}
	return definition.Condition{Place: place, Values: values, Not: w.NotIn != nil}
}
