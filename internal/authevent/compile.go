package authevent

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// compiled is a profile made ready: slots for pointers, ordered slices for
// rules. It is not changed after compile.
type compiled struct {
	name        string
	serviceName string
	piiFields   string // the value of the scope attribute auth.pii.fields

	match       []alternative
	eventName   []int
	time        []int
	layouts     []string
	location    *time.Location
	uid         []int
	traceID     []int
	environment []int

	outcome  []int
	outcomes []outcomeValue

	errorKeys    []int
	errorCodes   []int
	errorClasses []int
	errorPhrases []phrase
	errorTypes   []string // that make a record ERROR
	exceptions   []int

	// rules are those for attributes, by category, see byCategory; ofEvent are
	// those for events by name. A meaning has its own of both.
	rules   map[string]ruleSet
	ofEvent map[string][]assignment

	event        string
	unknownEvent string
	events       map[string]*meaning // by name and by alias
	patterns     []patternRule

	keyValues     []keyValueText
	templates     []template // of texts in the line
	lineTemplates []template // of lines that are no JSON

	expected []expectation

	// pointers are the places of match, by slot: for Explain alone.
	pointers map[int]string
}

// outcomeValue is a text that stands for success or failure.
type outcomeValue struct{ text, outcome string }

// compiler turns one profile into its compiled form, and collects what is
// wrong with it.
type compiler struct {
	p      *profile
	trie   *trie
	places *places
	errs   []error
	// pointers become those of compiled.
	pointers map[int]string
}

// compileProfiles compiles profiles over one trie, whose slots are known only
// when the pointers of all of them are collected. All errors of all profiles
// are reported, each with its place in the YAML.
func compileProfiles(profiles []*profile) (*trie, []*compiled, error) {
	var paths [][]string
	var errs []error
	found := make([]*places, len(profiles))
	for i, p := range profiles {
		found[i] = collectPlaces(p)
		paths = append(paths, found[i].paths...)
		errs = append(errs, found[i].errs...)
	}
	t := newTrie(paths)
	out := make([]*compiled, len(profiles))
	for i, p := range profiles {
		c := &compiler{p: p, trie: t, places: found[i], pointers: map[int]string{}}
		out[i] = c.compile()
		errs = append(errs, c.errs...)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, nil, err
	}
	t.expect(out)
	rarestFirst(out)
	return t, out, nil
}

func (c *compiler) fail(path, format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf("%s.%s: %w", pathOf(c.p.Name), path, fmt.Errorf(format, args...)))
}

func (c *compiler) compile() *compiled {
	p := c.p
	c.required()
	c.timeZone()
	out := &compiled{
		name:         p.Name,
		serviceName:  p.ServiceName,
		piiFields:    c.piiFields(),
		eventName:    c.slots("event_name", p.EventName),
		time:         c.slots("time", p.Time),
		layouts:      c.layouts(),
		location:     c.location(),
		uid:          c.slots("uid", p.UID),
		traceID:      c.slots("trace_id", p.TraceID),
		environment:  c.slots("environment", p.Environment),
		outcome:      c.slots("outcome", p.Outcome),
		outcomes:     c.outcomes(),
		errorKeys:    c.slots("error_type.keys", p.ErrorType.Keys),
		errorCodes:   c.slots("error_type.codes", p.ErrorType.Codes),
		errorClasses: c.slots("error_type.classes", p.ErrorType.Classes),
		errorPhrases: c.phrases(),
		errorTypes:   p.Severity.ErrorTypes,
		exceptions:   c.slots("severity.exceptions", p.Severity.Exceptions),
		event:        p.Event,
		unknownEvent: p.UnknownEvent,
		events:       c.events(),
		patterns:     p.Patterns,
	}
	for i, conditions := range p.Match {
		out.match = append(out.match, c.alternative(fmt.Sprintf("match[%d]", i), conditions))
	}
	var attributes []assignment
	for i, rule := range p.Attributes {
		attributes = c.addAssignment(attributes, i, rule)
	}
	// These have a default from elsewhere, so they need a place also in a
	// profile whose lines never hold them.
	for _, name := range []string{attr.Method, attr.Domain} {
		if !slices.ContainsFunc(attributes, func(a assignment) bool { return a.name == name }) {
			attributes = append(attributes, assignment{name: name, beside: besides[name]})
		}
	}
	attributes, out.ofEvent = byEvent(attributes)
	out.rules = byCategory(attributes)
	for _, m := range out.events {
		m.rules, m.attributes = out.rulesOf(m.category), out.ofEvent[m.name]
	}
	out.expected = c.expectations()
	out.pointers = c.pointers
	// Last, since they fill the places that all the other rules have asked for.
	out.keyValues = c.keyValues()
	out.templates, out.lineTemplates = c.templates()
	return out
}

// required refuses a profile that could take no line, or name no event.
func (c *compiler) required() {
	p := c.p
	if len(p.Match) == 0 && !slices.ContainsFunc(p.Templates, func(t templateRule) bool { return t.From == "" }) {
		c.fail("match", "is missing: say by which fields a line of this source is recognised")
	}
	if p.Event == "" && len(p.EventName) == 0 && len(p.Templates) == 0 {
		c.fail("event_name", "is missing: say where the event's name stands, or set event or templates")
	}
}

// slots returns the slots of the places that stand at a path of the YAML.
func (c *compiler) slots(path string, pointers []string) []int {
	var slots []int
	for i, pointer := range pointers {
		slots = append(slots, c.slot(fmt.Sprintf("%s[%d]", path, i), pointer))
	}
	return slots
}

func (c *compiler) slot(path, pointer string) int {
	slot, err := c.places.slot(c.trie, pointer)
	if err != nil {
		c.fail(path, "%w", err)
	}
	return slot
}

func (c *compiler) outcomes() []outcomeValue {
	var values []outcomeValue
	for _, outcome := range sortedKeys(c.p.OutcomeValues) {
		if !validOutcome(outcome) || outcome == "" {
			c.fail("outcome_values", "unknown outcome %q: use %s or %s", outcome, attr.OutcomeSuccess, attr.OutcomeFailure)
		}
		for i, text := range c.p.OutcomeValues[outcome] {
			same := func(v outcomeValue) bool { return strings.EqualFold(v.text, text) }
			if text == "" || slices.ContainsFunc(values, same) {
				c.fail(fmt.Sprintf("outcome_values[%s][%d]", outcome, i), "%q is empty, or stands twice", text)
			}
			values = append(values, outcomeValue{text, outcome})
		}
	}
	return values
}

// piiFields renders the kinds of the profile's fields, in the same order each time.
func (c *compiler) piiFields() string {
	classified, err := c.p.classify(c.places)
	if err != nil {
		c.errs = append(c.errs, err)
	}
	fields := make([]pii.Field, len(classified))
	for i, f := range classified {
		path, _ := pii.ParsePointer(f.Pointer) // a malformed one is reported above, or by collectPlaces
		fields[i] = pii.Field{Path: path, Kind: f.Kind}
	}
	return pii.EncodeFields(fields)
}
