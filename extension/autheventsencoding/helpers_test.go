package autheventsencoding

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/xconfmap"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
)

const (
	testKey = "0123456789abcdef0123456789abcdef"

	hera     = `{"type":"audit","event":"mfa_challenge_failed","method":"totp","domain":"ciam","ts":"2026-05-20T10:00:00.000Z"}`
	loginGov = `{"name":"Email and Password Authentication","properties":{"event_properties":{"success":true},"user_id":"4b1a2b2e-8e2d-4f52-9a51-0d1b6a6f7c11","user_ip":"203.0.113.10"},"time":"2026-08-21T20:38:54.123Z","id":"a3c0f7de-0a54-4c1e-9a0c-000000000001","visitor_id":"v","visit_id":"s"}`
)

// load reads YAML as the collector does.
func load(t *testing.T, text string) (*Config, error) {
	t.Helper()
	retrieved, err := confmap.NewRetrievedFromYAML([]byte(text))
	require.NoError(t, err)
	conf, err := retrieved.AsConf()
	require.NoError(t, err)
	cfg := createDefaultConfig().(*Config)
	if err := conf.Unmarshal(cfg); err != nil {
		return nil, err
	}
	return cfg, xconfmap.Validate(cfg)
}

// newTest makes the extension of a config in YAML, as a receiver finds it.
func newTest(t testing.TB, cfg *Config) plog.Unmarshaler {
	t.Helper()
	e, err := NewFactory().Create(t.Context(), extensiontest.NewNopSettings(typ), cfg)
	require.NoError(t, err)
	require.NoError(t, e.Start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() { require.NoError(t, e.Shutdown(t.Context())) })
	unmarshaler, ok := e.(plog.Unmarshaler)
	require.True(t, ok, "what the kafka receiver asks an extension for")
	return unmarshaler
}

func defaultConfig() *Config { return createDefaultConfig().(*Config) }

// records are those of a payload, in their order within each scope.
func records(t testing.TB, u plog.Unmarshaler, payload string) []plog.LogRecord {
	t.Helper()
	logs, err := u.UnmarshalLogs([]byte(payload))
	require.NoError(t, err)
	var list []plog.LogRecord
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				list = append(list, lr)
			}
		}
	}
	return list
}

// text is an attribute of a record, "" where it is absent.
func text(lr plog.LogRecord, name string) string {
	v, _ := lr.Attributes().Get(name)
	return v.Str()
}

func uids(list []plog.LogRecord) []string {
	var all []string
	for _, lr := range list {
		all = append(all, text(lr, attr.LogRecordUID))
	}
	return all
}
