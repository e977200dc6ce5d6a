//go:build unix

package dashboards

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/authevents/otelcol-auth/internal/e2etest"
)

const (
	rulesFile = "alerts/otelcol-auth.rules.yaml"
	runbook   = "https://github.com/authevents/otelcol-auth/blob/main/docs/operations.md#"
)

type rule struct {
	Alert       string
	Expr        string
	For         string
	Labels      map[string]string
	Annotations map[string]string
}

func rules(t *testing.T) []rule {
	t.Helper()
	var file struct {
		Groups []struct {
			Name  string
			Rules []rule
		}
	}
	require.NoError(t, yaml.Unmarshal([]byte(e2etest.ReadFile(t, filepath.Join(e2etest.Root(t), rulesFile))), &file))
	var list []rule
	for _, g := range file.Groups {
		list = append(list, g.Rules...)
	}
	require.Greater(t, len(list), 20)
	return list
}

func promtool(t *testing.T, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), e2etest.Tool(t, "promtool"), args...)
	cmd.Dir = e2etest.Root(t)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
}

func testFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(e2etest.Root(t), "alerts", "tests", "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	return files
}

func TestRules(t *testing.T) {
	t.Parallel()
	promtool(t, "check", "rules", rulesFile)
	promtool(t, append([]string{"test", "rules"}, testFiles(t)...)...)
}

// TestEveryAlertIsTested: with a case that fires and with a near miss.
func TestEveryAlertIsTested(t *testing.T) {
	t.Parallel()
	fires, misses := map[string]bool{}, map[string]bool{}
	for _, name := range testFiles(t) {
		var file struct {
			Tests []struct {
				InputSeries []any `yaml:"input_series"`
				Rules       []struct {
					Alertname string
					Expected  []any `yaml:"exp_alerts"`
				} `yaml:"alert_rule_test"`
			}
		}
		require.NoError(t, yaml.Unmarshal([]byte(e2etest.ReadFile(t, name)), &file))
		for _, test := range file.Tests {
			assert.NotEmpty(t, test.InputSeries)
			for _, r := range test.Rules {
				if len(r.Expected) > 0 {
					fires[r.Alertname] = true
				} else {
					misses[r.Alertname] = true
				}
			}
		}
	}
	for _, r := range rules(t) {
		assert.True(t, fires[r.Alert], "%s has no test in which it fires", r.Alert)
		assert.True(t, misses[r.Alert], "%s has no test in which it nearly fires", r.Alert)
	}
}

// TestAlertsSayWhatToDo: each has a severity, and a place in docs/operations.md.
func TestAlertsSayWhatToDo(t *testing.T) {
	t.Parallel()
	page := e2etest.ReadFile(t, filepath.Join(e2etest.Root(t), "docs", "operations.md"))
	anchors := map[string]bool{}
	for _, heading := range regexp.MustCompile(`(?m)^#+ (\w+)$`).FindAllStringSubmatch(page, -1) {
		anchors[strings.ToLower(heading[1])] = true
	}
	seen := map[string]bool{}
	for _, r := range rules(t) {
		assert.False(t, seen[r.Alert], "%s stands twice", r.Alert)
		seen[r.Alert] = true
		assert.Contains(t, []string{"page", "ticket"}, r.Labels["severity"], r.Alert)
		assert.NotEmpty(t, r.Annotations["summary"], r.Alert)
		assert.NotEmpty(t, r.Annotations["description"], r.Alert)
		anchor, ok := strings.CutPrefix(r.Annotations["runbook_url"], runbook)
		assert.True(t, ok && anchors[anchor], "%s: docs/operations.md has no heading for %q", r.Alert, r.Annotations["runbook_url"])
		assert.Equal(t, strings.ToLower(r.Alert), anchor)
	}
}

// provoked are the alerts that the events and faults of the scenario are for;
// those with a `for` would fire if it went on.
var provoked = []string{
	"BruteForceFailOpen", "SDKStartupFailed", "PlatformKeyWeak", "AuthEventsRefused", "AuthEventsDrift", "PIIScrubUnlisted",
	"EventMetricsOverflow", "EventMetricsFlush", "ExporterFailures", "ExporterQueueFull",
}

// quiet are those that no such scenario may set off.
var quiet = []string{"CollectorDown", "NoCollector", "CollectorRestarting", "AuthEventsLag", "PIIScrubResidual", "PIIScrubDefect", "EventMetricsSnapshot"}

// requireAlerts evaluates the rules against what a real collector serves.
func requireAlerts(t *testing.T, server *e2etest.Prometheus) {
	t.Helper()
	for _, r := range rules(t) {
		result, err := server.Query(r.Expr)
		require.NoError(t, err, r.Alert)
		switch {
		case slices.Contains(provoked, r.Alert):
			assert.NotEmpty(t, result, "%s: %s", r.Alert, r.Expr)
		case slices.Contains(quiet, r.Alert):
			assert.Empty(t, result, "%s: %s", r.Alert, r.Expr)
		}
	}
}
