package piiscrub

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/xconfmap"
	"go.yaml.in/yaml/v3"
)

const goodSecret = "0123456789abcdef0123456789abcdef"

// load reads a config as the collector does.
func load(t *testing.T, text string) (*Config, error) {
	t.Helper()
	var raw map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(text), &raw))
	cfg := createDefaultConfig().(*Config)
	if err := confmap.NewFromStringMap(raw).Unmarshal(cfg); err != nil {
		return nil, err
	}
	return cfg, xconfmap.Validate(cfg)
}

func TestConfig(t *testing.T) {
	cfg, err := load(t, `
keys: [{id: k2, secret: `+goodSecret+`}, {id: k1, secret: `+goodSecret+`}]
context: analytics
identity: redact
email: drop
ip: pseudonym
ipv4_bits: 16
ipv6_bits: 32
keep_pii_fields: true
`)
	require.NoError(t, err)
	assert.Equal(t, &Config{
		Keys:    []KeyConfig{{"k2", goodSecret}, {"k1", goodSecret}},
		Context: "analytics", Identity: "redact", Email: "drop", IP: "pseudonym",
		IPv4Bits: 16, IPv6Bits: 32, KeepPIIFields: true,
	}, cfg)
}

func TestConfigRefuses(t *testing.T) {
	const key = "keys: [{id: k1, secret: " + goodSecret + "}]\n"
	for name, tt := range map[string]struct{ yaml, want string }{
		"no keys":      {`{}`, `keys: at least one key is needed: set keys: [{id: k1, secret: "${env:PIISCRUB_KEY}"}]`},
		"empty secret": {`keys: [{id: k1, secret: ""}]`, `keys[0].secret: must be at least 32 bytes (got 0): set the environment variable that it names, for example to the output of "openssl rand -base64 32"`},
		"short secret": {`keys: [{id: k1, secret: hunter2}]`, `keys[0].secret: must be at least 32 bytes (got 7): set the environment variable that it names, for example to the output of "openssl rand -base64 32"`},
		"no id":        {`keys: [{secret: ` + goodSecret + `}]`, `keys[0].id: must be 1 to 16 of a-z and 0-9 (got 0 bytes): name it k1, for example`},
		"same id":      {`keys: [{id: k1, secret: ` + goodSecret + `}, {id: k1, secret: ` + goodSecret + `}]`, `keys[1].id: must differ from keys[0].id: give each key an id of its own`},
		"identity":     {key + `identity: truncate`, `identity: must be keep, drop, redact or pseudonym (got "truncate")`},
		"email":        {key + `email: hash`, `email: must be keep, drop, redact, pseudonym or keep_domain (got "hash")`},
		"ip":           {key + `ip: ""`, `ip: must be keep, drop, redact, pseudonym, truncate or prefix_preserving (got "")`},
		"ipv4_bits":    {key + `ipv4_bits: 33`, `ipv4_bits: must be between 1 and 32 (got 33)`},
		"ipv6_bits":    {key + `ipv6_bits: 0`, `ipv6_bits: must be between 1 and 128 (got 0)`},
		"context":      {key + `context: ` + strings.Repeat("c", 129), `context: must be UTF-8 text of at most 128 bytes (got 129 bytes): name the destination, for example`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, tt.yaml)
			require.EqualError(t, err, tt.want)
			assert.NotContains(t, err.Error(), "hunter2")
		})
	}
	_, err := load(t, "keys: [{id: "+goodSecret+", secret: k1}]")
	require.ErrorContains(t, err, "keys[0].id: must be 1 to 16 of a-z and 0-9 (got 32 bytes)")
	assert.NotContains(t, err.Error(), goodSecret, "id and secret are mixed up")

	_, err = load(t, key+"emial: drop")
	require.ErrorContains(t, err, "emial", "a typo is no option")

	_, err = load(t, "{identity: x, email: x, ip: x, ipv4_bits: 0, ipv6_bits: 0}")
	for _, option := range []string{"keys:", "identity:", "email:", "ip:", "ipv4_bits:", "ipv6_bits:"} {
		require.ErrorContains(t, err, option, "all problems at once")
	}
}

// TestREADME holds the options table against the config: every option is in
// it, with its default.
func TestREADME(t *testing.T) {
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	conf := confmap.New()
	require.NoError(t, conf.Marshal(createDefaultConfig()))
	want := conf.ToStringMap()

	options, _, _ := strings.Cut(string(text), "## What is done where")
	rows := regexp.MustCompile("(?m)^\\| `([a-z0-9_]+)` \\| ([^|]*) \\|").FindAllStringSubmatch(options, -1)
	got := map[string]any{}
	for _, row := range rows {
		if row[2] == "none, required" {
			got[row[1]] = want[row[1]]
			assert.Empty(t, want[row[1]], row[1])
			continue
		}
		var value any
		require.NoError(t, yaml.Unmarshal([]byte(strings.Trim(row[2], "`")), &value))
		got[row[1]] = value
	}
	assert.Equal(t, want, got)

	block := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindStringSubmatch(string(text))
	var raw struct {
		Processors map[string]any `yaml:"processors"`
	}
	require.NoError(t, yaml.Unmarshal([]byte(strings.ReplaceAll(block[1], "${env:PIISCRUB_KEY}", goodSecret)), &raw))
	example, err := yaml.Marshal(raw.Processors["pii_scrub"])
	require.NoError(t, err)
	_, err = load(t, string(example))
	require.NoError(t, err, "the example is a valid config")
}
