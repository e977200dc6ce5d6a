package agree

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// tally is how often a field was what.
type tally struct{ equal, differs, oursOnly, stockOnly int }

// compareFields compares all fields of all pairs. What differs, or is there on one
// side alone, has to be allowed. Fields whose values are replaced by tokens, where
// that is so, are there on both sides or on none; compareTokens does the rest.
func compareFields(r *report, pairs []pair, allowed func(field string) allowance, tokens bool) error {
	tallies := map[string]*tally{}
	for _, p := range pairs {
		for name := range union(p.ours.fields, p.stock.fields) {
			t := tallies[name]
			if t == nil {
				t = &tally{}
				tallies[name] = t
			}
			t.add(p, name, tokens && tokenized[name])
		}
	}
	r.table("field", "equal", "differs", "ours alone", "stock alone", "why")
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(tallies)) {
		t, a := tallies[name], allowed(name)
		for _, one := range []struct {
			what   string
			count  int
			reason string
		}{{"differs", t.differs, a.differs}, {"is ours alone", t.oursOnly, a.oursOnly}, {"is stock's alone", t.stockOnly, a.stockOnly}} {
			if one.count > 0 && one.reason == "" {
				errs = append(errs, fmt.Errorf("%s %s in %d records", name, one.what, one.count))
			}
		}
		r.row(name, t.equal, t.differs, t.oursOnly, t.stockOnly, a.reasons(*t))
	}
	r.WriteString("\n")
	return errors.Join(errs...)
}

func (t *tally) add(p pair, name string, token bool) {
	a, ours := p.ours.fields[name]
	b, stock := p.stock.fields[name]
	switch {
	case !stock:
		t.oursOnly++
	case !ours:
		t.stockOnly++
	case a == b || token:
		t.equal++
	default:
		t.differs++
	}
}

func union(a, b map[string]string) map[string]string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}
