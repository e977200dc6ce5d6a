package piiscrub

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.yaml.in/yaml/v3"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub"
)

// section is the README's text under a heading.
func section(t *testing.T, heading string) string {
	t.Helper()
	_, text, found := strings.Cut(readFile(t, "README.md"), "\n## "+heading+"\n")
	require.True(t, found, heading)
	text, _, _ = strings.Cut(text, "\n## ")
	return text
}

// table has the rows of the tables in a text whose first column is code, each
// a list of cells.
func table(text string) [][]string {
	var rows [][]string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|\n"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, cells)
	}
	return rows
}

var code = regexp.MustCompile("`([^`]*)`")

// codes lists what stands between backticks.
func codes(cell string) []string {
	var list []string
	for _, match := range code.FindAllStringSubmatch(cell, -1) {
		list = append(list, match[1])
	}
	return list
}

// TestREADMEOptions: every option is in the table, with its default.
func TestREADMEOptions(t *testing.T) {
	defaults := confmap.New()
	require.NoError(t, defaults.Marshal(createDefaultConfig()))
	want := map[string]any{}
	for _, key := range keysOf(reflect.TypeFor[Config]()) {
		want[key] = "as the preset has it" // empty, so Marshal leaves it out
	}
	for key, value := range defaults.ToStringMap() {
		if value == nil || reflect.ValueOf(value).Kind() == reflect.Slice {
			value = []any{}
		}
		want[key] = value
	}
	got := map[string]any{}
	for _, row := range table(section(t, "Options")) {
		for _, key := range codes(row[0]) {
			got[key] = row[1]
			if value := codes(row[1]); value != nil {
				var parsed any
				require.NoError(t, yaml.Unmarshal([]byte(value[0]), &parsed))
				got[key] = parsed
			}
		}
	}
	assert.Equal(t, want, got)
}

func TestREADMEKeys(t *testing.T) {
	var got []string
	for _, row := range table(section(t, "Keys")) {
		got = append(got, codes(row[0])...)
	}
	assert.Equal(t, keysOf(reflect.TypeFor[KeyConfig]()), got)
}

func TestREADMEPresets(t *testing.T) {
	want := [][]string{}
	for _, kind := range pii.Kinds() {
		row := []string{kind.String()}
		for _, preset := range scrub.Presets() {
			row = append(row, preset.Actions[kind].String())
		}
		want = append(want, row)
	}
	row := []string{"unlisted"}
	for _, preset := range scrub.Presets() {
		row = append(row, preset.Unlisted.String())
	}
	want = append(want, row)
	got := [][]string{}
	for _, row := range table(section(t, "Presets")) {
		got = append(got, codes(strings.Join(row, " ")))
	}
	assert.Equal(t, want, got)
}

func TestREADMEActions(t *testing.T) {
	rows := table(section(t, "Kinds and actions"))
	kinds := map[string][]string{}
	var actions []string
	for _, row := range rows {
		if len(row) == 3 {
			kinds[codes(row[0])[0]] = codes(row[2])
			continue
		}
		actions = append(actions, codes(row[0])...)
	}
	want := map[string][]string{}
	for _, kind := range pii.Kinds() {
		want[kind.String()] = nil
		for _, action := range scrub.ActionsOf(kind) {
			want[kind.String()] = append(want[kind.String()], action.String())
		}
	}
	assert.Equal(t, want, kinds)
	assert.Equal(t, names[scrub.Action](scrub.NumActions)[1:], actions)
}

// TestREADMEMetrics: every metric of metadata.yaml is in the table, with the
// names of its attributes.
func TestREADMEMetrics(t *testing.T) {
	var metadata struct {
		Attributes map[string]struct {
			Name string `yaml:"name_override"`
		} `yaml:"attributes"`
		Telemetry struct {
			Metrics map[string]struct {
				Attributes []string `yaml:"attributes"`
			} `yaml:"metrics"`
		} `yaml:"telemetry"`
	}
	require.NoError(t, yaml.Unmarshal([]byte(readFile(t, "metadata.yaml")), &metadata))
	want := map[string][]string{}
	for name, metric := range metadata.Telemetry.Metrics {
		want["otelcol_"+name] = nil
		for _, attribute := range metric.Attributes {
			if override := metadata.Attributes[attribute].Name; override != "" {
				attribute = override
			}
			want["otelcol_"+name] = append(want["otelcol_"+name], attribute)
		}
	}
	got := map[string][]string{}
	for _, row := range table(section(t, "Telemetry")) {
		got[codes(row[0])[0]] = codes(row[1])
	}
	assert.Equal(t, want, got)
}

var yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// examples are the configs of pii_scrub that the README shows, by their names.
func examples(t *testing.T) map[string]*Config {
	t.Helper()
	list := map[string]*Config{}
	for _, block := range yamlBlock.FindAllStringSubmatch(readFile(t, "README.md"), -1) {
		var piece struct {
			Processors map[string]any `yaml:"processors"`
		}
		require.NoError(t, yaml.Unmarshal([]byte(strings.ReplaceAll(block[1], "${env:PIISCRUB_KEY}", goodSecret)), &piece))
		for name, config := range piece.Processors {
			text, err := yaml.Marshal(config)
			require.NoError(t, err)
			require.NotContains(t, list, name, "two examples of one name")
			list[name], err = load(t, string(text))
			require.NoError(t, err, name)
		}
	}
	return list
}

// run scrubs one record of the source hera, and returns its body and attributes.
func run(t *testing.T, cfg *Config, event string, attributes map[string]any, body string) (string, map[string]any) {
	t.Helper()
	ld := batch(body)
	scope := ld.ResourceLogs().At(0).ScopeLogs().At(0)
	scope.Scope().Attributes().PutStr(attr.Source, "hera")
	record := scope.LogRecords().At(0)
	record.SetEventName(event)
	require.NoError(t, record.Attributes().FromRaw(attributes))
	sink := new(consumertest.LogsSink)
	require.NoError(t, newLogs(t, cfg, sink).ConsumeLogs(t.Context(), ld))
	record = sink.AllLogs()[0].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	return record.Body().Str(), record.Attributes().AsRaw()
}

// TestREADMEExamples: each is a valid config, and does what it is shown for.
func TestREADMEExamples(t *testing.T) {
	configs := examples(t)
	assert.Len(t, configs, strings.Count(readFile(t, "README.md"), "\n  pii_scrub"))

	t.Run("fields", func(t *testing.T) {
		body, attributes := run(t, configs["pii_scrub/fields"], "login", map[string]any{"enduser.scope": "alice"},
			`{"type":"audit","user":"bob","devices":[{"serial":"SN-1","os":"ios"}],"ticket":{"number":7,"note":"x"}}`)
		assert.Regexp(t, `^\{"user":"identity_k1_\w+","devices":\[\{"serial":"identity_k1_\w+"\}\],"ticket":\{"number":7\}\}$`, body)
		assert.Regexp(t, "^identity_k1_", attributes["enduser.scope"])
	})
	t.Run("rules", func(t *testing.T) {
		config := configs["pii_scrub/rules"]
		line := `{"type":"audit","action":"reset","user":"bob","ip":"192.0.2.44"}`
		failure := map[string]any{attr.Outcome: "failure"}
		body, _ := run(t, config, "mfa_challenge_failed", failure, line)
		assert.Contains(t, body, `"ip":"192.0.2.44"`)
		assert.Contains(t, body, `"user":"identity_k1_`, "as at top level")
		body, _ = run(t, config, "login_failed", failure, line)
		assert.Contains(t, body, `"ip":"192.0.2.0"`, "another event")
		body, _ = run(t, config, "mfa_challenge_failed", nil, line)
		assert.Contains(t, body, `"ip":"192.0.2.0"`, "no failure")

		admin := map[string]any{attr.Category: "admin", attr.ServerAddress: "idp-1"}
		body, attributes := run(t, config, "login", admin, line)
		assert.JSONEq(t, `{"type":"audit","action":"reset"}`, body)
		assert.Equal(t, map[string]any{attr.Category: "admin"}, attributes)
	})
}
