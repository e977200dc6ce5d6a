package eventmetrics

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestExponentialIndex(t *testing.T) {
	for _, tt := range []struct {
		value float64
		scale int32
		want  int32
	}{
		// At scale 0 the buckets are (1,2], (2,4], (4,8].
		{1, 0, -1}, {1.5, 0, 0}, {2, 0, 0}, {2.1, 0, 1}, {4, 0, 1}, {5, 0, 2}, {0.5, 0, -2}, {0.3, 0, -2}, {0.25, 0, -3},
		// At scale -1 they are (1,4], (4,16]; at -2 (1,16].
		{1, -1, -1}, {4, -1, 0}, {5, -1, 1}, {16, -1, 1}, {16, -2, 0}, {17, -2, 1},
		// At scale 1 the base is √2: (1,1.414], (1.414,2].
		{1.2, 1, 0}, {1.5, 1, 1}, {2, 1, 1}, {2.5, 1, 2}, {3, 1, 3}, {1, 1, -1},
		// At scale 3 the base is 2^(1/8): 1.0905, 1.189, 1.297, …
		{1.05, 3, 0}, {1.1, 3, 1}, {1.2, 3, 2}, {1.9, 3, 7}, {2, 3, 7}, {1024, 3, 79},
		// The extremes at the finest scale.
		{math.MaxFloat64, 20, 1024<<20 - 1}, {math.SmallestNonzeroFloat64, 20, -1074<<20 - 1},
		{math.MaxFloat64, -10, 0}, {math.SmallestNonzeroFloat64, -10, -2},
	} {
		assert.Equal(t, tt.want, exponentialIndex(tt.value, tt.scale), "%v at scale %d", tt.value, tt.scale)
	}
}

// A value lies within the boundaries of its bucket at every scale, those
// beside powers of two included.
func TestExponentialBoundaries(t *testing.T) {
	random := seeded()
	for range 20_000 {
		value := math.Ldexp(random.Float64()+0.5, random.IntN(60)-30)
		if random.IntN(4) == 0 {
			value = math.Nextafter(math.Ldexp(1, random.IntN(60)-30), random.Float64()*1e12)
		}
		scale := int32(random.IntN(16) - 4)
		index := exponentialIndex(value, scale)
		width := math.Ldexp(1, -int(scale))
		lower, upper := math.Exp2(float64(index)*width), math.Exp2(float64(index+1)*width)
		require.Less(t, lower, value*(1+1e-12), "%v at scale %d", value, scale)
		require.GreaterOrEqual(t, upper, value*(1-1e-12), "%v at scale %d", value, scale)
	}
}

func TestExponentialKeepsWithinBuckets(t *testing.T) {
	tests := map[string]struct {
		values []float64
		scale  int32
		zero   uint64
	}{
		"one value":        {[]float64{3}, 20, 0},
		"a zero":           {[]float64{0, 3}, 20, 1},
		"a factor of two":  {[]float64{1, 2}, 7, 0}, // 2^7 = 128 buckets per factor
		"a factor of 1000": {[]float64{1, 1000}, 3, 0},
		"all of them":      {[]float64{math.SmallestNonzeroFloat64, math.MaxFloat64}, -4, 0},
		"from above":       {[]float64{1000, 1}, 3, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			x := newExponential()
			for _, v := range tt.values {
				x.add(v)
			}
			assert.Equal(t, tt.scale, x.scale)
			assert.Equal(t, tt.zero, x.zero)
			assert.LessOrEqual(t, len(x.buckets), maxExponentialBuckets)
		})
	}
}

// Whatever the order, the buckets are those of the final scale.
func TestExponentialAgainstPlainCounting(t *testing.T) {
	random := seeded()
	for range 200 {
		x := newExponential()
		var values []float64
		for range 1 + random.IntN(300) {
			v := math.Exp(random.NormFloat64() * float64(1+random.IntN(5)))
			values = append(values, v)
			x.add(v)
		}
		want := map[int32]uint64{}
		for _, v := range values {
			want[exponentialIndex(v, x.scale)]++
		}
		got := map[int32]uint64{}
		for i, n := range x.buckets {
			if n > 0 {
				got[x.offset+int32(i)] = n
			}
		}
		require.Equal(t, want, got)
		require.LessOrEqual(t, len(x.buckets), maxExponentialBuckets)
	}
}

func FuzzExponential(f *testing.F) {
	f.Add(1.0, 2.0, 0.0)
	f.Add(math.SmallestNonzeroFloat64, math.MaxFloat64, 1.0)
	f.Fuzz(func(t *testing.T, a, b, c float64) {
		x, added := newExponential(), uint64(0)
		for _, v := range []float64{a, b, c, a} {
			if v >= 0 && !math.IsInf(v, 1) {
				x.add(v)
				added++
			}
		}
		total := x.zero
		for _, n := range x.buckets {
			total += n
		}
		require.Equal(t, added, total)
		require.LessOrEqual(t, len(x.buckets), maxExponentialBuckets)
	})
}
