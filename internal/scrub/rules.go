package scrub

import (
	"errors"
	"fmt"
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// rule is a Rule that was checked.
type rule struct {
	named      bool // by an event name's pattern
	name       glob
	source     string
	conditions []condition
	treatment  *treatment
}

// condition is an attribute that a rule asks for. index tells it from all
// others of the policy.
type condition struct {
	name, value string
	index       int
}

// maxRules bounds the work per record: each rule may look at each attribute.
const maxRules = 256

// compileRules checks the rules. treatments[0] is the top level's; theirs follow.
func (s *Scrubber) compileRules(rules []Rule) error {
	var errs []error
	if len(rules) > maxRules {
		return fmt.Errorf("rules: must be at most %d (got %d)", maxRules, len(rules))
	}
	conditions := 0
	for i, r := range rules {
		prefix := fmt.Sprintf("rules[%d].", i)
		t, err := r.Treatment.compile(len(s.treatments), prefix)
		allow, allowErr := compileAllowed(r.AllowFields, prefix)
		errs = append(errs, err, allowErr)
		if allow != nil {
			t.allow, t.unlisted = allow, DropUnlisted
		}
		if len(r.EventName) > maxFieldName {
			errs = append(errs, fmt.Errorf("%sevent_name: must have at most %d bytes (got %d)", prefix, maxFieldName, len(r.EventName)))
		}
		compiled := rule{named: r.EventName != "", name: compileGlob(r.EventName), source: r.Source, treatment: t}
		for name, value := range r.Attributes {
			if name == "" {
				errs = append(errs, fmt.Errorf(`%sattributes: must name an attribute (got "")`, prefix))
			}
			compiled.conditions = append(compiled.conditions, condition{name: name, value: value})
		}
		slices.SortFunc(compiled.conditions, func(a, b condition) int { // a map's order is random
			if a.name < b.name {
				return -1
			}
			return 1
		})
		for j := range compiled.conditions {
			compiled.conditions[j].index = conditions
			conditions++
		}
		s.treatments = append(s.treatments, t)
		s.rules = append(s.rules, compiled)
	}
	s.conditions = conditions
	return errors.Join(errs...)
}

// seeResource notes which conditions the resource meets, before it is scrubbed.
func (w *walker) seeResource(attrs pcommon.Map) {
	if w.s.conditions == 0 {
		return
	}
	w.met = slices.Grow(w.met[:0], w.s.conditions)[:w.s.conditions]
	for _, r := range w.s.rules {
		for _, c := range r.conditions {
			w.met[c.index] = c.holds(attrs)
		}
	}
}

func (c condition) holds(attrs pcommon.Map) bool {
	v, ok := attrs.Get(c.name)
	if !ok {
		return false
	}
	if v.Type() == pcommon.ValueTypeStr {
		return v.Str() == c.value
	}
	return v.AsString() == c.value
}

// choose sets the treatment and the plan of the record of that name with those
// attributes. They must not be scrubbed yet.
func (w *walker) choose(name string, attrs pcommon.Map) {
	s := w.s
	if len(s.rules) == 0 && len(s.sources) == 0 {
		w.use(s.treatments[0], 0)
		return
	}
	source := w.scope.source
	if v, ok := attrs.Get(attr.Source); ok {
		source = v.AsString()
	}
	t := s.treatments[0]
	for i := range s.rules {
		if s.rules[i].matches(w, name, source, attrs) {
			t = s.rules[i].treatment
			break
		}
	}
	w.use(t, s.sources[source])
}

func (r *rule) matches(w *walker, name, source string, attrs pcommon.Map) bool {
	if r.source != "" && r.source != source || r.named && !r.name.match(name) {
		return false
	}
	for _, c := range r.conditions {
		if !c.holds(attrs) && !w.met[c.index] {
			return false
		}
	}
	return true
}

// use sets the treatment, and the plan of the scope under it.
func (w *walker) use(t *treatment, source int) {
	w.t = t
	i := t.index*(len(w.s.sources)+1) + source
	if w.scope.plans[i] == nil {
		p := w.s.planFor(w.scope.fields, t, source)
		if w.bodiless { // no list of fields is missing
			attributesOnly := *p
			attributesOnly.unlisted = t.unlisted
			p = &attributesOnly
		}
		if p.unplanned { // the next batch may have it
			w.scope.stale = true
		}
		w.scope.hold(p)
		w.scope.plans[i] = p
	}
	w.plan = w.scope.plans[i]
}
