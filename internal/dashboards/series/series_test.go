package series

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLoad(t *testing.T) {
	names, err := Load(t.Context(), "../../..")
	require.NoError(t, err)
	for metric, want := range map[string]string{
		"auth.login.attempts":                      "auth_login_attempts_total",
		"auth.login.duration":                      "auth_login_duration_seconds",
		"auth.users.unique":                        "auth_users_unique",
		"otelcol_auth_events_lag":                  "otelcol_auth_events_lag_seconds",
		"otelcol_auth_events_unread":               "otelcol_auth_events_unread_bytes",
		"otelcol_process_uptime":                   "otelcol_process_uptime_seconds_total",
		"otelcol_exporter_queue_size":              "otelcol_exporter_queue_size",
		"otelcol_exporter_send_failed_log_records": "otelcol_exporter_send_failed_log_records_total",
	} {
		s, err := names.Find(metric)
		require.NoError(t, err)
		assert.Equal(t, want, s.Name)
	}
	_, err = names.Find("auth.logins")
	assert.EqualError(t, err, `no metric "auth.logins": neither the catalogue nor a metadata.yaml has it`)

	records := names["otelcol_event_metrics_records"]
	kind, ok := records.Label("otelcol.component.kind")
	require.True(t, ok)
	assert.Subset(t, kind.Values, []string{"connector", "processor"}, "of both faces")
	dropped := names["otelcol_pii_scrub_dropped"]
	reason, ok := dropped.Label("reason")
	require.True(t, ok, "name_override")
	assert.Equal(t, []string{"panic", "residue"}, reason.Values)
	unique := names["auth.users.unique"]
	window, ok := unique.Label("auth.window")
	require.True(t, ok)
	assert.Equal(t, []string{"1h", "24h"}, window.Values)
}

func TestNoProject(t *testing.T) {
	_, err := Load(t.Context(), t.TempDir())
	assert.ErrorContains(t, err, "run make build")
}
