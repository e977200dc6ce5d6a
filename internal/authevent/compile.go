package authevent

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// compiled is a profile made ready: slots for pointers, ordered slices for
// rules. It is not changed after compile.
type compiled struct {
	name        string
	serviceName string
	piiFields   string // the value of the scope attribute auth.pii.fields

	match       [][]check
	eventName   []int
	time        []int
	uid         []int
	traceID     []int
	environment []int
	outcome     []int

	errorKeys    []int
	errorCodes   []int
	errorClasses []int
	errorTypes   []string // that make a record ERROR
	exceptions   []int

	attributes []assignment
	events     map[string]meaning
	patterns   []patternRule
}

// check is a condition on one value.
type check struct {
	slot     int
	kind     kind // absent for any
	in       []string
	optional bool
}

// assignment fills one attribute from the first of its slots that holds something.
type assignment struct {
	name   string
	slots  []int
	as     conversion
	except []string
	truth  bool // the value of a constant
	when   applies
}

// applies says which events a rule is for; the zero value is all.
type applies struct {
	events        []string
	categories    []string
	notCategories []string
}

// meaning is what an event's name says.
type meaning struct {
	category string
	outcome  string
	step     string
	limiter  string
	method   string
	isError  bool
}

// otherCategory is the category of an event whose name neither a profile's
// events nor its patterns know.
const otherCategory = "other"

type conversion uint8

const (
	asText conversion = iota
	asCode
	asStep
	asMethod
	asEmail
	asBool
	asInt
	asSeconds
	asMilliseconds
	asBot
	asConst
)

var conversions = map[string]conversion{
	"": asText, "text": asText, "code": asCode, "step": asStep, "method": asMethod, "email": asEmail, "bool": asBool, "int": asInt,
	"seconds": asSeconds, "milliseconds": asMilliseconds, "bot": asBot,
}

var kindsByName = map[string]kind{"": absent, "text": text, "object": object, "boolean": boolean}

// compiler turns profiles into their compiled form. Pointers are collected
// first, since slots are known only when the trie of all of them is built.
type compiler struct {
	trie *trie
	errs []error
}

// compileProfiles compiles profiles over one trie. Every error names the
// profile and the key.
func compileProfiles(profiles []*profile) (*trie, []*compiled, error) {
	var paths [][]string
	var errs []error
	for _, p := range profiles {
		for _, pointer := range p.pointers() {
			path, err := pii.ParsePointer(pointer)
			if err != nil || len(path) == 0 {
				errs = append(errs, fmt.Errorf("profile %s: %q is no place in a line: write a JSON Pointer such as /properties/user_id", p.Name, pointer))
				continue
			}
			paths = append(paths, path)
		}
	}
	if len(errs) > 0 {
		return nil, nil, errors.Join(errs...)
	}
	c := &compiler{trie: newTrie(paths)}
	out := make([]*compiled, len(profiles))
	for i, p := range profiles {
		out[i] = c.compile(p)
	}
	return c.trie, out, errors.Join(c.errs...)
}

// pointers lists all places that the profile reads. Those of pii are not
// among them: the scrubber reads these.
func (p *profile) pointers() []string {
	lists := [][]string{p.EventName, p.Time, p.UID, p.TraceID, p.Environment, p.Outcome,
		p.ErrorType.Codes, p.ErrorType.Keys, p.ErrorType.Classes, p.Severity.Exceptions}
	for _, a := range p.Attributes {
		lists = append(lists, a.From)
	}
	for _, alternative := range p.Match {
		for pointer := range alternative {
			lists = append(lists, []string{pointer})
		}
	}
	return slices.Concat(lists...)
}

func (c *compiler) compile(p *profile) *compiled {
	out := &compiled{
		name:         p.Name,
		serviceName:  p.ServiceName,
		piiFields:    c.piiFields(p),
		eventName:    c.slots(p.EventName),
		time:         c.slots(p.Time),
		uid:          c.slots(p.UID),
		traceID:      c.slots(p.TraceID),
		environment:  c.slots(p.Environment),
		outcome:      c.slots(p.Outcome),
		errorKeys:    c.slots(p.ErrorType.Keys),
		errorCodes:   c.slots(p.ErrorType.Codes),
		errorClasses: c.slots(p.ErrorType.Classes),
		errorTypes:   p.Severity.ErrorTypes,
		exceptions:   c.slots(p.Severity.Exceptions),
		patterns:     p.Patterns,
		events:       c.events(p),
	}
	for _, alternative := range p.Match {
		out.match = append(out.match, c.checks(p, alternative))
	}
	for _, rule := range p.Attributes {
		out.attributes = append(out.attributes, c.assignment(p, rule, out.attributes))
	}
	// These have a default from elsewhere, so they need a place also in a
	// profile whose lines never hold them.
	for _, name := range []string{attr.Method, attr.Domain} {
		if !slices.ContainsFunc(out.attributes, func(a assignment) bool { return a.name == name }) {
			out.attributes = append(out.attributes, assignment{name: name})
		}
	}
	return out
}

func (c *compiler) fail(p *profile, format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf("profile %s: %w", p.Name, fmt.Errorf(format, args...)))
}

func (c *compiler) slots(pointers []string) []int {
	var slots []int
	for _, pointer := range pointers {
		path, _ := pii.ParsePointer(pointer) // parsed before
		slots = append(slots, c.trie.slotOf(path))
	}
	return slots
}

func (c *compiler) checks(p *profile, alternative map[string]condition) []check {
	var checks []check
	for pointer, cond := range alternative {
		kind, ok := kindsByName[cond.Type]
		if !ok {
			c.fail(p, "match: %s: unknown type %q: use text, object or boolean", pointer, cond.Type)
		}
		checks = append(checks, check{slot: c.slots([]string{pointer})[0], kind: kind, in: cond.In, optional: cond.Optional})
	}
	// A map's order is random; slots are numbered in the order of the profile.
	slices.SortFunc(checks, func(a, b check) int { return a.slot - b.slot })
	return checks
}

func (c *compiler) assignment(p *profile, rule attributeRule, before []assignment) assignment {
	if _, known := attr.KindOf(rule.Name); !known {
		c.fail(p, "attributes: %q is not in the vocabulary of internal/attr", rule.Name)
	}
	if slices.ContainsFunc(before, func(a assignment) bool { return a.name == rule.Name }) {
		c.fail(p, "attributes: %q is filled twice: list all its places under one from", rule.Name)
	}
	as, ok := conversions[rule.As]
	if !ok {
		c.fail(p, "attributes: %s: unknown conversion %q", rule.Name, rule.As)
	}
	a := assignment{
		name: rule.Name, slots: c.slots(rule.From), as: as, except: rule.Except,
		when: applies{events: rule.Events, categories: rule.Categories, notCategories: rule.NotCategories},
	}
	switch {
	case rule.Const != nil && len(rule.From) > 0, rule.Const == nil && len(rule.From) == 0:
		c.fail(p, "attributes: %s: set either from or const", rule.Name)
	case rule.Const != nil:
		a.as, a.truth = asConst, *rule.Const
	}
	return a
}

func (c *compiler) events(p *profile) map[string]meaning {
	events := make(map[string]meaning)
	for category, names := range p.Events {
		for name, rule := range names {
			if known, twice := events[name]; twice {
				c.fail(p, "events: %q stands under %s and under %s", name, known.category, category)
			}
			if !validOutcome(rule.Outcome) {
				c.fail(p, "events: %q: unknown outcome %q: use success, failure or none", name, rule.Outcome)
			}
			if rule.Severity != "" && rule.Severity != "error" {
				c.fail(p, "events: %q: unknown severity %q: use error or none", name, rule.Severity)
			}
			events[name] = meaning{
				category: category, outcome: rule.Outcome, step: rule.Step, limiter: rule.Limiter,
				method: rule.Method, isError: rule.Severity == "error",
			}
		}
	}
	for i, pattern := range p.Patterns {
		if pattern.Prefix == "" && pattern.Suffix == "" || !validOutcome(pattern.Outcome) {
			c.fail(p, "patterns[%d]: needs a prefix or a suffix, and an outcome of success, failure or none", i)
		}
	}
	return events
}

func validOutcome(outcome string) bool {
	return outcome == "" || outcome == attr.OutcomeSuccess || outcome == attr.OutcomeFailure
}

func (c *compiler) piiFields(p *profile) string {
	var fields []pii.Field
	for _, kind := range pii.Kinds() {
		for _, pointer := range p.PII[kind.String()] {
			path, err := pii.ParsePointer(pointer)
			if err != nil {
				c.fail(p, "pii: %s: %q: %w", kind, pointer, err)
			}
			fields = append(fields, pii.Field{Path: path, Kind: kind})
		}
	}
	for name := range p.PII {
		if _, err := pii.ParseKind(name); err != nil {
			c.fail(p, "pii: %w", err)
		}
	}
	return pii.EncodeFields(fields)
}

// meaningOf returns what an event's name says: what the profile lists, else
// what the first fitting patterns say of category and of outcome.
func (p *compiled) meaningOf(name string) meaning {
	if m, ok := p.events[name]; ok {
		return m
	}
	var m meaning
	for _, pattern := range p.patterns {
		if !strings.HasPrefix(name, pattern.Prefix) || !strings.HasSuffix(name, pattern.Suffix) {
			continue
		}
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
	return m
}

func (a *applies) to(event, category string) bool {
	if len(a.events) > 0 && !slices.Contains(a.events, event) {
		return false
	}
	if len(a.categories) > 0 && !slices.Contains(a.categories, category) {
		return false
	}
	return len(a.notCategories) == 0 || !slices.Contains(a.notCategories, category)
}

// takes says whether the line that d has read is this profile's.
func (p *compiled) takes(d *decoder) bool {
	for _, checks := range p.match {
		if holdAll(checks, d) {
			return true
		}
	}
	return false
}

func holdAll(checks []check, d *decoder) bool {
	for i := range checks {
		if !checks[i].holds(d) {
			return false
		}
	}
	return true
}

func (c *check) holds(d *decoder) bool {
	v := d.values[c.slot]
	if v.kind == absent {
		return c.optional
	}
	if c.kind != absent && c.kind != v.kind {
		return false
	}
	if len(c.in) == 0 {
		return v.kind != text || v.end-v.start > len(`""`) // an empty name is none
	}
	s, ok := d.text(c.slot)
	return ok && slices.Contains(c.in, s)
}
