package counting

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// labelled is a config with the attribute on a built-in metric, on a custom
// one and on a unique one.
func labelled(a AttributeConfig) Config {
	cfg := Default(2000)
	list := []AttributeConfig{a}
	records := RecordsConfig{Events: []string{"*"}}
	cfg.Metrics = MetricConfigs{"auth.login.attempts": {Attributes: list}}
	cfg.Custom = map[string]CustomConfig{
		"c": {Records: records, Attributes: list},
		"u": {Type: "unique", Records: records, Attributes: list},
	}
	return cfg
}

// assertRefused says that a config with the label is refused in all places,
// and taken with the user's word for it.
func assertRefused(t *testing.T, a AttributeConfig) {
	t.Helper()
	_, err := labelled(a).setOf(small())
	require.Error(t, err, "%+v", a)
	assert.Len(t, strings.Split(err.Error(), "\n"), 3, "%+v", a)
	assert.Equal(t, 3, strings.Count(err.Error(), "holds personal data"), "%v", err)

	a.AcceptPersonalData = true
	set, err := labelled(a).setOf(small())
	require.NoError(t, err, "%+v", a)
	accepted := 0
	for _, m := range set.Metrics {
		for _, d := range m.Dimensions {
			if d.AcceptPersonalData {
				accepted++
			}
		}
	}
	assert.Equal(t, 3, accepted, "%+v", a)
}

func TestEveryAttributeAsALabel(t *testing.T) {
	personal := 0
	vocabulary := append(append(append(append([]attr.Attribute{}, attr.Record()...), attr.Resource()...), attr.Scrubbed()...), attr.Elsewhere()...)
	for _, a := range vocabulary {
		if a.Kind == pii.Public {
			continue
		}
		personal++
		assertRefused(t, AttributeConfig{Name: a.Name})
		assertRefused(t, AttributeConfig{Name: "x", Attribute: a.Name})
		assertRefused(t, AttributeConfig{Name: "x", Resource: a.Name})
		assertRefused(t, AttributeConfig{Name: a.Name, Body: "/nowhere"})
	}
	assert.Greater(t, personal, 20)
	assertRefused(t, AttributeConfig{Name: "x", Attribute: attr.UserID + attr.PreviousSuffix})
}

func TestEveryAttributeOfEveryProfileAsALabel(t *testing.T) {
	common := map[string]bool{}
	for _, name := range definition.Common() {
		common[name] = true
	}
	tried := map[bool]int{}
	for _, profile := range authevent.Known() {
		for _, a := range profile.Attributes {
			kind, known := attr.KindOf(a.Name)
			require.True(t, known, "%s of %s", a.Name, profile.Name)
			if common[a.Name] {
				continue
			}
			tried[kind == pii.Public]++
			if kind != pii.Public {
				assertRefused(t, AttributeConfig{Name: a.Name})
				continue
			}
			_, err := labelled(AttributeConfig{Name: a.Name}).setOf(small())
			assert.NoError(t, err, a.Name)
		}
	}
	assert.Greater(t, tried[true], 20)
	assert.Greater(t, tried[false], 20)
}

func TestEveryPersonalPathOfEveryProfileAsALabel(t *testing.T) {
	refused := map[string]int{}
	for _, profile := range authevent.Known() {
		for _, f := range profile.Classified {
			if f.Kind == pii.Public {
				continue
			}
			place := strings.ReplaceAll(f.Pointer, "*", "0") // one of the places that it stands for
			if place == "" {
				continue // the whole line, which is no label's value
			}
			refused[profile.Name]++
			_, yes := personalAt(definition.Place{In: definition.Body, Name: place})
			assert.True(t, yes, "%s of %s", place, profile.Name)
			if refused[profile.Name] <= 20 { // the way through a whole config takes its time
				assertRefused(t, AttributeConfig{Name: "x", Body: place})
			}
		}
	}
	for _, name := range authevent.Sources() {
		assert.NotZero(t, refused[name], "nothing personal in %s", name)
	}
}

// Public places are usable as labels, or a body path would be good for nothing.
func TestPublicPathsAreLabels(t *testing.T) {
	taken, refused := 0, 0
	for _, profile := range authevent.Known() {
		for _, f := range profile.Classified {
			if f.Kind != pii.Public || strings.Contains(f.Pointer, "*") {
				continue
			}
			if _, yes := personalAt(definition.Place{In: definition.Body, Name: f.Pointer}); yes {
				refused++ // another profile has something personal there
				continue
			}
			taken++
		}
	}
	assert.Greater(t, taken, 10*refused, "taken %d, refused %d", taken, refused)
}

func TestBestFieldCounts(t *testing.T) {
	known := bodyFields{fields: []bodyField{
		{[]string{"a"}, pii.Identity},
		{[]string{"a", "public"}, pii.Public},
		{[]string{"a", "public", "not"}, pii.Email},
		{[]string{"list", "*"}, pii.Public},
		{[]string{"list", "0"}, pii.IP},
		{[]string{"open"}, pii.Public},
		{[]string{"named", "*"}, pii.Identity},
		{[]string{"named", "public"}, pii.Public},
		{[]string{"twice", "*"}, pii.Public},
		{[]string{"*", "twice"}, pii.Phone},
	}}
	tests := []struct {
		place string
		want  pii.Kind
	}{
		{"/a", pii.Identity},
		{"/a/b", pii.Identity},
		{"/a/public", pii.Email}, // what is below it
		{"/a/public/yes", pii.Public},
		{"/a/public/not", pii.Email},
		{"/list/0", pii.IP},
		{"/list/1", pii.Public},
		{"/list", pii.Phone}, // of those below it the last
		{"/open/x", pii.Public},
		{"/named/public", pii.Public},
		{"/named/other", pii.Identity},
		{"/unknown", pii.Phone}, // a "twice" may stand below
		{"/twice/twice", pii.Phone},
		{"/open/twice", pii.Phone},
	}
	for _, tt := range tests {
		t.Run(tt.place, func(t *testing.T) {
			tokens, err := pii.ParsePointer(tt.place)
			require.NoError(t, err)
			kind, yes := known.personal(tokens)
			assert.Equal(t, tt.want != pii.Public, yes)
			assert.Equal(t, tt.want, kind, fmt.Sprint(kind))
		})
	}
}
