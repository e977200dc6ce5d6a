package profiles

import (
	"cmp"
	"slices"
)

// choice is a place that the draft reads, and what speaks for it.
type choice struct {
	role  string
	as    string
	field *field
	rank  int
	fits  float64 // share of the values that look right, 0 to 1
	limit
}

// limit says of which lines a place is read, and how.
type limit struct {
	after                     string      // the segment of a path behind this is read
	unlike                    []string    // places: what stands there, too, does not count
	when                      []condition // all of them
	categories, notCategories []string
}

// maxPlaces bounds the places of one key.
const maxPlaces = 6

// choose picks the places of a role: the one whose name tells most, and others
// where they have something in lines in which it has not.
func (r *role) choose(all []*field, taken func(*field) bool) []choice {
	var candidates []choice
	for _, f := range all {
		if rank, ok := r.rank(f); ok && !taken(f) {
			candidates = append(candidates, choice{role: r.name, as: r.as, field: f, rank: rank, fits: f.share(r.shapes...)})
		}
	}
	slices.SortStableFunc(candidates, func(a, b choice) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(len(b.field.lines), len(a.field.lines)))
	})
	return cover(candidates)
}

// cover leaves of candidates, the best first, those that add lines.
func cover(candidates []choice) []choice {
	var chosen []choice
	covered := map[int]bool{}
	for _, c := range candidates {
		adds := 0
		for _, line := range c.field.lines {
			if !covered[line] {
				covered[line] = true
				adds++
			}
		}
		// What only looks right has to stand for more than a stray line.
		if adds == 0 || len(chosen) == maxPlaces || c.rank >= unranked && len(chosen) > 0 && adds*10 < len(c.field.lines)*5 {
			continue
		}
		chosen = append(chosen, c)
	}
	return chosen
}

// confidence puts in a word how sure a choice is.
func (c *choice) confidence(lines int) string {
	switch {
	case c.rank < unranked/2 && c.fits >= 0.95 && len(c.field.lines)*2 >= lines:
		return "high"
	case c.rank < unranked && c.fits >= 0.8:
		return "medium"
	}
	return "low"
}
