package authevent

import (
	"fmt"
	"slices"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// assignment fills one attribute from the first of its slots that holds
// something. What few have is behind pointers.
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
	return a.category(m.category) && holdAll(a.checks, d)
}

// category says whether the rule is for the events of a category.
func (a *applies) category(name string) bool {
	return (len(a.categories) == 0 || slices.Contains(a.categories, name)) && !slices.Contains(a.notCategories, name)
}

// toAll says whether the rule is for all events and lines.
func (a *applies) toAll() bool {
	return len(a.events)+len(a.categories)+len(a.notCategories)+len(a.checks) == 0
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
