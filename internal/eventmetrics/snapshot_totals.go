package eventmetrics

import "slices"

func (t totals) snapshot() totalsSnapshot {
	out := totalsSnapshot{Count: t.count, Fraction: t.fraction}
	h := t.histogram
	if h.buckets == nil && h.exponential == nil {
		return out
	}
	out.Histogram = &histogramSnapshot{Sum: h.sum, Min: h.min, Max: h.max, Buckets: h.buckets}
	if x := h.exponential; x != nil {
		out.Histogram.Exponential = true
		out.Histogram.Scale, out.Histogram.Offset = x.scale, x.offset
		out.Histogram.Zero, out.Histogram.Buckets = x.zero, x.buckets
	}
	return out
}

// totals returns copies, which the engine may change.
func (t totalsSnapshot) totals() totals {
	out := totals{count: t.Count, fraction: t.Fraction}
	h := t.Histogram
	if h == nil {
		return out
	}
	out.histogram = histogram{sum: h.Sum, min: h.Min, max: h.Max}
	if h.Exponential {
		out.histogram.exponential = &exponential{scale: h.Scale, offset: h.Offset, zero: h.Zero, buckets: slices.Clone(h.Buckets)}
	} else {
		out.histogram.buckets = slices.Clone(h.Buckets)
	}
	return out
}

// add puts restored totals to those of a series, which has some already if it
// stands for several of the snapshot.
func (m *metric) restore(s *series, t totals) {
	if s.histogram != nil && t.count > 0 {
		s.histogram.add(t.histogram, s.count == 0)
	}
	s.count += t.count
	s.fraction += t.fraction
	m.fractional = m.fractional || t.fraction != 0
}

func (h *histogram) add(other histogram, first bool) {
	if first {
		h.min, h.max = other.min, other.max
	}
	h.min, h.max = min(h.min, other.min), max(h.max, other.max)
	h.sum += other.sum
	for i, n := range other.buckets {
		h.buckets[i] += n
	}
	if other.exponential != nil {
		h.exponential.merge(other.exponential)
	}
}

// merge adds another's buckets, which it may change, at the finest scale that
// holds both.
func (x *exponential) merge(other *exponential) {
	x.zero += other.zero
	scale := min(x.scale, other.scale)
	if len(x.buckets) == 0 {
		scale = other.scale
		x.scale = scale
	}
	if len(other.buckets) == 0 {
		return
	}
	x.downscale(x.scale - scale)
	other.downscale(other.scale - scale)
	if len(x.buckets) == 0 {
		x.offset, x.buckets = other.offset, other.buckets
		return
	}
	low := min(x.offset, other.offset)
	high := max(x.offset+int32(len(x.buckets)), other.offset+int32(len(other.buckets))) - 1
	halvings := int32(0)
	for int64(high)-int64(low) >= maxExponentialBuckets {
		low, high = low>>1, high>>1
		halvings++
	}
	x.downscale(halvings)
	other.downscale(halvings)
	x.extend(low, high)
	for i, n := range other.buckets {
		x.buckets[other.offset+int32(i)-x.offset] += n
	}
}

// less takes off what was counted between two states of a series that is a
// part of this one.
func (t totals) less(all, taken totals) totals {
	missing := all.histogram.minus(taken.histogram)
	out := totals{
		count:     t.count - (all.count - taken.count),
		fraction:  t.fraction - (all.fraction - taken.fraction),
		histogram: t.histogram.minus(missing),
	}
	if taken.count > 0 {
		out.histogram.min, out.histogram.max = taken.histogram.min, taken.histogram.max
	}
	return out
}
