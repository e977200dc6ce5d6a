package authevent

import (
	"math/bits"
	"slices"
)

// ruleSet are the rules for attributes that may apply to events of one category,
// in the order of the profile, in groups whose rules a word has bits for.
type ruleSet []ruleGroup

// ruleGroup finds the rules that a line has something for by the slots that it
// fills: a line then costs what it holds, and not what the vocabulary has.
type ruleGroup struct {
	rules []assignment // groupSize at most
	// always are the bits of those that may fill an attribute from no slot.
	always uint64
	// fedBy are the bits of those that read a slot, by slot; the slots behind its
	// end feed none.
	fedBy []uint64
}

const groupSize = 64

func newRuleSet(all []assignment) ruleSet {
	var set ruleSet
	for rules := range slices.Chunk(all, groupSize) {
		g := ruleGroup{rules: rules}
		for i := range rules {
			g.enter(&rules[i], 1<<i)
			for j := range rules[i].more {
				g.enter(&rules[i].more[j], 1<<i)
			}
		}
		set = append(set, g)
	}
	return set
}

func (g *ruleGroup) enter(a *assignment, bit uint64) {
	if a.as == asConst || a.as == asConstText || a.beside == defaultMethod || a.beside == defaultDomain {
		g.always |= bit
	}
	for _, slot := range a.slots {
		if missing := slot + 1 - len(g.fedBy); missing > 0 {
			g.fedBy = append(g.fedBy, make([]uint64, missing)...)
		}
		g.fedBy[slot] |= bit
	}
}

// due returns the bits of the rules that may fill an attribute from a line that
// has noted these slots.
func (g *ruleGroup) due(noted slotSet) uint64 {
	due := g.always
	for i, word := range noted {
		for ; word != 0; word &= word - 1 {
			if slot := i*64 + bits.TrailingZeros64(word); slot < len(g.fedBy) {
				due |= g.fedBy[slot]
			}
		}
	}
	return due
}

// slotSet is a set of slots, a bit for each.
type slotSet []uint64

func newSlotSet(slots int) slotSet { return make(slotSet, (slots+63)/64) }

func (s slotSet) add(slot int) { s[slot>>6] |= 1 << (slot & 63) }

func (s slotSet) has(slot int) bool { return s[slot>>6]>>(slot&63)&1 != 0 }

// byCategory returns the rules for the events of each category that some rule
// names, and under "" those for all other events.
func byCategory(all []assignment) map[string]ruleSet {
	sets := map[string]ruleSet{"": nil}
	for _, a := range all {
		for _, rule := range append([]assignment{a}, a.more...) {
			if rule.when == nil {
				continue
			}
			for _, category := range slices.Concat(rule.when.categories, rule.when.notCategories) {
				sets[category] = nil
			}
		}
	}
	for category := range sets {
		sets[category] = newRuleSet(rulesOfCategory(category, all))
	}
	return sets
}

func rulesOfCategory(category string, all []assignment) []assignment {
	var rules []assignment
	for _, a := range all {
		left, some := chain(append([]assignment{a}, a.more...), func(when *applies) bool {
			holds := when.category(category)
			when.categories, when.notCategories = nil, nil
			return holds
		})
		if some {
			rules = append(rules, left)
		}
	}
	return rules
}

// rulesOf returns the rules for events of a category.
func (p *compiled) rulesOf(category string) ruleSet {
	if set, named := p.rules[category]; named {
		return set
	}
	return p.rules[""]
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
			left, _ := chain(rules, func(when *applies) bool {
				holds := slices.Contains(when.events, name)
				when.events = nil
				return holds
			})
			of[name] = append(of[name], left)
		}
	}
	return rest, of
}

// chain chains those of the rules for one attribute of which settle says that
// they are left; it takes out of their conditions what it has decided.
func chain(rules []assignment, settle func(*applies) bool) (left assignment, some bool) {
	var chained []assignment
	for _, r := range rules {
		r.more = nil
		if r.when != nil {
			when := *r.when
			if !settle(&when) {
				continue
			}
			if r.when = &when; when.toAll() {
				r.when = nil
			}
		}
		chained = append(chained, r)
	}
	if len(chained) == 0 {
		return assignment{}, false
	}
	left = chained[0]
	left.more = chained[1:]
	return left, true
}
