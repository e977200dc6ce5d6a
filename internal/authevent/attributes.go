package authevent

import (
	"fmt"
	"slices"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// assignment fills one attribute from the first of its slots that holds
// something. There is one for each attribute, and all are gone through for each
// line, so what few of them have is behind pointers.
type assignment struct {
	name   string
	slots  []int
	as     conversion
	truth  bool   // the value of a constant
	text   string // the same, where that is a text
	beside beside
	except []string
	when   *applies     // nil for all lines
	pick   *pick        // nil for the whole of any value
	more   []assignment // for the same attribute, tried next
}

// beside is what fills an attribute beside the rules of the profile.
type beside uint8

const (
	rulesAlone beside = iota
	nameSaysStep
	nameSaysLimiter
	defaultMethod // what the event's name says
	defaultDomain // the option
)

var besides = map[string]beside{
	attr.Step: nameSaysStep, attr.Limiter: nameSaysLimiter, attr.Method: defaultMethod, attr.Domain: defaultDomain,
}

// applies says which events and lines a rule is for.
type applies struct {
	events        []string
	categories    []string
	notCategories []string
	checks        []check
}

// pick says which part of a value counts, and which value does not.
type pick struct {
	after  string
	unlike []int
}

// to says whether the rule is for the line that d has read, of an event that
// means m.
func (a *applies) to(m *meaning, d *decoder) bool {
	if a == nil {
		return true
	}
	if len(a.events) > 0 && !slices.Contains(a.events, m.name) {
		return false
	}
	if len(a.categories) > 0 && !slices.Contains(a.categories, m.category) {
		return false
	}
	if len(a.notCategories) > 0 && slices.Contains(a.notCategories, m.category) {
		return false
	}
	return holdAll(a.checks, d)
}

// addAssignment compiles the i-th rule, and adds it behind those for the same attribute.
func (c *compiler) addAssignment(before []assignment, i int, rule attributeRule) []assignment {
	path := fmt.Sprintf("attributes[%d]", i)
	a := c.assignment(path, rule)
	first := slices.IndexFunc(before, func(b assignment) bool { return b.name == rule.Name })
	if first < 0 {
		return append(before, a)
	}
	always := func(r attributeRule) bool { return r.Name == rule.Name && !r.limited() }
	if slices.ContainsFunc(c.p.Attributes[:i], always) {
		c.fail(path+".name", "%q is filled twice: list all its places under one from, or say by events, categories or when to which lines each rule applies", rule.Name)
	}
	before[first].more = append(before[first].more, a)
	return before
}

func (c *compiler) assignment(path string, rule attributeRule) assignment {
	if _, known := attr.KindOf(rule.Name); !known {
		c.fail(path+".name", "%q is no attribute of the vocabulary, which the README of the auth_events receiver lists", rule.Name)
	}
	as, ok := conversions[rule.As]
	if !ok {
		c.fail(path+".as", "unknown conversion %q: use %s", rule.As, conversionNames())
	}
	a := assignment{
		name: rule.Name, slots: c.slots(path+".from", rule.From), as: as, beside: besides[rule.Name], except: rule.Except,
	}
	if rule.After != "" || len(rule.Unlike) > 0 {
		a.pick = &pick{after: rule.After, unlike: c.slots(path+".unlike", rule.Unlike)}
	}
	if rule.limited() {
		a.when = &applies{events: rule.Events, categories: rule.Categories, notCategories: rule.NotCategories}
	}
	if len(rule.When) > 0 {
		when := c.alternative(path+".when", rule.When)
		a.when.checks = slices.Concat(when.checks, when.inside)
	}
	if (rule.Const == nil) == (len(rule.From) == 0) {
		c.fail(path, "set either from or const")
	}
	switch value := rule.Const.(type) {
	case nil:
	case bool:
		a.as, a.truth = asConst, value
	case string:
		a.as, a.text = asConstText, value
		if !isCode(value) {
			c.fail(path+".const", "is no code: use letters, digits and _ . : / -, %d at most", maxCode)
		}
	default:
		c.fail(path+".const", "must be true, false or a text, found %s: put it in quotes", yamlType(value))
	}
	return a
}

// byEvent takes those rules out of all that are for events by name alone, and
// returns them by the event: the lines of all other events then go past none of
// them.
func byEvent(all []assignment) (rest []assignment, of map[string][]assignment) {
	of = map[string][]assignment{}
	for _, a := range all {
		rules := append([]assignment{a}, a.more...)
		if slices.ContainsFunc(rules, func(r assignment) bool { return r.when == nil || len(r.when.events) == 0 }) {
			rest = append(rest, a)
			continue
		}
		var names []string
		for _, r := range rules {
			names = append(names, r.when.events...)
		}
		slices.Sort(names)
		for _, name := range slices.Compact(names) {
			of[name] = append(of[name], rulesFor(name, rules))
		}
	}
	return rest, of
}

// rulesFor chains those of the rules for one attribute that are for an event.
func rulesFor(event string, rules []assignment) assignment {
	var chain []assignment
	for _, r := range rules {
		if !slices.Contains(r.when.events, event) {
			continue
		}
		when := *r.when
		when.events = nil
		r.more, r.when = nil, &when
		if len(when.categories)+len(when.notCategories)+len(when.checks) == 0 {
			r.when = nil
		}
		chain = append(chain, r)
	}
	chain[0].more = chain[1:]
	return chain[0]
}
