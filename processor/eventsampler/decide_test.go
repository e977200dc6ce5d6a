package eventsampler

import (
	"fmt"
	"math"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/sampling"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// TestMarks: what stands on a record is what OpenTelemetry's samplers write,
// and its three parts agree.
func TestMarks(t *testing.T) {
	ld := logs(flood("x")...)
	require.NoError(t, newTest(t, config(10), consumertest.NewNop()).ConsumeLogs(t.Context(), ld))
	counts := map[float64]int{}
	each(func(lr plog.LogRecord) {
		n := countOf(lr)
		counts[n]++
		marks := read(lr)
		if n == 1 {
			assert.Empty(t, marks.threshold, "nothing was rejected")
			return
		}
		threshold, err := sampling.TValueToThreshold(marks.threshold)
		require.NoError(t, err)
		randomness, err := sampling.RValueToRandomness(marks.randomness)
		require.NoError(t, err)
		assert.True(t, threshold.ShouldSample(randomness))
		assert.Equal(t, n, threshold.AdjustedCount())
	}, ld)
	assert.Equal(t, 10, counts[1])
	assert.Greater(t, len(counts), 4)
}

func read(lr plog.LogRecord) (r record) {
	(&settings{countAttribute: attr.AdjustedCount}).read(&r, lr)
	return r
}

// TestMarkThinned: with mark: thinned, what stands for itself is left as it is.
func TestMarkThinned(t *testing.T) {
	for mark, want := range map[string]bool{markAll: true, markThinned: false} {
		cfg := config(10)
		cfg.Mark, cfg.CountAttribute = mark, "SampleRate"
		ld := logs(append(flood("x"), event{name: "y", uid: "1"}, event{name: "x", outcome: attr.OutcomeFailure})...)
		require.NoError(t, newTest(t, cfg, consumertest.NewNop()).ConsumeLogs(t.Context(), ld))
		thin := 0
		each(func(lr plog.LogRecord) {
			value, marked := lr.Attributes().Get("SampleRate")
			if _, thinned := lr.Attributes().Get(attr.SamplingThreshold); thinned {
				thin++
				assert.Greater(t, value.Int(), int64(1))
				return
			}
			assert.Equal(t, want, marked)
			if marked {
				assert.Equal(t, int64(1), value.Int())
			}
		}, ld)
		assert.NotZero(t, thin)
	}
}

// TestUpstream: where a sampler came before, counts multiply, and what is
// written agrees with what it has decided, so that a third could go on.
func TestUpstream(t *testing.T) {
	const n, quota = 8000, 800 // a quarter of them is kept, or somewhat more
	for name, c := range map[string]struct {
		more  func(i int) map[string]any
		count float64 // of each record that comes
	}{
		"none":                  {func(int) map[string]any { return nil }, 1},
		"one that says nothing": {func(int) map[string]any { return map[string]any{attr.SamplingThreshold: "0"} }, 1},
		"a threshold":           {func(int) map[string]any { return map[string]any{attr.SamplingThreshold: "c"} }, 4},
		"an odd threshold":      {func(int) map[string]any { return map[string]any{attr.SamplingThreshold: "6"} }, 1.6},
		"a count":               {func(int) map[string]any { return map[string]any{attr.AdjustedCount: 16} }, 16},
		"a count that is odd":   {func(int) map[string]any { return map[string]any{attr.AdjustedCount: 3} }, 3},
		"both":                  {func(int) map[string]any { return map[string]any{attr.SamplingThreshold: "8", attr.AdjustedCount: 2} }, 2},
		"no threshold":          {func(int) map[string]any { return map[string]any{attr.SamplingThreshold: "xyz"} }, 1},
		"no count":              {func(int) map[string]any { return map[string]any{attr.AdjustedCount: -5} }, 1},
		"a count of nothing":    {func(int) map[string]any { return map[string]any{attr.AdjustedCount: math.NaN()} }, 1},
		"a count of everything": {func(int) map[string]any { return map[string]any{attr.AdjustedCount: math.Inf(1)} }, 1},
		"randomness below": {func(int) map[string]any {
			return map[string]any{attr.SamplingThreshold: "8", attr.SamplingRandomness: "10000000000000"}
		}, 2},
		"randomness that is none": {func(int) map[string]any {
			return map[string]any{attr.SamplingThreshold: "8", attr.SamplingRandomness: "1"}
		}, 2},
		"randomness of its own": {func(i int) map[string]any {
			return map[string]any{attr.SamplingThreshold: "8", attr.SamplingRandomness: fmt.Sprintf("%014x", whole/2+uint64(i*7919%n)*(whole/2/n))}
		}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			events := many("x", n, 0, 1)
			for i := range events {
				events[i].more = c.more(i)
			}
			ld := logs(events...)
			require.NoError(t, newTest(t, config(quota), consumertest.NewNop()).ConsumeLogs(t.Context(), ld))
			adjusted, records, thin := 0.0, 0, 0
			each(func(lr plog.LogRecord) {
				records++
				adjusted += countOf(lr)
				marks := read(lr)
				if countOf(lr) < 1.5*c.count {
					assert.InEpsilon(t, c.count, countOf(lr), 1e-9)
					return
				}
				thin++
				threshold, err := sampling.TValueToThreshold(marks.threshold)
				require.NoError(t, err)
				randomness, err := sampling.RValueToRandomness(marks.randomness)
				require.NoError(t, err)
				require.True(t, threshold.ShouldSample(randomness))
				require.InEpsilon(t, countOf(lr), threshold.AdjustedCount(), 1e-9)
			}, ld)
			assert.InEpsilon(t, n*c.count, adjusted, 0.08)
			assert.Less(t, records, n/3)
			assert.NotZero(t, thin)
		})
	}
}

// TestTwoSamplers: one behind the other, with one seed or with two, the sum is
// still right, and the second one thins what the first one left.
func TestTwoSamplers(t *testing.T) {
	for _, seed := range []configopaque.String{secret, "fedcba9876543210fedcba9876543210"} {
		ld := logs(many("x", 20_000, 0, 1)...)
		require.NoError(t, newTest(t, config(800), consumertest.NewNop()).ConsumeLogs(t.Context(), ld))
		first := ld.LogRecordCount()
		cfg := config(80)
		cfg.Seed = seed
		require.NoError(t, newTest(t, cfg, consumertest.NewNop()).ConsumeLogs(t.Context(), ld))
		assert.Less(t, ld.LogRecordCount(), first/3)
		adjusted, standardError := totals([]plog.Logs{ld})
		assert.InDelta(t, 20_000, adjusted, 5*standardError)
	}
}

func TestAbove(t *testing.T) {
	const top = whole - 1
	for _, c := range []struct{ randomness, kept, want uint64 }{
		{0, whole, 0}, {top, whole, top}, {12345, whole, 12345},
		{0, whole / 4, whole / 4 * 3}, {top, whole / 4, top}, {whole / 2, whole / 4, whole / 8 * 7},
		{0, 1, top}, {top, 1, top},
	} {
		assert.Equal(t, c.want, above(c.randomness, c.kept), c)
	}
}

func TestThresholds(t *testing.T) {
	for exponent, want := range map[int]string{0: "0", 1: "8", 2: "c", 4: "f", 5: "f8", 40: "ffffffffff"} {
		assert.Equal(t, want, tvalue(whole>>exponent))
	}
	assert.Equal(t, "fffffffffffffe", tvalue(2), "beyond the list")
	assert.Equal(t, "6", tvalue(whole/8*5))
}

// TestKeys: a secret decides, and without one everybody's key does.
func TestKeys(t *testing.T) {
	assert.Equal(t, newKey(""), newKey(""))
	assert.NotEqual(t, newKey(""), newKey(secret))
	assert.NotEqual(t, newKey(secret).randomness("a"), newKey("").randomness("a"))
	assert.Less(t, newKey(secret).randomness("a"), uint64(whole))
}
