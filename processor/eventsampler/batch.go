package eventsampler

import "slices"

// result is what becomes of a record.
type result uint8

const (
	exempt      result = iota // kept, by a rule
	belowTarget               // kept, because its kind is rare
	sampled                   // kept, and stands for others
	dropped
	numResults
)

func (r result) String() string {
	return [numResults]string{"exempt", "below_target", "sampled", "dropped"}[r]
}

// maxTaken is the capacity beyond which a batch is not used again: one huge
// request is not to be held for good. A receiver's own batches stay below.
const maxTaken = 1 << 16

// batch is what has to be known of a batch until it was taken. It belongs to
// one call of ConsumeLogs, and then to the next.
type batch struct {
	// taken are the places of the counters that count it, one for each record.
	taken    []uint64
	overflow int64
	// sources are those of the batch, few, in the order in which they came. They
	// are the records' memory, which the next consumer has by the time that
	// telemetry looks at them; but texts are never written to.
	sources []sourceCount
}

type sourceCount struct {
	source  string
	results [numResults]int64
}

// count adds a record. Records of one source come in a row.
func (b *batch) count(source string, r result) {
	if n := len(b.sources); n == 0 || b.sources[n-1].source != source {
		b.use(source)
	}
	b.sources[len(b.sources)-1].results[r]++
}

// use puts a source last, where count looks first. A batch of more sources than
// there are series counts the rest as one.
func (b *batch) use(source string) {
	i := b.find(source)
	if i < 0 && len(b.sources) >= maxSources {
		source = otherSource
		i = b.find(source)
	}
	if i < 0 {
		b.sources = append(b.sources, sourceCount{source: source})
		return
	}
	last := len(b.sources) - 1
	b.sources[i], b.sources[last] = b.sources[last], b.sources[i]
}

func (b *batch) find(source string) int {
	return slices.IndexFunc(b.sources, func(c sourceCount) bool { return c.source == source })
}

// recycle gives a batch back, without what it says of records.
func (s *sampler) recycle(b *batch) {
	if cap(b.taken) > maxTaken {
		return
	}
	clear(b.sources)
	b.taken, b.sources, b.overflow = b.taken[:0], b.sources[:0], 0
	s.batches.Put(b)
}
