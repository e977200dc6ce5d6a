package agree

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// compareLeaks counts the values of each line that can still be read in what each
// side made of it. Ours has to leave none.
func compareLeaks(r *report, in input, pairs []pair) error {
	held, ours, stock := map[string]int{}, map[string]int{}, map[string]int{}
	left := 0
	for _, p := range pairs {
		for value, kind := range p.line.values {
			held[kind]++
			if strings.Contains(p.ours.text, value) {
				ours[kind]++
				left++
			}
			if strings.Contains(p.stock.text, value) {
				stock[kind]++
			}
		}
	}
	r.table("values that identify somebody", fmt.Sprintf("in %d lines", len(in.lines)), "ours leaves", "stock leaves")
	for _, kind := range slices.Sorted(maps.Keys(held)) {
		r.row(kind, held[kind], ours[kind], stock[kind])
	}
	r.WriteString("\n")
	if left > 0 {
		return fmt.Errorf("ours leaves %d values that identify somebody", left)
	}
	if len(held) == 0 {
		return fmt.Errorf("the lines hold no value that identifies somebody: nothing was checked")
	}
	return nil
}
