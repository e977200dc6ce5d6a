package authevent

import (
	"cmp"
	"slices"
	"strings"
)

// alternative is one set of conditions, all of which must hold.
type alternative struct {
	checks []check // of the line's JSON
	inside []check // of texts in it, which must be read first
}

// check is a condition on one value.
type check struct {
	slot     int
	kinds    kindSet // 0 for any
	optional bool
	absent   bool
	in       []string
	notIn    []string
	prefix   []string
	// contains and notContains also look into the JSON of lists and objects.
	contains, notContains []string
}

func (c *compiler) alternative(path string, conditions map[string]condition) alternative {
	if len(conditions) == 0 {
		c.fail(path, "has no condition, and would take every line")
	}
	var a alternative
	for _, pointer := range sortedKeys(conditions) {
		cond := conditions[pointer]
		at := path + "[" + pointer + "]"
		kinds, known := kindsByName[cond.Type]
		if !known && cond.Type != "" {
			c.fail(at+".type", "unknown type %q: use %s", cond.Type, typeNames)
		}
		if slices.ContainsFunc(cond.lists(), empty) {
			c.fail(at, "an empty list of texts holds for none: leave it out, or fill it")
		}
		if cond.Absent && (cond.Optional || cond.Type != "" || slices.ContainsFunc(cond.lists(), func(l []string) bool { return len(l) > 0 })) {
			c.fail(at, "absent asks for nothing there: leave out the rest of the condition")
		}
		ck := check{
			slot: c.slot(at, pointer), kinds: kinds, optional: cond.Optional, absent: cond.Absent,
			in: cond.In, notIn: cond.NotIn, prefix: cond.Prefix, contains: cond.Contains, notContains: cond.NotContains,
		}
		c.pointers[ck.slot] = pointer
		if _, inside := c.places.textAbove(pointer); inside {
			a.inside = append(a.inside, ck)
		} else {
			a.checks = append(a.checks, ck)
		}
	}
	// Slots are numbered in the order of the profile.
	bySlot := func(a, b check) int { return a.slot - b.slot }
	slices.SortFunc(a.checks, bySlot)
	slices.SortFunc(a.inside, bySlot)
	return a
}

func (c *condition) lists() [][]string {
	return [][]string{c.In, c.NotIn, c.Prefix, c.Contains, c.NotContains}
}

// empty tells a list with nothing in it from one that was left out.
func empty(texts []string) bool { return texts != nil && len(texts) == 0 }

// rarestFirst puts the condition first that is asked for by the fewest, and not
// optional: most lines are some other profile's, and then fail at once.
func rarestFirst(profiles []*compiled) {
	asked := map[int]int{}
	for _, p := range profiles {
		for _, a := range p.match {
			for _, c := range a.checks {
				asked[c.slot]++
			}
		}
	}
	for _, p := range profiles {
		for _, a := range p.match {
			slices.SortStableFunc(a.checks, func(a, b check) int {
				switch {
				case a.optional == b.optional:
					return cmp.Compare(asked[a.slot], asked[b.slot])
				case a.optional:
					return 1
				}
				return -1
			})
		}
	}
}

// takes says whether the line that d has read is this profile's.
func (p *compiled) takes(d *decoder) bool {
	for i := range p.match {
		a := &p.match[i]
		if len(a.checks) > 0 && d.values[a.checks[0].slot].kind == absent && !a.checks[0].optional {
			continue
		}
		if !holdAll(a.checks, d) {
			continue
		}
		if len(a.inside) == 0 {
			return true
		}
		d.readTexts(p)
		if holdAll(a.inside, d) {
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
	v := &d.values[c.slot]
	if c.absent {
		return v.kind <= null
	}
	if v.kind == absent {
		return c.optional
	}
	if c.kinds != 0 && !c.kinds.has(v.kind) {
		return false
	}
	if len(c.contains)+len(c.notContains) > 0 {
		return c.holdsInside(d)
	}
	if len(c.in)+len(c.notIn)+len(c.prefix) == 0 {
		return !d.emptyText(c.slot) // an empty name is none
	}
	s, ok := d.text(c.slot)
	return ok && c.says(s)
}

// says is holds for a value's text.
func (c *check) says(s string) bool {
	if slices.Contains(c.notIn, s) {
		return false
	}
	if len(c.in)+len(c.prefix) == 0 {
		return s != ""
	}
	return slices.Contains(c.in, s) || slices.ContainsFunc(c.prefix, func(prefix string) bool { return strings.HasPrefix(s, prefix) })
}

// holdsInside is holds for a check that looks for parts of the value.
func (c *check) holdsInside(d *decoder) bool {
	s, ok := d.text(c.slot)
	if v := &d.values[c.slot]; v.kind == object || v.kind == array {
		s, ok = d.line[v.start:v.end], true
	}
	in := func(part string) bool { return strings.Contains(s, part) }
	return ok && c.says(s) && !slices.ContainsFunc(c.notContains, in) && (len(c.contains) == 0 || slices.ContainsFunc(c.contains, in))
}
