//go:build unix

package soak

import (
	"slices"
	"time"
)

// holding is something that a process holds, and that must not grow.
type holding struct {
	name string
	// unit divides the values; limit is of growth an hour, in the unit.
	unit, limit float64
	of          func(sample) float64
}

// held: the limits are about as small as ten minutes can tell from chance. One
// goroutine or file for each rotation, fault or lost connection would be
// hundreds an hour, one byte kept for each line 3.6 MB at 1,000 a second.
var held = []holding{
	{"live heap, MB", 1e6, 5, func(s sample) float64 { return s.live }},
	{"anonymous memory, MB", 1e6, 10, func(s sample) float64 { return s.anonymous }},
	{"goroutines", 1, 5, func(s sample) float64 { return s.goroutines }},
	{"open descriptors", 1, 5, func(s sample) float64 { return s.descriptors }},
}

// flat is what came of a holding: median and most of all samples, in its unit,
// and the trend of the later ones.
type flat struct {
	holding
	median, most float64
	trend        trend
}

// flat fits what comes from a time on.
func (h holding) flat(samples []sample, from time.Duration) flat {
	f := flat{holding: h}
	var all []float64
	var late []point
	for _, s := range samples {
		value := h.of(s) / h.unit
		all = append(all, value)
		if s.at >= from {
			late = append(late, point{s.at, value})
		}
	}
	if slices.Sort(all); len(all) > 0 {
		f.median, f.most = all[len(all)/2], all[len(all)-1]
	}
	f.trend = fit(minima(late))
	return f
}
