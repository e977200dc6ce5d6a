package authevent

import (
	"math/bits"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRuleGroups: of more rules than a word has bits, those are due that read a
// slot that is filled, in their order, and those that need none.
func TestRuleGroups(t *testing.T) {
	const rules = 2*groupSize + 7
	all := make([]assignment, rules)
	for i := range all {
		all[i] = assignment{slots: []int{i, 3 * rules}} // a slot of its own, and one that all read
	}
	all[70].as = asConst
	all[80].more = []assignment{{slots: []int{2 * rules}}}
	due := func(slots ...int) (due []int) {
		noted := newSlotSet(4 * rules)
		for _, slot := range slots {
			noted.add(slot)
		}
		for i, g := range newRuleSet(all) {
			for word := g.due(noted); word != 0; word &= word - 1 {
				due = append(due, i*groupSize+bits.TrailingZeros64(word))
			}
		}
		return due
	}
	assert.Equal(t, []int{70}, due())
	assert.Equal(t, []int{0, 63, 64, 70, 127, 128, rules - 1}, due(rules-1, 128, 127, 64, 63, 0, 3*rules+1))
	assert.Equal(t, []int{70, 80}, due(2*rules))
	assert.Len(t, due(3*rules), rules)
}

// TestRulesOfCategory: what a rule says of categories is decided when it is
// compiled, and the events of a category have those rules alone that are for it.
func TestRulesOfCategory(t *testing.T) {
	all := []assignment{
		{name: "a"},
		{name: "b", when: &applies{categories: []string{"mfa"}}},
		{name: "c", when: &applies{notCategories: []string{"mfa"}}},
		{name: "d", when: &applies{categories: []string{"login"}, events: []string{"x"}}, more: []assignment{{name: "d"}}},
	}
	sets := byCategory(all)
	names := func(category string) (names []string, limited, more int) {
		for _, g := range sets[category] {
			for _, a := range g.rules {
				names = append(names, a.name)
				if a.when != nil {
					limited++
					assert.Empty(t, a.when.categories)
				}
				more += len(a.more)
			}
		}
		return names, limited, more
	}
	require.Len(t, sets, 3) // mfa, login, and all others
	for category, want := range map[string]struct {
		names         []string
		limited, more int
	}{
		"mfa":   {[]string{"a", "b", "d"}, 0, 0},
		"login": {[]string{"a", "c", "d"}, 1, 1},
		"":      {[]string{"a", "c", "d"}, 0, 0},
	} {
		got, limited, more := names(category)
		assert.Equal(t, want.names, got, category)
		assert.Equal(t, want.limited, limited, category)
		assert.Equal(t, want.more, more, category)
	}
}
