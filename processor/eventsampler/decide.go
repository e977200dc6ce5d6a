package eventsampler

import (
	"math"
	"math/bits"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/sampling"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// decision is what becomes of one record.
type decision struct {
	result result
	// kept is how many of all values of the randomness are let through by this
	// sampler and those before, so that whole/kept is the adjusted count.
	kept uint64
	// randomness is what was decided by, where result is sampled or dropped.
	randomness uint64
}

// decide keeps 1 of 2^exponent of what came: those of the highest randomness,
// as OpenTelemetry's samplers do. The fewer are kept, the more they are a part
// of those that another share would have kept.
func (s *settings) decide(r *record, up upstream, exponent uint8) decision {
	if exponent == 0 {
		return decision{result: belowTarget, kept: up.kept}
	}
	d := decision{result: dropped, kept: max(1, up.kept>>exponent), randomness: up.randomness}
	if !up.known {
		d.randomness = above(s.key.randomness(r.uid), up.kept)
	}
	if d.randomness >= whole-d.kept {
		d.result = sampled
	}
	return d
}

// mark writes onto a record that is kept how many it stands for, and what the
// next sampler needs to go on from there.
func (s *settings) mark(lr plog.LogRecord, d *decision) {
	if d.kept == whole && !s.markAll {
		return
	}
	// For what is added alone: append would double the list.
	lr.Attributes().EnsureCapacity(lr.Attributes().Len() + 3)
	// An integer, as some vendors demand, unless a sampler of another make came
	// before; to round it then would bias the sums.
	count := whole / float64(d.kept)
	if integer := math.Round(count); math.Abs(count-integer) < 1e-9*count {
		lr.Attributes().PutInt(s.countAttribute, int64(integer))
	} else {
		lr.Attributes().PutDouble(s.countAttribute, count)
	}
	if d.result == sampled {
		lr.Attributes().PutStr(attr.SamplingThreshold, tvalue(d.kept))
		lr.Attributes().PutStr(attr.SamplingRandomness, rvalue(d.randomness))
	}
}

// tvalues are the thresholds of 1 of 2^exponent.
var tvalues = func() (texts [maxExponent + 1]string) {
	for exponent := range texts {
		texts[exponent] = formatThreshold(whole >> exponent)
	}
	return texts
}()

func tvalue(kept uint64) string {
	if exponent := bits.LeadingZeros64(kept) - 7; kept&(kept-1) == 0 && exponent <= maxExponent {
		return tvalues[exponent]
	}
	return formatThreshold(kept)
}

func formatThreshold(kept uint64) string {
	threshold, _ := sampling.UnsignedToThreshold(whole - kept) // below whole, because kept is 1 at least
	return threshold.TValue()
}

func rvalue(randomness uint64) string {
	r, _ := sampling.UnsignedToRandomness(randomness) // has 56 bits
	return r.RValue()
}
