package autheventsblob

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
url: s3://bucket?region=us-west-2
prefix: logs/
include: ["**/*.gz"]
exclude: ["**/old/*"]
start: 2026-01-31T00:00:00Z
poll_interval: 2m
lookback: 48h
compression: gzip
max_object_size: 1000
max_compression_ratio: 100
max_concurrent_objects: 2
source: hera
wrapper: docker
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
	id := component.MustNewIDWithName("file_storage", "auth")
	assert.Equal(t, &Config{
		URL: "s3://bucket?region=us-west-2", Prefix: "logs/", Include: []string{"**/*.gz"}, Exclude: []string{"**/old/*"},
		Start: "2026-01-31T00:00:00Z", PollInterval: 2 * time.Minute, Lookback: 48 * time.Hour, Compression: "gzip",
		MaxObjectSize: 1000, MaxCompressionRatio: 100, MaxConcurrentObjects: 2,
		Lines: ingest.Config{
			Source: "hera", Wrapper: "docker", Body: "map", Unparsed: "drop", MaxLineSize: 2048, Environment: "staging", Domain: "ciam",
		},
		Storage: &id,
		Retry:   ingest.RetryConfig{InitialInterval: 2 * time.Second, MaxInterval: 3 * time.Second},
	}, cfg)
	c, err := compile(cfg, "")
	require.NoError(t, err)
	assert.Equal(t, bucketID("s3://bucket"), c.bucket)
	assert.Equal(t, time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC).UnixNano(), c.start.floor(time.Now()))
}

func TestConfigStart(t *testing.T) {
	midnight := time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC).UnixNano()
	now := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]int64{
		"beginning": 0, "now": now.UnixNano(),
		"2026-01-31": midnight, `"2026-01-31"`: midnight,
		"2026-01-31T00:00:00Z": midnight, `"2026-01-31T01:00:00+01:00"`: midnight, "2026-01-31T01:00:00+01:00": midnight,
	} {
		cfg, err := load(t, "{url: 's3://bucket', storage: file_storage, start: "+text+"}")
		require.NoError(t, err, text)
		c, err := compile(cfg, "")
		require.NoError(t, err, text)
		assert.Equal(t, want, c.start.floor(now), text)
	}
}

func TestConfigURLs(t *testing.T) {
	for _, url := range []string{
		"s3://bucket", "s3://bucket?endpoint=http://minio:9000&use_path_style=true", "gs://bucket", "azblob://container",
		"file:///var/log/idp", "file://./testdata",
	} {
		_, err := load(t, "{start: now, url: '"+url+"'}")
		assert.NoError(t, err, url)
	}
}

func TestConfigInvalid(t *testing.T) {
	const ok = "start: now, url: 's3://bucket'"
	for _, test := range []struct{ text, message string }{
		{"start: now", "url: is empty: set it to the bucket, such as s3://my-bucket?region=us-east-1"},
		{"start: now, url: bucket", `url: unknown scheme "": use s3, gs, azblob or file`},
		{"start: now, url: 'https://bucket.s3.amazonaws.com'", `url: unknown scheme "https": use s3, gs, azblob or file`},
		{"start: now, url: 's3:///'", "url: names no bucket: write it as s3://my-bucket, or file:///a/directory"},
		{"start: now, url: 'file://'", "url: names no bucket: write it as s3://my-bucket, or file:///a/directory"},
		{"start: now, url: 's3://bucket?prefix=a/'", `url: has the parameter "prefix": use the key prefix, beside url`},
		{"start: now, url: 's3://bucket/logs/2026'", "url: has a path behind the bucket's name: use the key prefix, beside url"},
		{"start: now, url: 's3://canary:canary@bucket'", "url: holds a user or a password: take them out, credentials come from the environment"},
		{"start: now, url: 's3://canary%zz'", "url: is no URL: write it as s3://my-bucket?region=us-east-1"},
		{"url: 's3://bucket'", "storage: is not set, so that each restart would read the bucket again: set it to an extension such as file_storage, or start to now"},
		{ok + ", include: ['[a']", `include: "[a" is no valid glob: check its brackets`},
		{ok + ", exclude: ['{b']", `exclude: "{b" is no valid glob: check its brackets`},
		{"storage: file_storage, url: 's3://bucket', start: yesterday", `start: unknown value "yesterday": use beginning, now, or a time such as 2026-01-31T00:00:00Z`},
		{ok + ", poll_interval: 0s", "poll_interval: must be a positive duration (got 0s)"},
		{ok + ", poll_interval: 60", "poll_interval: must be at least 1ms (got 60ns): write the unit, such as 60s"},
		{ok + ", lookback: 24", "lookback: must be at least 1ms (got 24ns): write the unit, such as 24s"},
		{ok + ", lookback: -1s", "lookback: must not be negative (got -1s)"},
		{ok + ", compression: zip", `compression: unknown value "zip": use auto, none, gzip or zstd`},
		{ok + ", max_object_size: 0", "max_object_size: must be at least 1 (got 0)"},
		{ok + ", max_compression_ratio: -1", "max_compression_ratio: must be at least 1 (got -1)"},
		{ok + ", max_concurrent_objects: 0", "max_concurrent_objects: must be at least 1 (got 0)"},
		{ok + ", source: nobody", `source: unknown source "nobody"`},
		{ok + ", retry: {initial_interval: 0s}", "retry.initial_interval: must be a positive duration (got 0s)"},
		{ok + ", poll_intervall: 1s", "has invalid keys: poll_intervall"},
	} {
		t.Run(test.text, func(t *testing.T) {
			_, err := load(t, "{"+test.text+"}")
			assert.ErrorContains(t, err, test.message)
			assert.NotContains(t, err.Error(), "canary")
		})
	}
}

func TestConfigAllProblemsAtOnce(t *testing.T) {
	_, err := load(t, "{source: nobody, start: soon, compression: zip, lookback: -1s}")
	require.Error(t, err)
	for _, key := range []string{"source:", "url:", "start:", "storage:", "compression:", "lookback:"} {
		assert.ErrorContains(t, err, key)
	}
}
