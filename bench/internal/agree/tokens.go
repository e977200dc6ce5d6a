package agree

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// tokenized are the fields whose values are replaced by tokens.
var tokenized = map[string]bool{
	attr.UserID: true, attr.SessionID: true, attr.VisitorID: true, attr.ActorID: true,
	attr.UserEmail: true, attr.ActorEmail: true, attr.ClientAddress: true,
}

// compareTokens fails unless the tokens of a field tell the same values apart on
// both sides: a token of the one always comes with the same token of the other.
func compareTokens(r *report, pairs []pair) error {
	r.table("tokens of", "records", "distinct")
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(tokenized)) {
		toStock, toOurs := map[string]string{}, map[string]string{}
		records, wrong := 0, 0
		for _, p := range pairs {
			ours, stock := p.ours.fields[name], p.stock.fields[name]
			if ours == "" || stock == "" {
				continue
			}
			records++
			if !same(toStock, ours, stock) || !same(toOurs, stock, ours) {
				wrong++
			}
		}
		if records > 0 {
			r.row(name, records, len(toStock))
		}
		if wrong > 0 {
			errs = append(errs, fmt.Errorf("%s: in %d records the tokens of the two sides tell other values apart", name, wrong))
		}
	}
	r.WriteString("\n")
	return errors.Join(errs...)
}

// same says whether the token has come with no other one before.
func same(seen map[string]string, token, other string) bool {
	before, there := seen[token]
	if !there {
		seen[token] = other
		return true
	}
	return before == other
}
