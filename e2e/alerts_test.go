//go:build unix

package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// TestAlertsOfThePage: what docs/metrics.md says of yesterday holds for what was
// not there yesterday.
func TestAlertsOfThePage(t *testing.T) {
	for name, test := range map[string]struct {
		alert, input string
		fires        bool
	}{
		"codes to a new country":      {"Somebody has codes sent", `auth_otp_sends_total{auth_step="sent",geo_country_iso_code="XY"} _x1440 0+10x120`, true},
		"codes as yesterday":          {"Somebody has codes sent", `auth_otp_sends_total{auth_step="sent",geo_country_iso_code="XY"} 0+10x1600`, false},
		"few codes to a new country":  {"Somebody has codes sent", `auth_otp_sends_total{auth_step="sent",geo_country_iso_code="XY"} _x1440 0+1x120`, false},
		"failures of a new source":    {"Somebody tries passwords", `auth_login_attempts_total{auth_outcome="failure",auth_source="a"} _x1440 0+10x120`, true},
		"failures after none":         {"Somebody tries passwords", `auth_login_attempts_total{auth_outcome="failure",auth_source="a"} 0x1440 0+10x120`, true},
		"failures as yesterday":       {"Somebody tries passwords", `auth_login_attempts_total{auth_outcome="failure",auth_source="a"} 0+10x1600`, false},
		"failures of a quiet source":  {"Somebody tries passwords", `auth_login_attempts_total{auth_outcome="failure",auth_source="a"} 0x1440 0+1x120`, false},
		"five times as many failures": {"Somebody tries passwords", `auth_login_attempts_total{auth_outcome="failure",auth_source="a"} 0+2x1440 2880+10x120`, true},
	} {
		t.Run(name, func(t *testing.T) {
			promtoolTest(t, alertOfThePage(t, test.alert), test.input, test.fires)
		})
	}
}

// alertOfThePage returns the query below the comment that begins so.
func alertOfThePage(t *testing.T, comment string) string {
	t.Helper()
	block := regexp.MustCompile("```promql\n# " + regexp.QuoteMeta(comment) + "[^\n]*\n([^`]*)```")
	found := block.FindStringSubmatch(e2etest.ReadFile(t, filepath.Join(root, "docs", "metrics.md")))
	require.NotNil(t, found, comment)
	return found[1]
}

var seriesAndValues = regexp.MustCompile(`^(\S+) (.*)$`)

// promtoolTest has promtool evaluate an alert after 25 hours of one series, by
// the minute.
func promtoolTest(t *testing.T, query, input string, fires bool) {
	t.Helper()
	series := seriesAndValues.FindStringSubmatch(input)
	require.NotNil(t, series)
	alerts := []any{}
	if fires {
		labels := map[string]string{}
		for _, label := range regexp.MustCompile(`(geo_country_iso_code|auth_source)="(\w+)"`).FindAllStringSubmatch(series[1], -1) {
			labels[label[1]] = label[2]
		}
		alerts = append(alerts, map[string]any{"exp_labels": labels})
	}
	dir := t.TempDir()
	write := func(name string, content map[string]any) string {
		b, err := json.Marshal(content) // JSON is YAML
		require.NoError(t, err)
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, b, 0o600))
		return path
	}
	rules := write("rules.yml", map[string]any{"groups": []any{map[string]any{
		"name": "page", "rules": []any{map[string]any{"alert": "a", "expr": query}},
	}}})
	test := write("test.yml", map[string]any{
		"rule_files": []any{rules}, "evaluation_interval": "1m",
		"tests": []any{map[string]any{
			"interval":        "1m",
			"input_series":    []any{map[string]any{"series": series[1], "values": series[2]}},
			"alert_rule_test": []any{map[string]any{"eval_time": "25h", "alertname": "a", "exp_alerts": alerts}},
		}},
	})
	out, err := exec.CommandContext(t.Context(), e2etest.Tool(t, "promtool"), "test", "rules", test).CombinedOutput()
	assert.NoError(t, err, "%s", out)
}
