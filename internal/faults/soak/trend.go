package soak

import (
	"math"
	"time"
)

// point is a value at a time since the load began.
type point struct {
	at    time.Duration
	value float64
}

// trend is the straight line through points by least squares.
type trend struct {
	// begin and end are the line's values at the first point and at the last.
	begin, end float64
	// perHour is its slope, deviation the slope's standard error.
	perHour, deviation float64
}

// minima takes the least value of each minute. What a minute holds for a while,
// such as batches that wait for an answer, is not in it; what leaks is. So
// minutes with an outage compare with those without.
func minima(points []point) []point {
	var least []point
	for _, p := range points {
		minute := p.at.Truncate(time.Minute)
		switch last := len(least) - 1; {
		case last < 0 || least[last].at != minute:
			least = append(least, point{minute, p.value})
		default:
			least[last].value = min(least[last].value, p.value)
		}
	}
	return least
}

// fit needs three points at different times; with fewer, or with all at one
// time, the slope is NaN, which holds to no limit.
func fit(points []point) trend {
	n := float64(len(points))
	if n < 3 {
		return trend{perHour: math.NaN(), deviation: math.NaN()}
	}
	var meanAt, meanValue float64
	for _, p := range points {
		meanAt += p.at.Hours() / n
		meanValue += p.value / n
	}
	var squares, products float64
	for _, p := range points {
		d := p.at.Hours() - meanAt
		squares += d * d
		products += d * (p.value - meanValue)
	}
	slope := products / squares
	var residuals float64
	for _, p := range points {
		r := p.value - meanValue - slope*(p.at.Hours()-meanAt)
		residuals += r * r
	}
	on := func(p point) float64 { return meanValue + slope*(p.at.Hours()-meanAt) }
	return trend{
		begin: on(points[0]), end: on(points[len(points)-1]),
		perHour: slope, deviation: math.Sqrt(residuals / (n - 2) / squares),
	}
}

// within says whether the slope is no more than a limit, or so little more that
// chance explains it: two standard errors.
func (t trend) within(limit float64) bool { return t.perHour-2*t.deviation <= limit }
