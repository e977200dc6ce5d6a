package authevents

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/xconfmap"
	"go.opentelemetry.io/collector/consumer/consumertest"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// TestProfilesPage runs the line of docs/profiles.md through the profile there.
func TestProfilesPage(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "profiles.md"))
	require.NoError(t, err)
	line := regexp.MustCompile("(?s)```json\n(.*?)```").FindSubmatch(page)
	example := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindSubmatch(page)
	require.NotNil(t, line)
	require.NotNil(t, example)

	retrieved, err := confmap.NewRetrievedFromYAML(example[1])
	require.NoError(t, err)
	conf, err := retrieved.AsConf()
	require.NoError(t, err)
	conf, err = conf.Sub("receivers::auth_events")
	require.NoError(t, err)
	cfg := createDefaultConfig().(*Config)
	require.NoError(t, conf.Unmarshal(cfg))
	path := filepath.Join(t.TempDir(), "acme.log")
	write(t, path, string(line[1]))
	cfg.File.Get().Include = []string{path}
	require.NoError(t, xconfmap.Validate(cfg))

	var s consumertest.LogsSink
	r := newRunning(t, cfg, &s)
	r.start(t, componenttest.NewNopHost())
	require.Eventually(t, func() bool { return s.LogRecordCount() == 1 }, patience, 2*time.Millisecond)
	rl := s.AllLogs()[0].ResourceLogs().At(0)
	lr := rl.ScopeLogs().At(0).LogRecords().At(0)
	assert.Equal(t, "signin", lr.EventName())
	assert.Equal(t, "2026-05-20T08:00:00Z", lr.Timestamp().AsTime().Format("2006-01-02T15:04:05Z07:00"))
	got := lr.Attributes().AsRaw()
	for name, want := range map[string]any{
		attr.Source: "acme", attr.Category: "login", attr.Outcome: "failure", attr.ErrorType: "bad_password",
		attr.UserID: "u-81", attr.UserEmail: "jo@example.com", attr.ClientAddress: "203.0.113.9",
	} {
		assert.Equal(t, want, got[name], name)
	}
	assert.Equal(t, map[string]any{"service.name": "acme"}, rl.Resource().Attributes().AsRaw())
}

func TestProfileErrors(t *testing.T) {
	for text, want := range map[string]string{
		"{stdin: {}, profiles: {acme: {}}}": "profiles.acme",
		"{stdin: {}, profiles: {acme: {match: [{/a: {type: text}}], event_name: [/a], attributes: [{name: user.idd, from: [/b]}]}}}": "profiles.acme.attributes[0].name",
		"{stdin: {}, profiles: {acme: {match: [{/a: {typ: text}}], event_name: [/a]}}}":                                              "typ",
	} {
		_, err := load(t, text)
		assert.ErrorContains(t, err, want)
	}
}
