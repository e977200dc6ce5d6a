package unique

import "math"

// estimate returns the number of distinct hashes added.
func (s *sketch) estimate() int64 {
	if s.dense == nil {
		return int64(s.used)
	}
	return int64(math.Round(s.dense.estimate()))
}

// estimate is Ertl's improved estimator (arXiv:1702.01284, algorithm 6): it
// needs only the counts by rank, and neither tables against bias nor another
// method for small numbers.
func (r *registers) estimate() float64 {
	const m = float64(numRegisters)
	z := m * tau(1-float64(r.counts[maxRank])/m)
	for rank := maxRank - 1; rank >= 1; rank-- {
		z = (z + float64(r.counts[rank])) / 2
	}
	z += m * sigma(float64(r.counts[0])/m)
	return m / (2 * math.Ln2) * m / z
}

// sigma is x + Σ x^(2^k)·2^(k-1): what registers still at zero add.
func sigma(x float64) float64 {
	if x == 1 {
		return math.Inf(1) // all are: the estimate is 0
	}
	sum := x
	for y := 1.0; ; y *= 2 {
		x *= x
		next := sum + x*y
		if next == sum {
			return sum
		}
		sum = next
	}
}

// tau is (1 - x - Σ (1-x^(2^-k))²·2^-k) / 3: what registers at their highest
// rank add.
func tau(x float64) float64 {
	if x == 0 || x == 1 {
		return 0
	}
	sum := 1 - x
	for y := 0.5; ; y /= 2 {
		x = math.Sqrt(x)
		next := sum - (1-x)*(1-x)*y
		if next == sum {
			return sum / 3
		}
		sum = next
	}
}
