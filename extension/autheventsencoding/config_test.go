package autheventsencoding

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/ingest"
)

func TestConfigFull(t *testing.T) {
	cfg, err := load(t, `
source: hera
profiles:
  mine: {match: [{/mine: {type: text}}], event_name: [/mine]}
wrapper: none
body: map
unparsed: drop
max_line_size: 2048
environment: staging
domain: ciam
uid_key: `+testKey)
	require.NoError(t, err)
	assert.Equal(t, ingest.Config{
		Source: "hera", Wrapper: "none", Body: "map", Unparsed: "drop", MaxLineSize: 2048, Environment: "staging", Domain: "ciam",
		Profiles: map[string]any{"mine": map[string]any{
			"match": []any{map[string]any{"/mine": map[string]any{"type": "text"}}}, "event_name": []any{"/mine"},
		}},
	}, cfg.Lines)
	assert.Equal(t, testKey, string(cfg.UIDKey))
	assert.NotContains(t, fmt.Sprint(cfg), testKey)
}

func TestConfigInvalid(t *testing.T) {
	for _, test := range []struct{ text, message string }{
		{"source: nobody", `source: unknown source "nobody": use auto or auth0, authelia, `},
		{"body: xml", `body: unknown form "xml": use text, map or event_name`},
		{"unparsed: maybe", `unparsed: unknown value "maybe": use keep or drop`},
		{"max_line_size: 1023", "max_line_size: must be at least 1024 bytes (got 1023)"},
		{"uid_key: short", "uid_key: must have at least 32 bytes (got 5): make one with openssl rand -hex 32"},
		{"uidkey: x", "has invalid keys: uidkey"},
		{"uidkey: x", "the keys here are: body, domain, environment, max_line_size, profiles, source, uid_key, unparsed, wrapper"},
	} {
		t.Run(test.text, func(t *testing.T) {
			_, err := load(t, test.text)
			assert.ErrorContains(t, err, test.message)
			assert.NotContains(t, err.Error(), "short")
		})
	}
}

func TestConfigAllProblemsAtOnce(t *testing.T) {
	_, err := load(t, "{source: nobody, unparsed: maybe, uid_key: abc}")
	require.Error(t, err)
	for _, key := range []string{"source:", "unparsed:", "uid_key:"} {
		assert.ErrorContains(t, err, key)
	}
}
