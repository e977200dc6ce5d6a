//go:build unix

// Package dashboards runs what dashboards/ and alerts/ ask against a real
// Prometheus that scrapes the built collector.
package dashboards

import (
	"bytes"
	"encoding/json"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/dashboards/grafana"
	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// neverHere are series that no test can have, and why.
var neverHere = map[string]string{
	"otelcol_pii_scrub_residual_total":              "a defect of the scrubber: none is known",
	"otelcol_pii_scrub_dropped_total":               "a defect of the scrubber: none is known",
	"otelcol_event_metrics_snapshot_failures_total": "a disk that is full",
}

// TestEveryQueryReturnsData: each query of each panel, annotation and variable,
// with the variables filled in as Grafana does.
func TestEveryQueryReturnsData(t *testing.T) {
	t.Parallel()
	server := newScenario(t)
	var waiting []query
	for _, d := range load(t) {
		for _, q := range queriesOf(d) {
			if why, never := isNeverHere(q.expr); never {
				result, err := server.Query(fill(q.expr))
				assert.NoError(t, err, q.title)
				assert.Empty(t, result, "%s has data, and is listed as what never has: %s", q.title, why)
				continue
			}
			waiting = append(waiting, q)
		}
	}
	assert.Greater(t, len(waiting), 150)
	// A rate needs two scrapes, and some series begin late.
	assert.Eventually(t, func() bool {
		waiting = slices.DeleteFunc(waiting, func(q query) bool { return returnsData(t, server, q) })
		return len(waiting) == 0
	}, e2etest.Patience, time.Second)
	for _, q := range waiting {
		t.Errorf("%s has no data: %s", q.title, fill(q.expr))
	}
	requireAlerts(t, server)
}

// returnsData says whether a query has a number yet. What it has must make sense.
func returnsData(t *testing.T, server *e2etest.Prometheus, q query) bool {
	result, err := server.Query(fill(q.expr))
	if !assert.NoError(t, err, q.title) {
		return true // once is enough
	}
	found := false
	for series, value := range result {
		found = found || !math.IsNaN(value)
		assert.False(t, math.IsInf(value, 0), "%s is infinite for %s", q.title, series)
		assert.False(t, value < 0 && !strings.Contains(q.expr, "\n  - "), "%s is %v for %s", q.title, value, series)
	}
	return found
}

// newScenario runs a collector in which everything happens, and the Prometheus
// that scrapes it.
func newScenario(t *testing.T) *e2etest.Prometheus {
	t.Helper()
	in := input{dir: t.TempDir()}
	in.append(t, 0)
	out, port := t.TempDir(), e2etest.FreePort(t)
	p := e2etest.Start(t, colproc.Options{
		Config: "configs/quickstart.yaml", Overlays: []string{"e2e/dashboards/testdata/provoked.yaml"},
		Env: []string{
			"AUTHEVENTS_INCLUDE=" + filepath.Join(in.dir, "*.ndjson"), "OUT_DIR=" + out, "STATE_DIR=" + filepath.Join(out, "state"),
			"REFUSED_INCLUDE=" + filepath.Join(in.dir, "hera.ndjson"), "SINK_URL=" + newSink(t), "REQUESTS_PORT=" + port,
			"AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_MAX_ATTEMPTS=1",
		},
	})
	server := e2etest.NewPrometheus(t, p.MetricsURL, p.TelemetryURL)
	defer func() {
		if t.Failed() {
			t.Log(p.Log())
		}
	}()
	post(t, port)
	const read = `sum(otelcol_event_metrics_records_total{result!="skipped"})`
	server.Await(read, func(v e2etest.Vector) bool { return v["{}"] > 3000 })
	server.Await(`sum(auth_events_total)`, func(v e2etest.Vector) bool { return v["{}"] > 1500 })
	in.append(t, 1)
	server.Await(`sum(auth_events_total)`, func(v e2etest.Vector) bool { return v["{}"] > 3500 })
	for _, slow := range []string{"otelcol_auth_events_blob_errors_total", "otelcol_auth_events_refused_total", "otelcol_exporter_enqueue_failed_metric_points_total"} {
		server.Await("rate("+slow+"[5m])", func(v e2etest.Vector) bool { return len(v) > 0 })
	}
	return server
}

// post sends a request with an event, and one that is none.
func post(t *testing.T, port string) {
	t.Helper()
	for _, body := range []string{rareLines(2), `{`} {
		require.Eventually(t, func() bool {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1:"+port+"/v1/auth_events", strings.NewReader(body))
			require.NoError(t, err)
			req.Header.Set("Content-Type", "application/json")
			resp, err := http.DefaultClient.Do(req)
			return err == nil && resp.Body.Close() == nil
		}, e2etest.Patience, 100e6)
	}
}

// load reads dashboards/*.json, with no field that the model does not have.
func load(t *testing.T) []grafana.Dashboard {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(e2etest.Root(t), "dashboards", "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var dashboards []grafana.Dashboard
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.DisallowUnknownFields()
		var d grafana.Dashboard
		require.NoError(t, decoder.Decode(&d), file)
		dashboards = append(dashboards, d)
	}
	return dashboards
}

type query struct{ title, expr string }

var labelValues = regexp.MustCompile(`^label_values\((.*), (\w+)\)$`)

// queriesOf are all of a dashboard's queries for Prometheus.
func queriesOf(d grafana.Dashboard) []query {
	var queries []query
	for _, p := range d.Panels {
		for _, target := range p.Targets {
			if target.Datasource.Type == "prometheus" {
				queries = append(queries, query{d.UID + ": " + p.Title, target.Expr})
			}
		}
	}
	for _, a := range d.Annotations.List {
		if a.Expr != "" {
			queries = append(queries, query{d.UID + ": " + a.Name, a.Expr})
		}
	}
	for _, v := range d.Templating.List {
		if parts := labelValues.FindStringSubmatch(v.Definition); parts != nil {
			// A choice of nothing but "no label" is none.
			queries = append(queries, query{d.UID + ": $" + v.Name, "count by (" + parts[2] + ") (" + parts[1] + ") unless on (" + parts[2] + ") vector(0)"})
		}
	}
	return queries
}

// fill puts in what Grafana does: several choices are a regular expression.
func fill(expr string) string {
	return strings.NewReplacer(
		"$__rate_interval", "5m", "$__range", "1h", "$source", "(hera|login_gov)", "$domain", ".*", "$environment", ".*", "$job", ".*", "$instance", ".*",
	).Replace(expr)
}

func isNeverHere(expr string) (string, bool) {
	for name, why := range neverHere {
		if strings.Contains(expr, name) {
			return why, true
		}
	}
	return "", false
}
