package counting

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
)

var start = time.Date(2026, 5, 20, 10, 0, 0, 0, time.UTC)

func TestEngineSettings(t *testing.T) {
	got := decoded(t, "").Engine(start)
	assert.NotEqual(t, unique.Key{}, got.UniqueKey)
	assert.NotEqual(t, decoded(t, "").Engine(start).UniqueKey, got.UniqueKey, "no two collectors have one by chance")
	got.UniqueKey = unique.Key{}
	assert.Equal(t, eventmetrics.Settings{Start: start, MaxSeries: 2000, MaxEarly: 5 * time.Minute}, got)

	secret := strings.Repeat("s", 32)
	got = decoded(t, `
max_series: 7
exemplars: true
time: observed
max_early: 1m
unique: {secret: `+secret+`}
declare: [{auth.source: hera, auth.domain: ciam, deployment.environment.name: production}]`).Engine(start)
	assert.Equal(t, eventmetrics.Settings{
		Start: start, MaxSeries: 7, UniqueKey: unique.NewKey([]byte(secret)), Exemplars: true,
		MaxEarly: time.Minute, ObservedTime: true,
		Declare: []map[string]string{{"auth.source": "hera", "auth.domain": "ciam", "deployment.environment.name": "production"}},
	}, got)
}

// What these tests compile is what the engine counts.
func TestTheEngineTakesIt(t *testing.T) {
	cfg := decoded(t, `
declare: [{auth.source: hera}]
metrics:
  auth.events: {drop_attributes: [auth.category], attributes: [auth.pkce.used, {name: locale, body: /properties/locale, cap: 5}]}
custom:
  consents: {events: ["consent_*"], where: [{body: /step, in: [1, true]}, {attribute: user.id, exists: true}], attributes: [auth.client.id]}
  sizes: {type: histogram, unit: By, events: [upload], value: {body: /size}, buckets: [1, 10]}
  scores: {type: exponential_histogram, events: [risk], value: {attribute: auth.score}}
  people: {type: unique, events: ["*"], by: [user.id, session.id], windows: [1h], attributes: [auth.method]}
funnels:
  f: {steps: [{name: a, events: [a]}, {name: b, events: [b]}]}
pairs:
  p: {begin: {events: [a]}, end: {events: [b]}, match: [auth.method], duration: p.duration, abandoned: p.abandoned}`)
	require.NoError(t, cfg.Check())
	set, err := cfg.Set()
	require.NoError(t, err)
	_, err = eventmetrics.New(set, cfg.Engine(start))
	require.NoError(t, err)
}

// What only the engine knows is refused by Check as well, and not at start.
func TestCheckAsksTheEngine(t *testing.T) {
	cfg := decoded(t, `{custom: {c: {events: [a], attributes: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]}}}`)
	_, err := cfg.Set()
	require.NoError(t, err)
	require.ErrorContains(t, cfg.Check(), `metric "c": has 19 attributes`)
}
