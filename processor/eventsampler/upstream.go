package eventsampler

import (
	"math"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/sampling"
)

// maxCount is the largest adjusted count that is believed; more is no count.
const maxCount = 1 << maxExponent

// upstream is what samplers before this one have done to a record.
type upstream struct {
	// kept is how many of all values of the randomness they let through: whole
	// if there was none.
	kept uint64
	// randomness is what they decided by, where known says that they told it.
	randomness uint64
	known      bool
}

// upstream reads a record's marks. What can't be, such as a threshold above the
// record's own randomness, counts as not there.
func (r *record) upstream() upstream {
	up := upstream{kept: whole}
	if r.threshold == "" && r.randomness == "" && !(r.count > 1) {
		return up // by far the most frequent
	}
	if threshold, err := sampling.TValueToThreshold(r.threshold); err == nil {
		up.kept = whole - threshold.Unsigned()
	} else if r.count > 1 && r.count <= maxCount {
		up.kept = uint64(math.Round(whole / r.count))
	}
	if randomness, err := sampling.RValueToRandomness(r.randomness); err == nil && randomness.Unsigned() >= whole-up.kept {
		up.randomness, up.known = randomness.Unsigned(), true
	}
	return up
}
