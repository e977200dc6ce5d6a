package counting

import (
	"maps"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// maxZeros bounds the zero points that one metric has for each combination of
// the common attributes.
const maxZeros = 64

// zeros lists the points that a sum of the user's own can have, where they are
// known beforehand: every combination of the listed values. Where one attribute
// may hold anything there are none, because a point without it may be one that
// no event ever adds to.
func zeros(m definition.Metric) []map[string]string {
	if m.Kind != definition.Sum {
		return nil
	}
	points := []map[string]string{{}}
	for _, d := range m.Dimensions {
		values, listed := d.Allowed[""]
		if !listed || len(values)*len(points) > maxZeros {
			return nil
		}
		var longer []map[string]string
		for _, point := range points {
			for _, value := range values {
				next := maps.Clone(point)
				next[d.Name] = value
				longer = append(longer, next)
			}
		}
		points = longer
	}
	return points
}
