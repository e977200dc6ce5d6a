package eventmetrics

import "math"

const (
	// maxScale is where an exponential histogram begins: buckets 0.00007% wide.
	maxScale = 20
	// maxExponentialBuckets is the default of OTel's SDKs. Values that lie
	// further apart than so many buckets halve the scale until they fit.
	maxExponentialBuckets = 160
)

func newExponential() *exponential { return &exponential{scale: maxScale} }

// add counts a value, which is neither negative nor NaN nor infinite.
func (x *exponential) add(value float64) {
	if value == 0 {
		x.zero++
		return
	}
	index := exponentialIndex(value, x.scale)
	if len(x.buckets) == 0 {
		x.offset = index
		x.buckets = append(x.buckets, 1)
		return
	}
	low, high := min(index, x.offset), max(index, x.offset+int32(len(x.buckets))-1)
	halvings := int32(0)
	for int64(high)-int64(low) >= maxExponentialBuckets {
		low, high = low>>1, high>>1
		halvings++
	}
	x.downscale(halvings)
	x.extend(low, high)
	x.buckets[index>>halvings-x.offset]++
}

// downscale merges each 2^halvings neighbours. Buckets keep to powers of two
// of their base, so merging moves no value over a boundary.
func (x *exponential) downscale(halvings int32) {
	if halvings == 0 {
		return
	}
	offset := x.offset >> halvings
	merged := int32(0)
	for i, n := range x.buckets {
		to := (x.offset+int32(i))>>halvings - offset
		x.buckets[i] = 0 // to is never ahead of i
		x.buckets[to] += n
		merged = to + 1
	}
	x.buckets = x.buckets[:merged]
	x.offset = offset
	x.scale -= halvings
}

// extend makes room for the indexes from low to high, which take in those
// that there are.
func (x *exponential) extend(low, high int32) {
	before, length := int(x.offset-low), int(high-low)+1
	if old := len(x.buckets); length > old {
		x.buckets = append(x.buckets, make([]uint64, length-old)...)
		copy(x.buckets[before:], x.buckets[:old])
		clear(x.buckets[:before])
		clear(x.buckets[before+old:])
	}
	x.offset = low
}

// exponentialIndex returns the bucket of a positive value: the i for which
// b^i < value <= b^(i+1), with b = 2^(2^-scale).
func exponentialIndex(value float64, scale int32) int32 {
	fraction, exponent := math.Frexp(value) // in [0.5, 1)
	power := int32(exponent)
	if fraction == 0.5 { // 2^(power-1) belongs to the bucket that it ends
		if scale > 0 {
			return (power-1)<<scale - 1
		}
		return (power - 2) >> -scale
	}
	if scale <= 0 {
		return (power - 1) >> -scale
	}
	// The logarithm may err by a bucket beside a power of two; never beyond it.
	index := int32(math.Floor(math.Ldexp(math.Log2(fraction), int(scale))))
	return power<<scale + min(max(index, -1<<scale), -1)
}
