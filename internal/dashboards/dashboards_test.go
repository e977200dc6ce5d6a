package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/dashboards/grafana"
	"github.com/authevents/otelcol-auth/internal/dashboards/promql"
	"github.com/authevents/otelcol-auth/internal/dashboards/series"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
)

const root = "../.."

func built(t *testing.T) []grafana.Dashboard {
	t.Helper()
	names, err := series.Load(t.Context(), root)
	require.NoError(t, err)
	dashboards, err := all(names)
	require.NoError(t, err)
	return dashboards
}

func TestDashboardsAreUpToDate(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, "dashboards", "*.json"))
	require.NoError(t, err)
	var want []string
	for _, d := range built(t) {
		file := filepath.Join(root, "dashboards", d.UID+".json")
		want = append(want, file)
		committed, err := os.ReadFile(file)
		require.NoError(t, err)
		text, err := encode(d)
		require.NoError(t, err)
		if !bytes.Equal(committed, text) {
			t.Errorf("%s is not what the generator writes: go generate ./internal/dashboards", file)
		}
	}
	assert.ElementsMatch(t, want, files)
}

// TestRoundTrip: the files hold nothing that the model does not have, and what
// is read is what was written.
func TestRoundTrip(t *testing.T) {
	for _, d := range built(t) {
		text, err := encode(d)
		require.NoError(t, err)
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.DisallowUnknownFields()
		var again grafana.Dashboard
		require.NoError(t, decoder.Decode(&again), d.UID)
		second, err := encode(again)
		require.NoError(t, err)
		assert.Equal(t, string(text), string(second))
		assert.NoError(t, grafana.Check(again))
	}
}

// TestEveryMetricIsShown: a metric of the catalogue that no panel asks for is
// one that nobody looks at.
func TestEveryMetricIsShown(t *testing.T) {
	names, err := series.Load(t.Context(), root)
	require.NoError(t, err)
	var text []byte
	for _, d := range built(t) {
		encoded, err := encode(d)
		require.NoError(t, err)
		text = append(text, encoded...)
	}
	for _, m := range catalogue.Builtin().Metrics {
		assert.True(t, bytes.Contains(text, []byte(names[m.Name].Name)), "no panel shows %s", m.Name)
	}
}

// TestOneNumberIsOfTheWholeTime: what is asked for at the end of the dashboard's
// time alone would be of its last minute, in which what is rare did not happen.
func TestOneNumberIsOfTheWholeTime(t *testing.T) {
	numbers := 0
	for _, d := range built(t) {
		for _, p := range d.Panels {
			for _, target := range p.Targets {
				if target.Instant {
					numbers++
					assert.NotContains(t, target.Expr, promql.RateInterval, "%s: %s", d.UID, p.Title)
				}
			}
		}
	}
	assert.NotZero(t, numbers)
}

// TestTagsAndUIDs: the links between the dashboards go by the tag, and those
// from outside by the uid.
func TestTagsAndUIDs(t *testing.T) {
	var uids []string
	for _, d := range built(t) {
		uids = append(uids, d.UID)
		assert.Equal(t, []string{tag}, d.Tags)
		assert.Equal(t, []string{tag}, d.Links[0].Tags)
		assert.Equal(t, "30s", d.Refresh)
	}
	assert.Equal(t, []string{
		"otelcol-auth-sign-ins", "otelcol-auth-mfa", "otelcol-auth-clients", "otelcol-auth-social",
		"otelcol-auth-captcha", "otelcol-auth-registration", "otelcol-auth-collector",
	}, uids)
}

// TestWrongNamesFail: a panel that asks for what is not there stops the generator.
func TestWrongNamesFail(t *testing.T) {
	names, err := series.Load(t.Context(), root)
	require.NoError(t, err)
	b := &board{names: names, uid: "wrong"}
	b.stat(view{title: "a", queries: by(promql.Rate(b.counted("auth.login.atempts")))})
	b.stat(view{title: "b", queries: by(promql.Rate(b.counted("auth.login.attempts"), "auth.limiter"))})
	b.logs("c", "", "no such category", nil)
	var errs []string
	for _, err := range b.errs {
		if err != nil {
			errs = append(errs, err.Error())
		}
	}
	require.Len(t, errs, 3)
	assert.Contains(t, errs[0], `panel "a": no metric "auth.login.atempts"`)
	assert.Contains(t, errs[1], `auth_login_attempts_total has no label for "auth.limiter"`)
	assert.Contains(t, errs[2], `no profile has the category "no such category"`)
	assert.True(t, slices.Contains(categories(), "pkce"))
}
