package authevents

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/xconfmap"

	"github.com/authevents/otelcol-auth/internal/ingest"
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

func TestConfigFull(t *testing.T) {
	cfg, err := load(t, `
file:
  include: [a, "b/**/*.log"]
  exclude: [c]
  start_at: end
  poll_interval: 1s
  max_concurrent_files: 2
  order_by: name
  compression: none
stdin:
  on_eof: keep_running
source: hera
body: map
unparsed: drop
max_line_size: 2048
environment: staging
domain: ciam
storage: file_storage/auth
retry:
  initial_interval: 2s
  max_interval: 3s
`)
	require.NoError(t, err)
	assert.Equal(t, &FileConfig{
		Include: []string{"a", "b/**/*.log"}, Exclude: []string{"c"}, StartAt: "end",
		PollInterval: time.Second, MaxConcurrentFiles: 2, OrderBy: "name", Compression: "none",
	}, cfg.File.Get())
	assert.Equal(t, &StdinConfig{OnEOF: "keep_running"}, cfg.Stdin.Get())
	assert.Equal(t, "hera", cfg.Lines.Source)
	assert.Equal(t, "map", cfg.Lines.Body)
	assert.Equal(t, "drop", cfg.Lines.Unparsed)
	assert.Equal(t, 2048, cfg.Lines.MaxLineSize)
	assert.Equal(t, "staging", cfg.Lines.Environment)
	assert.Equal(t, "ciam", cfg.Lines.Domain)
	id := component.MustNewIDWithName("file_storage", "auth")
	assert.Equal(t, &id, cfg.Storage)
	assert.Equal(t, ingest.RetryConfig{InitialInterval: 2 * time.Second, MaxInterval: 3 * time.Second}, cfg.Retry)
}

func TestConfigInputs(t *testing.T) {
	for name, test := range map[string]struct {
		text        string
		file, stdin bool
		stops       bool
	}{
		"file":                {"file: {include: [a]}", true, false, false},
		"stdin without a map": {"stdin:", false, true, true},
		"stdin":               {"stdin: {}", false, true, true},
		"stdin that stays":    {"stdin: {on_eof: keep_running}", false, true, false},
		"both":                {"{file: {include: [a]}, stdin: {on_eof: stop}}", true, true, false},
		"requests":            {"http:", false, false, false},
		"stdin and requests":  {"{stdin: {on_eof: stop}, http: {}}", false, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, err := load(t, test.text)
			require.NoError(t, err)
			c, err := compile(cfg, "")
			require.NoError(t, err)
			assert.Equal(t, test.file, c.files != nil)
			assert.Equal(t, test.stdin, c.stdin)
			assert.Equal(t, test.stops, c.stopAtEOF)
		})
	}
}

func TestConfigInvalid(t *testing.T) {
	for _, test := range []struct{ text, message string }{
		{"{}", "no input: set file, stdin or http"},
		{"source: hera", "no input: set file, stdin or http"},
		{"{stdin: {}, source: nobody}", `source: unknown source "nobody": use auto or auth0, authelia`},
		{"{stdin: {}, body: xml}", `body: unknown form "xml": use text, map or event_name`},
		{"{stdin: {}, unparsed: maybe}", `unparsed: unknown value "maybe": use keep or drop`},
		{"{stdin: {}, max_line_size: 1023}", "max_line_size: must be at least 1024 bytes (got 1023)"},
		{"{stdin: {}, max_line_size: 9223372036854775807}", "max_line_size: must be at most 1073741824 bytes (got 9223372036854775807)"},
		{"{stdin: {}, retry: {initial_interval: 0s}}", "retry.initial_interval: must be a positive duration (got 0s)"},
		{"{stdin: {}, retry: {max_interval: 1ms}}", "retry.max_interval: must be at least retry.initial_interval, 500ms (got 1ms)"},
		{"{stdin: {on_eof: panic}}", `stdin.on_eof: unknown value "panic": use stop or keep_running`},
		{"{stdin: {}, storage: file_storage}", "storage: keeps positions in files, and file is not set: set file, or remove storage"},
		{"file: {}", "file.include: is empty: list the files to read, as paths or globs"},
		{"file: {include: ['[a']}", `file.include: "[a" is no valid glob: check its brackets`},
		{"file: {include: [a], exclude: ['{b']}", `file.exclude: "{b" is no valid glob: check its brackets`},
		{"file: {include: [a], start_at: middle}", `file.start_at: unknown value "middle": use beginning or end`},
		{"{stdin: {}, retry: {initial_interval: 1, max_interval: 30}}", "retry.initial_interval: must be at least 1ms (got 1ns): write the unit, such as 1s"},
		{"file: {include: [a], poll_interval: 5}", "file.poll_interval: must be at least 1ms (got 5ns): write the unit, such as 5s"},
		{"file: {include: [a], poll_interval: -1s}", "file.poll_interval: must be a positive duration (got -1s)"},
		{"file: {include: [a], max_concurrent_files: 0}", "file.max_concurrent_files: must be at least 1 (got 0)"},
		{"file: {include: [a], compression: zip}", `file.compression: unknown value "zip": use auto or none`},
		{"{stdin: {}, sorce: hera}", "has invalid keys: sorce"},
		{"file: {includes: [a]}", "has invalid keys: includes"},
	} {
		t.Run(test.text, func(t *testing.T) {
			_, err := load(t, test.text)
			assert.ErrorContains(t, err, test.message)
		})
	}
}

func TestConfigAllProblemsAtOnce(t *testing.T) {
	_, err := load(t, "{source: nobody, unparsed: maybe, file: {start_at: middle}}")
	require.Error(t, err)
	for _, key := range []string{"source:", "unparsed:", "file.include:", "file.start_at:"} {
		assert.ErrorContains(t, err, key)
	}
}
