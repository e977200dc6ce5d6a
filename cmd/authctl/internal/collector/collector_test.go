package collector

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
)

const root = "../../../.."

// setenv gives the shipped configurations what they ask for.
func setenv(t *testing.T) {
	t.Helper()
	for name, value := range map[string]string{
		"PIISCRUB_KEY": strings.Repeat("k", 32), "PIISCRUB_KEY_AUDIT": strings.Repeat("a", 32), "PIISCRUB_KEY_ANALYTICS": strings.Repeat("b", 32),
		"OTLP_ENDPOINT": "http://127.0.0.1:4318", "KAFKA_BROKERS": "127.0.0.1:9092", "AUTHEVENTS_INCLUDE": "/var/log/idp/*.log",
	} {
		t.Setenv(name, value)
	}
}

func sample(t *testing.T) [][]byte {
	t.Helper()
	file, err := os.Open(filepath.Join(root, "testdata", "sample", "hera.ndjson"))
	require.NoError(t, err)
	defer func() { assert.NoError(t, file.Close()) }()
	var lines [][]byte
	for s := bufio.NewScanner(file); s.Scan() && len(lines) < 50; {
		if len(s.Bytes()) > 0 { // a blank line is no record
			lines = append(lines, slices.Clone(s.Bytes()))
		}
	}
	require.Len(t, lines, 50)
	return lines
}

// TestShippedConfigs: every shipped configuration that reads lines shows what
// leaves its pipelines.
func TestShippedConfigs(t *testing.T) {
	setenv(t)
	files, err := filepath.Glob(filepath.Join(root, "configs", "*.yaml"))
	require.NoError(t, err)
	ran := 0
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			cfg, err := Load(t.Context(), file)
			require.NoError(t, err)
			for _, p := range cfg.Pipelines {
				sources, err := cfg.Sources(p)
				require.NoError(t, err)
				chain, err := cfg.Chain(t.Context(), p)
				require.NoError(t, err)
				for _, s := range sources {
					for _, line := range sample(t) {
						ld, err := s.Decode(line)
						require.NoError(t, err)
						require.Equal(t, 1, ld.LogRecordCount())
						stages, err := chain.Run(t.Context(), ld)
						require.NoError(t, err)
						assert.Len(t, stages, len(p.Processors))
						ran++
					}
				}
				require.NoError(t, chain.Stop(t.Context()))
			}
		})
	}
	assert.Greater(t, ran, 500)
}

// TestConsume: what leaves is what Run says, and nothing is copied on the way.
func TestConsume(t *testing.T) {
	setenv(t)
	t.Setenv("LOKI_MAX_AGE_MINUTES", "100000000")
	cfg, err := Load(t.Context(), filepath.Join(root, "configs", "loki.yaml"))
	require.NoError(t, err)
	p := cfg.Pipelines[0]
	p.Processors = slices.DeleteFunc(slices.Clone(p.Processors), func(id component.ID) bool { return id.Name() == "too_new" }) // by the clock
	sources, err := cfg.Sources(p)
	require.NoError(t, err)
	chain, err := cfg.Chain(t.Context(), p)
	require.NoError(t, err)
	defer func() { require.NoError(t, chain.Stop(t.Context())) }()
	assert.True(t, chain.Mutates())
	assert.False(t, chain.Passes())
	for _, line := range sample(t) {
		ld, err := sources[0].Decode(line)
		require.NoError(t, err)
		came := copied(ld)
		stages, err := chain.Run(t.Context(), ld)
		require.NoError(t, err)
		require.Equal(t, came, ld, "Run leaves it as it is")
		got, err := chain.Consume(t.Context(), ld)
		require.NoError(t, err)
		require.Equal(t, stages[len(stages)-1].Logs, got)
		require.Equal(t, ld, got, "it was worked on in place")
		require.NotEqual(t, came, got)
	}
}

// TestMutates: pipelines whose processors read along need no records of their own.
func TestMutates(t *testing.T) {
	cfg, err := Load(t.Context(), "yaml:"+`
processors: {batch: {}, event_metrics: {}, pii_scrub: {mode: audit, keys: [{id: k1, secret: "11111111111111111111111111111111"}]}}
service: {pipelines: {logs/a: {processors: [batch]}, logs/b: {processors: [batch, event_metrics, pii_scrub]}}}`)
	require.NoError(t, err)
	for i, passes := range []bool{true, false} {
		chain, err := cfg.Chain(t.Context(), cfg.Pipelines[i])
		require.NoError(t, err)
		assert.Equal(t, passes, chain.Passes())
		assert.False(t, chain.Mutates())
		require.NoError(t, chain.Stop(t.Context()))
	}
}

// TestErrorsNameFiles: YAML's own says a line, and not of which file. What is given in
// the place of a file may have a secret in it.
func TestErrorsNameFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.yaml")
	require.NoError(t, os.WriteFile(path, []byte("a: ["), 0o600))
	_, err := Load(t.Context(), "yaml:processors: {}", path)
	require.ErrorContains(t, err, path+": ")
	_, err = Load(t.Context(), "yaml:processors: {pii_scrub: {keys: [{id: k1, secret: s3cr3t}]}}")
	require.ErrorContains(t, err, "no pipeline of logs")
	assert.NotContains(t, err.Error(), "s3cr3t")
}

// TestVariablesStayAsWritten: a text that looks like a number is the collector's as it
// is in the environment.
func TestVariablesStayAsWritten(t *testing.T) {
	t.Setenv("DIGITS", strings.Repeat("0123", 10))
	cfg, err := Load(t.Context(), "yaml:"+`
processors:
  pii_scrub: {context: "${env:DIGITS}", keys: [{id: k1, secret: "${env:DIGITS}"}]}
  event_sampler: {seed: "${env:DIGITS}"}
service: {pipelines: {logs: {processors: [pii_scrub, event_sampler]}}}`)
	require.NoError(t, err)
	scrubber, err := cfg.Scrubber(component.MustNewID("pii_scrub"))
	require.NoError(t, err)
	assert.Equal(t, os.Getenv("DIGITS"), scrubber.Context)
	assert.Equal(t, os.Getenv("DIGITS"), string(scrubber.Keys[0].Secret))
	chain, err := cfg.Chain(t.Context(), cfg.Pipelines[0])
	require.NoError(t, err)
	require.NoError(t, chain.Stop(t.Context()))
}

func TestErrors(t *testing.T) {
	for name, tc := range map[string]struct{ config, want string }{
		"no pipeline":     {"service: {pipelines: {metrics: {}}}", "has no pipeline of logs"},
		"not there":       {"service: {pipelines: {logs: {receivers: [auth_events]}}}", "receivers::auth_events: a pipeline names it, and it is not configured"},
		"unknown key":     {"receivers: {auth_events: {stdin: {}, sauce: x}}\nservice: {pipelines: {logs: {receivers: [auth_events]}}}", "the keys here are"},
		"invalid":         {"receivers: {auth_events: {}}\nservice: {pipelines: {logs: {receivers: [auth_events]}}}", "no input: set file, stdin or http"},
		"stock processor": {"processors: {tail_sampling: {}}\nservice: {pipelines: {logs: {processors: [tail_sampling]}}}", "authctl has no processor of this type"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, err := Load(t.Context(), "yaml:"+tc.config)
			if err == nil {
				_, err = cfg.Sources(cfg.Pipelines[0])
			}
			if err == nil {
				_, err = cfg.Chain(t.Context(), cfg.Pipelines[0])
			}
			assert.ErrorContains(t, err, tc.want)
		})
	}
}

// TestEncodingOfKafka: what a message is, the encoding says.
func TestEncodingOfKafka(t *testing.T) {
	cfg, err := Load(t.Context(), "yaml:"+`
extensions: {auth_events_encoding/a: {source: login_gov}}
receivers: {kafka/x: {logs: {encoding: auth_events_encoding/a}}, kafka/y: {logs: {encoding: raw}}}
service: {pipelines: {logs: {receivers: [kafka/x, kafka/y]}}}`)
	require.NoError(t, err)
	sources, err := cfg.Sources(cfg.Pipelines[0])
	require.NoError(t, err)
	require.Len(t, sources, 1)
	assert.Equal(t, component.MustNewIDWithName("kafka", "x"), sources[0].ID)
	assert.Equal(t, "login_gov", sources[0].Lines.Source)
}
