package authevent

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// DriftKind says in what a source has moved away from its profile.
type DriftKind string

const (
	// DriftUnknownEvent is an event that its profile, which lists events, does
	// not know. Name is the event's name, as the line has it; empty where the
	// source writes free text.
	DriftUnknownEvent DriftKind = "unknown_event"
	// DriftRetypedField is a field of another JSON type than its profile
	// expects. Name is the JSON Pointer of the profile.
	DriftRetypedField DriftKind = "retyped_field"
	// DriftUnknownSource is a JSON object that no profile takes. It has neither
	// Source nor Name.
	DriftUnknownSource DriftKind = "unknown_source"
)

// Drift is something that a profile did not expect, and how often it was seen.
type Drift struct {
	Kind   DriftKind
	Source string
	// Name comes from the line where Kind is DriftUnknownEvent: it is at most
	// maxDriftName bytes, and any text. It is empty also for what was seen
	// beyond the first maxDrift kinds, sources and names of a batch.
	Name  string
	Count int
}

const (
	maxDrift     = 64
	maxDriftName = 128
)

// driftLog merges drift. It is short: what profiles expect is the rule.
type driftLog struct {
	seen  []Drift
	named int // those of seen with a name
}

func (l *driftLog) add(kind DriftKind, source, name string) {
	name = shortName(name)
	if l.count(kind, source, name) {
		return
	}
	if name != "" && l.named >= maxDrift {
		name = ""
		if l.count(kind, source, name) {
			return
		}
	}
	if name != "" {
		l.named++
	}
	l.seen = append(l.seen, Drift{Kind: kind, Source: source, Name: strings.Clone(name), Count: 1}) // not the line
}

func (l *driftLog) count(kind DriftKind, source, name string) bool {
	for i := range l.seen {
		if d := &l.seen[i]; d.Name == name && d.Kind == kind && d.Source == source {
			d.Count++
			return true
		}
	}
	return false
}

func shortName(name string) string {
	if len(name) <= maxDriftName {
		return name
	}
	end := maxDriftName
	for !utf8.RuneStart(name[end]) {
		end--
	}
	return name[:end]
}

// TakeDrift hands over what drifted since the last call, merged by kind,
// source and name, in the order in which it was seen first.
func (b *Batch) TakeDrift() []Drift {
	seen := b.drift.seen
	b.drift = driftLog{}
	return seen
}

// expectation is what a profile expects at a place.
type expectation struct {
	slot    int
	kinds   kindSet
	pointer string
}

// expectations derives from the rules of what kinds the fields are: whatever
// one of the rules that read a field expects, and what types adds. Places
// inside texts hold texts, so that there is nothing to expect.
func (c *compiler) expectations() []expectation {
	p := c.p
	byPointer := map[string]kindSet{}
	expect := func(pointers []string, kinds kindSet) {
		for _, pointer := range pointers {
			byPointer[pointer] |= kinds
		}
	}
	scalar := setOf(text, integer, float, boolean)
	expect(p.EventName, setOf(text))
	expect(p.Time, setOf(text, integer, float))
	expect(p.UID, setOf(text))
	expect(p.TraceID, setOf(text))
	expect(p.Environment, setOf(text))
	expect(p.Outcome, scalar)
	expect(p.ErrorType.Codes, setOf(text, integer))
	expect(p.ErrorType.Keys, setOf(object, array))
	expect(p.ErrorType.Classes, setOf(text))
	for _, rule := range p.ErrorType.Phrases {
		expect(rule.From, setOf(text))
	}
	expect(p.Severity.Exceptions, scalar)
	expect(p.KeyValues, setOf(text))
	for _, rule := range p.Attributes {
		expect(rule.From, conversions[rule.As].expects())
	}
	for _, rule := range p.Templates {
		if rule.From != "" {
			expect([]string{rule.From}, setOf(text))
		}
	}
	for _, pointer := range sortedKeys(p.Types) {
		if len(p.Types[pointer]) == 0 {
			c.fail("types["+pointer+"]", "is empty: list the types, such as text and number")
		}
		for i, name := range p.Types[pointer] {
			kinds, known := kindsByName[name]
			if !known {
				c.fail("types["+pointer+"]", "unknown type %q at %d: use %s", name, i, typeNames)
			}
			byPointer[pointer] |= kinds
		}
	}
	var out []expectation
	for _, pointer := range sortedKeys(byPointer) {
		tokens, _ := parsePlace(pointer)
		if _, inside := c.places.textAbove(pointer); inside || tokens == nil {
			continue
		}
		out = append(out, expectation{
			slot: c.trie.slotOf(tokens), kinds: byPointer[pointer] | setOf(absent, null), pointer: pointer,
		})
	}
	slices.SortFunc(out, func(a, b expectation) int { return cmp.Compare(a.slot, b.slot) })
	return out
}

// expect tells the nodes what all profiles expect, so that the decoder sees at
// no cost whether a line has anything to look at.
func (t *trie) expect(profiles []*compiled) {
	for _, p := range profiles {
		for _, e := range p.expected {
			t.bySlot[e.slot].expected &= e.kinds
		}
	}
}

// noteRetyped looks at a line that holds what some profile does not expect.
func (b *Batch) noteRetyped(p *compiled) {
	for i := range p.expected {
		if e := &p.expected[i]; !e.kinds.has(b.decoder.values[e.slot].kind) {
			b.drift.add(DriftRetypedField, p.name, e.pointer)
		}
	}
}
