package authevent

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// driftOf adds lines to a batch and takes its drift.
func driftOf(t *testing.T, o Options, lines ...string) []Drift {
	t.Helper()
	p, err := NewParser(o)
	require.NoError(t, err)
	b := p.NewBatch()
	for _, line := range lines {
		b.Add(Line{Text: []byte(line)}, &Origin{}, observed)
	}
	drift := b.TakeDrift()
	assert.Empty(t, b.TakeDrift(), "taken once")
	return drift
}

const driftProfile = minimalProfile + `
time: [/t]
outcome: [/ok]
events: {c: {known: {}}}
attributes:
  - {name: user.id, from: [/u]}
  - {name: browser.mobile, from: [/m]  , as: bool}
  - {name: auth.duration, from: [/d], as: seconds}
  - {name: auth.flow, from: [/list/1/id]}
error_type: {keys: [/errors]}
`

func TestDrift(t *testing.T) {
	mine := func(kind DriftKind, name string, count int) Drift { return Drift{kind, "x", name, count} }
	for _, c := range []struct {
		name    string
		profile string
		lines   []string
		want    []Drift
	}{
		{"as expected", "", []string{
			`{"e":"known","t":"x","ok":true,"u":"u","m":true,"d":1.5,"errors":{},"list":[{"id":1},{"id":"a"}]}`,
			`{"e":"known","t":1,"ok":"yes","u":null,"m":null,"d":2,"errors":[],"list":[]}`,
			`{"e":"known","t":null,"ok":0,"errors":null,"list":{}}`,
		}, nil},
		{"unknown events", "", []string{`{"e":"new"}`, `{"e":"known"}`, `{"e":"new"}`, `{"e":"newer"}`},
			[]Drift{mine(DriftUnknownEvent, "new", 2), mine(DriftUnknownEvent, "newer", 1)}},
		{"fields", "", []string{`{"e":"known","t":{},"ok":[],"u":1,"m":"true","d":"1","errors":"x","list":[0,{"id":2}]}`}, []Drift{
			mine(DriftRetypedField, "/t", 1), mine(DriftRetypedField, "/ok", 1), mine(DriftRetypedField, "/errors", 1), mine(DriftRetypedField, "/u", 1),
			mine(DriftRetypedField, "/m", 1), mine(DriftRetypedField, "/d", 1), mine(DriftRetypedField, "/list/1/id", 1)}},
		{"of duplicates the last counts", "", []string{`{"e":"known","u":1,"u":"u"}`}, nil},
		{"types widen", "types: {/u: [text, number], /d: [text]}", []string{`{"e":"known","u":1,"d":"1"}`, `{"e":"known","u":"u","d":1}`}, nil},
		{"and not further", "types: {/u: [text, number]}", []string{`{"e":"known","u":true}`}, []Drift{mine(DriftRetypedField, "/u", 1)}},
		{"free text has no name", "unknown_event: other", []string{`{"e":"bob did it"}`, `{"e":"al did it"}`}, []Drift{mine(DriftUnknownEvent, "", 2)}},
		{"unknown source", "", []string{`{"a":1}`, `{}`, `plain`, `[1]`, `{"e`, ``}, []Drift{{DriftUnknownSource, "", "", 2}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := Options{Source: "x", Profiles: map[string]any{"x": fromYAML(t, driftProfile+c.profile)}}
			assert.ElementsMatch(t, c.want, driftOf(t, o, c.lines...))
		})
	}
}

func TestNoEventsListedNoEventsUnknown(t *testing.T) {
	o := Options{Profiles: map[string]any{"x": fromYAML(t, minimalProfile)}}
	assert.Empty(t, driftOf(t, o, `{"e":"anything"}`))
}

// TestTypesOfOneProfile: what another profile expects at the same place is
// none of this one's business.
func TestTypesOfOneProfile(t *testing.T) {
	o := Options{Profiles: map[string]any{
		"x": fromYAML(t, minimalProfile+"attributes: [{name: user.id, from: [/u]}]"),
		"y": fromYAML(t, "match: [{/f: {}}]\nevent: y\nattributes: [{name: process.pid, from: [/u], as: int}]"),
	}}
	assert.Empty(t, driftOf(t, o, `{"e":"a","u":"u"}`, `{"f":"a","u":1}`))
	assert.Equal(t, []Drift{{DriftRetypedField, "x", "/u", 1}, {DriftRetypedField, "y", "/u", 1}}, driftOf(t, o, `{"e":"a","u":1}`, `{"f":"a","u":"u"}`))
}

func TestDriftIsBounded(t *testing.T) {
	o := Options{Profiles: map[string]any{"x": fromYAML(t, driftProfile)}}
	var all []string
	for i := range 1000 {
		all = append(all, fmt.Sprintf(`{"e":"new%d","u":1}`, i))
	}
	drift := driftOf(t, o, all...)
	assert.Len(t, drift, maxDrift+1, "one for the rest")
	total := 0
	for _, d := range drift {
		if d.Kind == DriftUnknownEvent {
			total += d.Count
		}
	}
	assert.Equal(t, 1000, total, "what has no entry of its own is counted")
	assert.Contains(t, drift, Drift{DriftRetypedField, "x", "/u", 1000})
	assert.Contains(t, drift, Drift{DriftUnknownEvent, "x", "", 1000 - (maxDrift - 1)})

	long := driftOf(t, o, `{"e":"`+strings.Repeat("é", 100)+`"}`)
	require.Len(t, long, 1)
	assert.Equal(t, strings.Repeat("é", maxDriftName/2), long[0].Name)
	long = driftOf(t, o, `{"e":"a`+strings.Repeat("é", 100)+`"}`)
	assert.Equal(t, "a"+strings.Repeat("é", maxDriftName/2-1), long[0].Name, "cut between letters")
}
