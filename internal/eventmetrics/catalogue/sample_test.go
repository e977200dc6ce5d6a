package catalogue_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
)

// notInScript are metrics that testdata/count.py does not work out: they look
// back at what a user did before. journeys_test.go tests them.
var notInScript = []string{
	"auth.users.unique", "auth.funnel.users", "auth.mfa.challenge.duration", "auth.mfa.challenges.abandoned", "auth.pkce.abandoned",
}

// TestSample holds every sum and histogram over the sample against what
// testdata/count.py says, which shares no code with this.
func TestSample(t *testing.T) {
	raw, err := os.ReadFile("../../../testdata/expected_counts.json")
	require.NoError(t, err)
	var want struct {
		Metrics map[string]float64 `json:"metrics"`
	}
	require.NoError(t, json.Unmarshal(raw, &want))
	require.Greater(t, len(want.Metrics), 500)

	e := newEngine(t)
	b := builtinParser().NewBatch()
	for id, source := range []string{"hera", "login_gov"} {
		content, err := os.ReadFile("../../../testdata/sample/" + source + ".ndjson")
		require.NoError(t, err)
		offset := 0
		for line := range bytes.Lines(content) {
			b.Add(authevent.Line{Text: bytes.TrimRight(line, "\r\n"), Offset: int64(offset)}, &authevent.Origin{ID: uint64(id + 1)}, now)
			offset += len(line)
		}
	}
	e.Compute(b.Take()).Commit()

	got := map[string]float64{}
	for _, rm := range e.Metrics(now, pcommon.NewResource(), "test").ResourceMetrics().All() {
		for _, sm := range rm.ScopeMetrics().All() {
			for _, m := range sm.Metrics().All() {
				if !slices.Contains(notInScript, m.Name()) {
					addSeries(got, m)
				}
			}
		}
	}
	for name, value := range want.Metrics {
		assert.InDelta(t, value, got[name], 1e-6, name)
	}
	for name, value := range got {
		if _, expected := want.Metrics[name]; !expected {
			assert.Zero(t, value, "the script has no series %s", name)
		}
	}
}

// addSeries names series as the script does, without the category.
func addSeries(to map[string]float64, m pmetric.Metric) {
	name := func(suffix string, attributes pcommon.Map) string {
		var parts []string
		for key, v := range attributes.All() {
			if key != attr.Category {
				parts = append(parts, key+"="+v.AsString())
			}
		}
		slices.Sort(parts)
		return fmt.Sprintf("%s%s{%s}", m.Name(), suffix, strings.Join(parts, ","))
	}
	if m.Type() == pmetric.MetricTypeHistogram {
		for _, p := range m.Histogram().DataPoints().All() {
			to[name("_count", p.Attributes())] += float64(p.Count())
			to[name("_sum", p.Attributes())] += p.Sum()
		}
		return
	}
	eachValue(m, func(attributes pcommon.Map, value float64) { to[name("", attributes)] += value })
}
