package agree

import (
	"fmt"
	"slices"
)

// pair is what both sides made of one line.
type pair struct {
	line        line
	ours, stock record
}

// join finds the records of each line by their time, and among those of one time
// by their order. It fails if a side has more, fewer or other ones: then a time
// was not parsed, or a line was lost or doubled.
func join(in input, ours, stock []record) ([]pair, error) {
	lines := slices.Clone(in.lines)
	slices.SortStableFunc(lines, func(a, b line) int { return int(a.time - b.time) })
	for _, side := range [][]record{ours, stock} {
		slices.SortStableFunc(side, func(a, b record) int { return int(a.time - b.time) })
	}
	if len(ours) != len(lines) || len(stock) != len(lines) {
		return nil, fmt.Errorf("of %d lines ours has %d records, stock %d", len(lines), len(ours), len(stock))
	}
	pairs := make([]pair, len(lines))
	for i, l := range lines {
		if ours[i].time != l.time || stock[i].time != l.time {
			return nil, fmt.Errorf("a line is of time %d: ours has %d, stock %d", l.time, ours[i].time, stock[i].time)
		}
		pairs[i] = pair{l, ours[i], stock[i]}
	}
	return pairs, nil
}
