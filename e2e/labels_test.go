//go:build unix

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// labelled are places whose value becomes a label, of an event that is counted
// by it.
var labelled = []place{
	idp("client_id", `{"type":"metric","event":"pkce_failed","client_id":"%s","reason":"expired"}`),
	idp("reason", `{"type":"metric","event":"pkce_failed","client_id":"c1","reason":"%s"}`),
	idp("error_code", `{"type":"audit","event":"captcha_failed","flow":"login","error_code":"%s"}`),
	idp("flow", `{"type":"audit","event":"captcha_failed","flow":"%s"}`),
	idp("provider", `{"type":"audit","event":"social_login_completed","provider":"%s"}`),
	idp("first_login", `{"type":"audit","event":"social_login_completed","provider":"x","first_login":"%s"}`),
	idp("method", `{"type":"audit","event":"mfa_challenge_failed","method":"%s"}`),
	idp("domain", `{"type":"audit","event":"captcha_displayed","domain":"%s"}`),
	idp("env", `{"type":"audit","event":"captcha_displayed","env":"%s"}`),
	idp("the event's name", `{"type":"audit","event":"%s"}`),
	idp("a name that a pattern takes in", `{"type":"audit","event":"breach_check_%s"}`),
	idp("an action", `{"audit":true,"action":"%s"}`),
	idp("Login.gov's name", `{"name":"%s","properties":{}}`),
	idp("the name of a page", `{"name":"Multi-Factor Authentication: enter %s visited","properties":{}}`),
	idp("service_provider", `{"name":"OpenID Connect: token","properties":{"service_provider":"%s","event_properties":{"success":true}}}`),
	idp("event_properties.client_id", `{"name":"OpenID Connect: authorization request","properties":{"event_properties":{"client_id":"%s"}}}`),
	idp("error_details", `{"name":"Email and Password Authentication","properties":{"event_properties":{"success":false,"error_details":{"%s":{"x":true}}}}}`),
	idp("error", `{"name":"Email and Password Authentication","properties":{"event_properties":{"success":false,"error":"%s"}}}`),
	idp("multi_factor_auth_method", `{"name":"Multi-Factor Authentication","properties":{"event_properties":{"multi_factor_auth_method":"%s"}}}`),
	idp("context", `{"name":"Multi-Factor Authentication","properties":{"event_properties":{"multi_factor_auth_method":"totp","context":"%s"}}}`),
}

// ofTheUser makes lines whose user is the canary as well: an identity is known
// by that alone.
func ofTheUser(line string) string {
	if rest, ok := strings.CutPrefix(line, `{"type"`); ok {
		return `{"identity_id":"` + identityIn(line) + `","type"` + rest
	}
	if rest, ok := strings.CutPrefix(line, `{"audit"`); ok {
		return `{"identity_id":"` + identityIn(line) + `","audit"` + rest
	}
	return strings.Replace(line, `"properties":{`, `"properties":{"user_id":"`+identityIn(line)+`",`, 1)
}

// identityIn cuts the identity canary out of a line.
func identityIn(line string) string {
	begin := strings.Index(line, "c0ffee00-")
	return line[begin : begin+36]
}

// plantLabels makes lines with a canary of each kind and spelling in each place.
func plantLabels() (lines []string, planted []canary) {
	n := 1000
	put := func(c canary, p place, of func(string) string) {
		c.place = p.name
		line := p.line(c.value)
		if of != nil {
			line = of(line)
		}
		lines, planted = append(lines, line), append(planted, c)
	}
	for _, p := range labelled {
		for _, kind := range []string{"email", "ip"} {
			n++
			put(newCanary(kind, n), p, nil)
		}
		n++
		put(newCanary("identity", n), p, ofTheUser)
		for _, s := range spellings {
			n++
			put(s(n), p, nil)
		}
	}
	return lines, planted
}

// TestNoLabelHoldsAnybody counts before anything is scrubbed, with hostile
// values wherever a label comes from, and searches all that is exported.
func TestNoLabelHoldsAnybody(t *testing.T) {
	hostile, planted := plantLabels()
	everywhere, more := plant()
	lines := slices.Concat(hostile, everywhere)
	planted = append(planted, more...)
	file := filepath.Join(t.TempDir(), "hostile.ndjson")
	require.NoError(t, os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600))
	sink := newOTLPSink(t)
	r := newRun(t, file)
	r.overlays = []string{"e2e/testdata/unscrubbed_counts.yaml", "e2e/testdata/otlp_reader.yaml"}
	r.env = append(r.env, "SINK_URL="+sink.url)
	r.start(t)
	own := r.read(t, len(lines))
	counted := colproc.Sum(own, "auth_events_total") // the processor's
	require.NotZero(t, counted)
	counts, err := colproc.Await(t.Context(), r.MetricsURL, e2etest.Patience, func(s []colproc.Sample) bool {
		return colproc.Sum(s, "auth_events_total") >= counted
	})
	require.NoError(t, err, r.Log())
	texts := map[string]string{"prometheus": get(t, r.MetricsURL), "own metrics": get(t, r.TelemetryURL)}
	r.stop(t)
	texts["file"], texts["OTLP"] = e2etest.ReadFile(t, filepath.Join(r.out, "metrics.jsonl")), sink.metricsText()

	// Nothing is lost: what no label may hold is counted as _OTHER.
	assert.GreaterOrEqual(t, colproc.Sum(counts, "auth_pkce_failures_total", "auth_client_id", "_OTHER"), float64(len(spellings)))
	assert.Equal(t, counted, colproc.Sum(counts, "auth_events_total"), "both faces count the same")
	found := search(texts, planted)
	for _, c := range planted {
		if where, ok := found[c.value]; ok {
			t.Errorf("the %s of place %q is found in %s: %s", c.kind, c.place, where, c.value)
		}
	}
	// The search sees labels: a value that may stand there is found.
	harmless := canary{kind: "client", value: "expired", needles: []string{"expired"}}
	for name, text := range texts {
		assert.NotEmpty(t, search(map[string]string{name: text}, []canary{harmless}), "%s has no labels: %s", name, fmt.Sprintf("%.200s", text))
	}
}
