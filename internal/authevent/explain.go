package authevent

import (
	"fmt"
	"strconv"
	"strings"
)

// Explanation says why a line is an event of a profile, or why it is none. But for
// the values that the profile itself lists, nothing in it comes from the line.
type Explanation struct {
	Result
	// Conditions held, of the profile that took the line: "/type is "audit"". A
	// line of plain text has none: Template fits it.
	Conditions []string
	// Template is what fits a line of plain text.
	Template string
	// Offset is the byte at which an Unparsed line is no event any more, of the
	// line as valid UTF-8 without a byte-order mark; Why says what is wrong there.
	Offset int
	Why    string
	// Tried says of an object that no profile takes, what each profile misses.
	Tried []string
}

// Explain says what becomes of a line, and why. It reads the line as Batch.Add
// does, and then asks again what that did not have to note. It is for a person's
// question, and not for a stream of lines.
func (p *Parser) Explain(line []byte, truncated bool) Explanation {
	b := p.NewBatch()
	s := b.texts.text(line)
	if reason := skipReason(s); reason != "" {
		return Explanation{Result: Result{Kind: Skipped, Reason: reason}}
	}
	profile, _, reason := b.read(s, truncated)
	if reason != "" {
		e := Explanation{Result: Result{Kind: Unparsed, Reason: reason}}
		e.Offset, e.Why = faultOf(s, reason)
		if reason == reasonNoEvent {
			for _, p := range p.profiles {
				e.Tried = append(e.Tried, p.name+": "+p.missed(b.decoder))
			}
		}
		return e
	}
	e := Explanation{Result: Result{Kind: Event, Source: profile.name}}
	if !strings.HasPrefix(strings.TrimSpace(s), "{") {
		e.Template = profile.fitting(b.decoder)
		return e
	}
	if a, _ := profile.nearest(b.decoder); a != nil {
		for _, c := range a.all() {
			if c.optional && b.decoder.values[c.slot].kind == absent {
				continue // it says nothing
			}
			e.Conditions = append(e.Conditions, profile.pointers[c.slot]+" "+c.held(b.decoder))
		}
	}
	return e
}

// all are the conditions of an alternative, those inside texts last.
func (a *alternative) all() []check {
	return append(a.checks[:len(a.checks):len(a.checks)], a.inside...)
}

// nearest returns the alternative that the line meets, or else the one of which
// the most holds, with the first of its conditions that does not.
func (p *compiled) nearest(d *decoder) (best *alternative, failed *check) {
	most := -1
	for i := range p.match {
		a := &p.match[i]
		if len(a.inside) > 0 {
			d.readTexts(p)
		}
		var first *check
		held := 0
		for _, c := range a.all() {
			switch {
			case c.holds(d):
				held++
			case first == nil:
				first = &c
			}
		}
		if first == nil {
			return a, nil
		}
		if held > most {
			best, failed, most = a, first, held
		}
	}
	return best, failed
}

// missed says why the profile does not take an object.
func (p *compiled) missed(d *decoder) string {
	switch a, failed := p.nearest(d); {
	case a == nil:
		return "takes lines of plain text only"
	case failed == nil:
		return "its conditions hold, and no place that it names has an event's name"
	default:
		return "it asks that " + p.pointers[failed.slot] + " " + failed.asks()
	}
}

// fitting returns the template of lines that fits the text that the decoder has
// read, tried in the order of decoder.fit; {} stands for each of its captures.
func (p *compiled) fitting(d *decoder) string {
	for _, toEnd := range [...]bool{false, true} {
		for i := range p.lineTemplates {
			if t := &p.lineTemplates[i]; strings.HasPrefix(d.line, t.literals[0]) && d.match(t, d.line, toEnd) && d.setEvent(t) {
				return strings.Join(t.literals, "{}")
			}
		}
	}
	return ""
}

// held says what is so at a place of which the condition holds.
func (c *check) held(d *decoder) string {
	s, ok := d.text(c.slot)
	for _, listed := range c.in {
		if ok && s == listed {
			return "is " + strconv.Quote(listed)
		}
	}
	for _, listed := range c.prefix {
		if ok && strings.HasPrefix(s, listed) {
			return "begins with " + strconv.Quote(listed)
		}
	}
	return c.asks()
}

// asks says what the condition asks for.
func (c *check) asks() string {
	if c.absent {
		return "is absent"
	}
	var parts []string
	if c.kinds != 0 {
		parts = append(parts, "is "+c.kinds.typeName())
	}
	for _, list := range []struct {
		says  string
		texts []string
	}{
		{"is one of", c.in}, {"begins with one of", c.prefix}, {"is none of", c.notIn},
		{"has in it one of", c.contains}, {"has in it none of", c.notContains},
	} {
		if len(list.texts) > 0 {
			parts = append(parts, list.says+" "+someOf(list.texts))
		}
	}
	if len(parts) == 0 {
		parts = append(parts, "is there")
	}
	if c.optional {
		parts = append(parts, "if it is there")
	}
	return strings.Join(parts, ", ")
}

// someOf lists texts of a profile, and not more of them than one reads.
func someOf(texts []string) string {
	const most = 6
	quoted := make([]string, 0, most)
	for _, text := range texts[:min(len(texts), most)] {
		quoted = append(quoted, strconv.Quote(text))
	}
	if more := len(texts) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(quoted, ", "), more)
	}
	return strings.Join(quoted, ", ")
}

// typeName is the name by which profiles call the kinds.
func (s kindSet) typeName() string {
	for _, name := range sortedKeys(kindsByName) {
		if kindsByName[name] == s {
			return name
		}
	}
	return "of another type"
}
