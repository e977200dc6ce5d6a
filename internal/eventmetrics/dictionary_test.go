package eventmetrics

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

func TestAllowedBySource(t *testing.T) {
	e, err := New(labelled(definition.Dimension{Name: "x", Cap: 2, Allowed: map[string][]string{
		hera: {"a", "b"}, loginGov: {"c"},
	}}), Settings{Start: start})
	require.NoError(t, err)
	folded := 0
	for _, source := range []string{hera, loginGov, "own"} {
		for _, x := range []string{"a", "c", "d", "e", "f"} {
			folded += count(e, logs(event{source, "x", map[string]any{"x": x}})).Folded
		}
	}
	got := map[string]int64{}
	for _, p := range e.Sums() {
		got[p.Attributes[0].Value+" "+p.Attributes[1].Value] = p.Value
	}
	assert.Equal(t, map[string]int64{
		"hera a": 1, "hera _OTHER": 4,
		"login_gov c": 1, "login_gov _OTHER": 4,
		"own a": 1, "own c": 1, "own d": 1, "own e": 1, "own _OTHER": 1, // bounded by the cap alone
	}, got)
	assert.Equal(t, 9, folded)
}

func TestAllowedForAllSources(t *testing.T) {
	e, err := New(labelled(definition.Dimension{Name: "x", Allowed: map[string][]string{"": {"a"}, hera: {"b"}}}), Settings{Start: start})
	require.NoError(t, err)
	for _, source := range []string{hera, "own"} {
		count(e, logs(event{source, "x", map[string]any{"x": "a"}}, event{source, "x", map[string]any{"x": "b"}}))
	}
	assert.EqualValues(t, 1, total(e, "m", "x", "a"))
	assert.EqualValues(t, 1, total(e, "m", "x", "b"))
	assert.EqualValues(t, 2, total(e, "m", "x", Other))
}

func TestEventNamesThatAreListed(t *testing.T) {
	e, err := New(labelled(definition.Dimension{Name: attr.OTelEventName, Allowed: map[string][]string{hera: {"known"}}}), Settings{Start: start})
	require.NoError(t, err)
	result := count(e, logs(event{hera, "known", nil}, event{hera, "new", nil}, event{"own", "new", nil}))
	assert.Equal(t, 1, result.Folded)
	assert.Equal(t, []string{"{otel.event.name=_OTHER} 1", "{otel.event.name=known} 1", "{otel.event.name=new} 1"}, points(e, "m"))
}

func TestCapAndDefault(t *testing.T) {
	e, err := New(labelled(definition.Dimension{Name: "x", Cap: 1, Default: "none"}), Settings{Start: start})
	require.NoError(t, err)
	for _, x := range []any{"a", "b", nil, "none", 7} {
		count(e, logs(event{hera, "x", map[string]any{"x": x}}))
	}
	assert.Equal(t, []string{"{x=_OTHER} 2", "{x=a} 1", "{x=none} 2"}, points(e, "m"))
}

func TestOneFieldInMetricsOfSeveralCaps(t *testing.T) {
	var set definition.Set
	for i, limit := range []int{1, 3, 2} {
		set.Metrics = append(set.Metrics, definition.Metric{
			Name: fmt.Sprint("m", i), Rules: everything(), Dimensions: []definition.Dimension{{Name: "x", Cap: limit}},
		})
	}
	e, err := New(set, Settings{Start: start})
	require.NoError(t, err)
	for range 2 {
		for _, x := range []string{"a", "b", "c", "d"} {
			count(e, logs(event{hera, "x", map[string]any{"x": x}}))
		}
	}
	for i, others := range []int64{6, 2, 4} {
		assert.Equal(t, others, total(e, fmt.Sprint("m", i), "x", Other))
	}
	f, err := e.fields.of(definition.Place{In: definition.Attribute, Name: "x"})
	require.NoError(t, err)
	assert.Len(t, e.fields.specs[f].table.ids, 1+3, "Other, and what a metric tells apart")
}

func TestRefusedValuesAreRemembered(t *testing.T) {
	d := newDictionary(newInternTable(), 2, false)
	for range 3 {
		assert.Equal(t, otherID, d.admit("a@example.org"))
		assert.Equal(t, otherID, d.admit("203.0.113.9"))
	}
	assert.Equal(t, 2, d.room, "they take no room")
	assert.Equal(t, []string{"", Other}, d.values)
	app := d.admit("app")
	assert.Greater(t, app, otherID, "what comes after them is taken")
	assert.Equal(t, app, d.find("app"))
	assert.Equal(t, otherID, d.admit("a@example.org"))
}

// BenchmarkRefused admits a value that holds an address.
func BenchmarkRefused(b *testing.B) {
	d := newDictionary(newInternTable(), 0, false)
	b.ReportAllocs()
	for b.Loop() {
		d.admit("2001:db8:85a3::8a2e:370:7334")
	}
}
