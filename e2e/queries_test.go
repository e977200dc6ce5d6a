//go:build unix

package e2e

import (
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/e2etest"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
)

// TestQueriesOfTheCatalogue: a real Prometheus evaluates the query of each
// metric, to numbers alone, and a share has a value for everybody who has a whole.
func TestQueriesOfTheCatalogue(t *testing.T) {
	r, files := newRunOnHalves(t)
	r.start(t)
	server := e2etest.NewPrometheus(t, r.MetricsURL)
	// The script does not know Ory's events.
	const counted = `sum(auth_events_total{auth_source!="ory"})`
	first := eventsIn(t, files...)
	server.Await(counted, func(v e2etest.Vector) bool { return v["{}"] == first })
	appendHalves(t, files, 1)
	all := eventsIn(t, files...)
	server.Await(counted, func(v e2etest.Vector) bool { return v["{}"] == all })

	late := map[string]bool{} // what shows after a timeout of minutes
	for _, p := range catalogue.Builtin().Pairs {
		late[p.Abandoned] = true
	}
	ratios := 0
	for _, m := range catalogue.Builtin().Metrics {
		if m.Query == "" {
			continue
		}
		result, err := server.Query(m.Query)
		if !assert.NoError(t, err, m.Name) {
			continue
		}
		for series, value := range result {
			assert.False(t, math.IsNaN(value) || math.IsInf(value, 0), "%s: %s is %v for %s", m.Name, m.Query, value, series)
		}
		if !strings.Contains(m.Query, " / ") || late[m.Name] {
			continue
		}
		ratios++
		assert.NotEmpty(t, result, "%s: %s", m.Name, m.Query)
		if _, whole, isShare := strings.Cut(m.Query, ")\n  / "); isShare {
			assert.ElementsMatch(t, slices.Collect(maps.Keys(server.Must(whole))), slices.Collect(maps.Keys(result)),
				"%s: who never failed is missing: %s", m.Name, m.Query)
		}
	}
	assert.NotZero(t, ratios)
	r.stop(t)
}

// ratioLines are events that the sample lacks, and the ratios need: in each
// half, a client whose tokens fail, somebody who has an account already,
// somebody who confirms an address, a sign-in at Ory. They happen now, since
// funnels look no further back than their windows.
func ratioLines(half int) string {
	now := time.Now().UTC().Format(time.RFC3339Nano)
	loginGov := func(name, user, properties string) string {
		return fmt.Sprintf(`{"name":"%s","id":"ratio-%d-%s","time":"%s","log_filename":"events.log","properties":{"user_id":"%s-%d",`+
			`"service_provider":"urn:ratio","event_properties":{%s}}}`, name, half, user, now, user, half, properties)
	}
	return strings.Join([]string{
		loginGov("OpenID Connect: token", "failing", `"success":false,"error_details":{"code_verifier":{"code_challenge_mismatch":true}}`),
		loginGov("User Registration: Email Submitted", "known", `"success":true,"email_already_exists":true`),
		loginGov("User Registration: Email Confirmation", "new", `"success":true`),
		ory + `"identity_id":"ratio"` + oryEnd,
	}, "\n") + "\n"
}

// newRunOnHalves prepares a collector on the first halves of the sample's files,
// and on a file of its own lines.
func newRunOnHalves(t *testing.T) (r *run, files []string) {
	t.Helper()
	dir := t.TempDir()
	r = newRun(t, filepath.Join(dir, "*.ndjson"))
	r.overlays = []string{"yaml:connectors::event_metrics::interval: 200ms"}
	for _, sample := range e2etest.Samples(t) {
		files = append(files, filepath.Join(dir, filepath.Base(sample)))
	}
	files = append(files, filepath.Join(dir, "ratios.ndjson"))
	appendHalves(t, files, 0)
	return r, files
}

// appendHalves appends the first or second half of the sample to the files.
func appendHalves(t *testing.T, files []string, half int) {
	t.Helper()
	texts := []string{}
	for _, sample := range e2etest.Samples(t) {
		texts = append(texts, halves(t, sample)[half])
	}
	for i, text := range append(texts, ratioLines(half)) {
		f, err := os.OpenFile(files[i], os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		require.NoError(t, err)
		_, err = f.WriteString(text)
		require.NoError(t, err)
		require.NoError(t, f.Close())
	}
}

func halves(t *testing.T, file string) [2]string {
	t.Helper()
	lines := strings.SplitAfter(e2etest.ReadFile(t, file), "\n")
	middle := len(lines) / 2
	return [2]string{strings.Join(lines[:middle], ""), strings.Join(lines[middle:], "")}
}

// eventsIn is how many events the plain script counts.
func eventsIn(t *testing.T, files ...string) float64 {
	t.Helper()
	c := e2etest.CountPlainly(t, files...)
	return float64(c.Events - c.Duplicates)
}
