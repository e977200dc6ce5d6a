package piiscrub

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.yaml.in/yaml/v3"

	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub"
)

const (
	goodSecret  = "0123456789abcdef0123456789abcdef"
	otherSecret = "fedcba9876543210fedcba9876543210"
	goodKeys    = "keys: [{id: k1, secret: " + goodSecret + "}]\n"
)

// load reads a config as the collector does.
func load(t *testing.T, text string) (*Config, error) {
	t.Helper()
	var raw map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(text), &raw))
	cfg := createDefaultConfig().(*Config)
	if err := confmap.NewFromStringMap(raw).Unmarshal(cfg); err != nil {
		return nil, err
	}
	return cfg, confmap.Validate(cfg)
}

// policyOf is the policy that a config comes to.
func policyOf(t *testing.T, text string) scrub.Policy {
	t.Helper()
	cfg, err := load(t, text)
	require.NoError(t, err)
	policy, err := cfg.compile()
	require.NoError(t, err)
	return policy
}

// TestEveryKey reads a config that has each key there is.
func TestEveryKey(t *testing.T) {
	bits := func(n int) *int { return &n }
	text, err := os.ReadFile("testdata/every_key.yaml")
	require.NoError(t, err)
	cfg, err := load(t, string(text))
	require.NoError(t, err)
	assert.Equal(t, &Config{
		Preset: "strict",
		Actions: ActionsConfig{
			Identity: "redact", Email: EmailConfig{"keep_domain", "provider"}, IP: IPConfig{"truncate", "private"},
			Phone: "drop", Secret: "drop", Name: "redact", QuasiIdentifier: "redact", VendorID: "redact",
			UserAgent: "drop", Version: "drop", URL: "drop", Path: "drop", Text: "redact", EmailDomain: "drop", TraceID: "keep",
		},
		IPv4Bits: 16, IPv6Bits: 32, Unlisted: "scan", Unparsed: "scan", OnError: "redact", Mode: "audit", Verify: 0.5,
		Annotate: true, DecodeTokens: true,
		Fields: []FieldConfig{{"/device/*/serial", "identity", "hera"}, {"enduser.*", "identity", ""}},
		Rules: []RuleConfig{{
			EventName: "mfa_*", Source: "hera", Attributes: map[string]any{"auth.category": "admin", "auth.first_login": true, "auth.aal": 2},
			Actions:  ActionsConfig{Identity: "keep", Email: EmailConfig{Action: "drop"}, IP: IPConfig{"drop", "class"}},
			IPv4Bits: bits(8), IPv6Bits: bits(16), Unlisted: "drop", AllowFields: []string{"/type", "auth.source"},
		}},
		Keys: []KeyConfig{
			{ID: "k2", Secret: goodSecret, DestroyAfter: "2999-01-31T00:00:00Z"},
			{ID: "k1", SecretFile: "/run/secrets/k1", Until: "2999-01-31", DestroyAfter: "2999-02-28T06:00:00+01:00"},
		},
		Context: "analytics", Shape: "preserve", EmitPrevious: true, TrustedUpstream: true, KeepPIIFields: true,
	}, cfg)

	policy, err := cfg.compile()
	require.NoError(t, err)
	actions := policy.Actions
	assert.Equal(t, scrub.Redact, actions[pii.Identity])
	assert.Equal(t, scrub.KeepDomain, actions[pii.Email])
	assert.Equal(t, scrub.Provider, policy.EmailDomains)
	assert.Equal(t, scrub.Truncate, actions[pii.IP])
	assert.Equal(t, scrub.KeepPrivate, policy.IPKeep)
	assert.Equal(t, scrub.ScanUnlisted, policy.Unlisted)
	assert.Equal(t, []int{16, 32}, []int{policy.IPv4Bits, policy.IPv6Bits})
	assert.Equal(t, scrub.ScanUnparsed, policy.Unparsed)
	assert.Equal(t, scrub.RedactRecord, policy.OnError)
	assert.True(t, policy.Audit && policy.Annotate && policy.DecodeTokens && policy.KeepPIIFields)
	assert.True(t, policy.PreserveShape && policy.EmitPrevious && policy.TrustedUpstream)
	assert.Equal(t, []scrub.Field{{Path: "/device/*/serial", Kind: pii.Identity, Source: "hera"}, {Path: "enduser.*", Kind: pii.Identity}}, policy.Fields)
	require.Len(t, policy.Rules, 1)
	rule := policy.Rules[0]
	assert.Equal(t, map[string]string{"auth.category": "admin", "auth.first_login": "true", "auth.aal": "2"}, rule.Attributes)
	assert.Equal(t, []scrub.Action{scrub.Keep, scrub.Drop, scrub.Drop, scrub.Drop},
		[]scrub.Action{rule.Treatment.Actions[pii.Identity], rule.Treatment.Actions[pii.Email], rule.Treatment.Actions[pii.IP], rule.Treatment.Actions[pii.Path]},
		"path is as at top level")
	assert.Equal(t, scrub.KeepClass, rule.Treatment.IPKeep)
	assert.Equal(t, scrub.DropUnlisted, rule.Treatment.Unlisted)
	assert.Equal(t, []int{8, 16}, []int{rule.Treatment.IPv4Bits, rule.Treatment.IPv6Bits})
	assert.True(t, time.Date(2999, 1, 31, 0, 0, 0, 0, time.UTC).Equal(policy.Keys[1].Until), "a date is its first moment")
	assert.True(t, time.Date(2999, 1, 31, 0, 0, 0, 0, time.UTC).Equal(policy.Keys[0].DestroyAfter), "also one that YAML reads as a time")
	assert.True(t, time.Date(2999, 2, 28, 5, 0, 0, 0, time.UTC).Equal(policy.Keys[1].DestroyAfter))
}

// TestEveryKeyIsTested keeps TestEveryKey up to its name.
func TestEveryKeyIsTested(t *testing.T) {
	text, err := os.ReadFile("testdata/every_key.yaml")
	require.NoError(t, err)
	var used map[string]any
	require.NoError(t, yaml.Unmarshal(text, &used))
	for _, key := range keysOf(reflect.TypeFor[Config]()) {
		assert.Contains(t, used, key)
	}
	var kinds []string
	for _, kind := range pii.Kinds() {
		if kind != pii.Public { // which is searched, and that is all
			kinds = append(kinds, kind.String())
		}
	}
	assert.Equal(t, kinds, keysOf(reflect.TypeFor[ActionsConfig]()), "each kind is a key")
	assert.Equal(t, kinds, actionKeys(), "and in effect")
}

func TestDefaultsAreTheDefaultPolicy(t *testing.T) {
	want := scrub.DefaultPolicy()
	got := policyOf(t, goodKeys)
	got.Keys = nil
	assert.Equal(t, want, got)
}

func TestPresets(t *testing.T) {
	for _, preset := range scrub.Presets() {
		got := policyOf(t, goodKeys+"preset: "+preset.Name)
		assert.Equal(t, preset.Actions, got.Actions, preset.Name)
		assert.Equal(t, preset.Unlisted, got.Unlisted, preset.Name)
	}
	got := policyOf(t, goodKeys+"preset: audit\nunlisted: drop\nip: truncate\n")
	assert.Equal(t, scrub.DropUnlisted, got.Unlisted)
	assert.Equal(t, scrub.Truncate, got.Actions[pii.IP])
	assert.Equal(t, scrub.Keep, got.Actions[pii.Email])
}

// TestRulesInherit: what a rule does not set is as at top level, also within
// the blocks of email and ip.
func TestRulesInherit(t *testing.T) {
	got := policyOf(t, goodKeys+`
preset: audit
email: {action: keep_domain, domain: registrable}
ip: {action: drop, keep: class}
ipv4_bits: 20
unlisted: drop
rules:
  - source: hera
  - {source: login_gov, email: drop, ip: {action: redact}}
  - {event_name: "*", email: {domain: provider}, ip: {keep: none}, unlisted: scan, ipv6_bits: 64}
`)
	top := got.Treatment
	assert.Equal(t, top, got.Rules[0].Treatment)

	want := top
	want.Actions[pii.Email], want.Actions[pii.IP] = scrub.Drop, scrub.Redact
	assert.Equal(t, want, got.Rules[1].Treatment)

	want = top
	want.EmailDomains, want.IPKeep, want.Unlisted, want.IPv6Bits = scrub.Provider, scrub.KeepNone, scrub.ScanUnlisted, 64
	assert.Equal(t, want, got.Rules[2].Treatment)
}

// TestSecretsAreNotShown: an operator may print a config, or an error about it.
func TestSecretsAreNotShown(t *testing.T) {
	cfg, err := load(t, goodKeys)
	require.NoError(t, err)
	conf := confmap.New()
	require.NoError(t, conf.Marshal(cfg))
	shown, err := yaml.Marshal(conf.ToStringMap())
	require.NoError(t, err)
	assert.Contains(t, string(shown), "k1")
	assert.NotContains(t, string(shown), goodSecret)

	for name, text := range map[string]string{
		"as the id":       "keys: [{id: " + goodSecret + ", secret: k1}]",
		"as a time":       "keys: [{id: k1, secret: k1, until: " + goodSecret + ", destroy_after: " + goodSecret + "}]",
		"in a list":       "keys: [{id: k1, secret: [" + goodSecret + "]}]",
		"in a map":        "keys: [{id: k1, secret: {value: " + goodSecret + "}}]",
		"of digits alone": "keys: [{id: k1, secret: 1234567890123456789012345678901234567890}]",
		"with no key":     "keys: [" + goodSecret + "]",
		"instead of keys": "keys: " + goodSecret,
	} {
		_, err := load(t, text)
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), goodSecret, name)
		assert.NotContains(t, err.Error(), "123456789", name)
	}
}

// TestMarshalledConfigReadsTheSame: what the collector prints as its config
// can be given to it again.
func TestMarshalledConfigReadsTheSame(t *testing.T) {
	for _, text := range []string{goodKeys, readFile(t, "testdata/every_key.yaml")} {
		cfg, err := load(t, text)
		require.NoError(t, err)
		conf := confmap.New()
		require.NoError(t, conf.Marshal(cfg))
		again := createDefaultConfig().(*Config)
		require.NoError(t, confmap.NewFromStringMap(conf.ToStringMap()).Unmarshal(again))
		for i := range cfg.Keys {
			if cfg.Keys[i].Secret != "" {
				cfg.Keys[i].Secret = "[REDACTED]"
			}
		}
		for _, c := range []*Config{cfg, again} { // nil or empty, which is the same
			if len(c.Fields) == 0 {
				c.Fields = nil
			}
			if len(c.Rules) == 0 {
				c.Rules = nil
			}
		}
		assert.Equal(t, cfg, again)
	}
}

// TestValidateReadsNoFile: a config is checked on machines that have no keys.
func TestValidateReadsNoFile(t *testing.T) {
	_, err := load(t, "keys: [{id: k1, secret_file: "+filepath.Join(t.TempDir(), "none")+"}, {id: k0, secret_file: /none}]")
	require.NoError(t, err)
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

// keysOf lists the YAML keys of a struct and of those squashed into it.
func keysOf(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("mapstructure"), ",")
		if options == "squash" {
			keys = append(keys, keysOf(t.Field(i).Type)...)
			continue
		}
		keys = append(keys, name)
	}
	return keys
}
