package eventmetrics

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/xconfmap"
	"go.yaml.in/yaml/v3"

	"github.com/authevents/otelcol-auth/internal/counting"
)

// decode reads the YAML of the component.
func decode(t *testing.T, text string) (*Config, error) {
	t.Helper()
	var raw map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(text), &raw))
	cfg := NewFactory().CreateDefaultConfig()
	if err := confmap.NewFromStringMap(raw).Unmarshal(&cfg); err != nil {
		return nil, err
	}
	return cfg.(*Config), xconfmap.Validate(cfg)
}

// config is a valid one.
func config(t *testing.T, text string) *Config {
	t.Helper()
	cfg, err := decode(t, text)
	require.NoError(t, err)
	return cfg
}

func TestConfig(t *testing.T) {
	assert.Equal(t, &Config{Counting: counting.Default(1500)}, config(t, "{}"))

	want := counting.Default(10)
	want.Prefix = "idp."
	want.Custom = map[string]counting.CustomConfig{"c": {Records: counting.RecordsConfig{Events: []string{"x"}}}}
	assert.Equal(t, &Config{Counting: want}, config(t, `{max_series: 10, prefix: idp., custom: {c: {events: [x]}}}`))
}

func TestConfigRefuses(t *testing.T) {
	tests := map[string]struct{ yaml, want string }{
		"max_series above the SDK's": {`{max_series: 1501}`, "max_series: must be 1500 or less, because the collector's own metrics overflow at 2000 series " +
			"(got 1501): lower it, or use the event_metrics connector"},
		"max_series zero": {`{max_series: 0}`, "max_series: must be a positive number, such as 2000 (got 0)"},
		"exemplars":       {`{exemplars: true}`, "exemplars: the collector's own counters have none: leave it out, or use the event_metrics connector"},
		"exponential histogram": {`{custom: {c: {type: exponential_histogram, events: [x]}}}`, "custom::c::type: an exponential_histogram can't be shown here: " +
			"use type histogram and a view of it under service::telemetry::metrics::views, which decide on buckets, or use the event_metrics connector"},
		"several": {`{max_series: 2000, exemplars: true, time: now}`, "time: must be event or observed (got \"now\")\n" +
			"max_series: must be 1500 or less, because the collector's own metrics overflow at 2000 series " +
			"(got 2000): lower it, or use the event_metrics connector\n" +
			"exemplars: the collector's own counters have none: leave it out, or use the event_metrics connector"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := decode(t, tt.yaml)
			assert.EqualError(t, err, tt.want)
		})
	}
}

func TestConfigUnknownKey(t *testing.T) {
	for _, key := range []string{"interval", "storage", "temporality", "expire_after"} {
		_, err := decode(t, "{"+key+": 1s}")
		require.ErrorContains(t, err, key)
		require.ErrorContains(t, err, "max_series", "the keys that there are")
	}
}

// The tables of the README have each key once, those with a default with it.
func TestReadmeStatesTheKeys(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	var got []string
	defaults := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z_.]+)` \\| (?:`([^`]*)`)?[^|]*\\|").FindAllStringSubmatch(string(readme), -1) {
		if strings.HasPrefix(row[1], "otelcol_") {
			continue
		}
		got = append(got, row[1])
		if row[2] != "" {
			defaults[row[1]] = row[2]
		}
	}
	slices.Sort(got)
	want := keysOf(reflect.TypeFor[Config](), "")
	slices.Sort(want)
	assert.Equal(t, want, got)
	assert.Equal(t, map[string]string{
		"max_series": "1500", "prefix": "auth.", "exemplars": "false", "time": "event", "max_early": "5m", "unique.windows": "[1h, 24h]",
		"metrics.enabled": "true", "custom.type": "sum", "custom.by": "[user.id]",
		"funnels.enabled": "true", "funnels.window": "24h", "funnels.by": "[user.id]", "funnels.max_users": "100000", "funnels.ordered": "false",
		"pairs.enabled": "true", "pairs.timeout": "10m", "pairs.by": "[session.id, user.id]", "pairs.max_pending": "100000",
		"attributes.i_accept_personal_data": "false",
	}, defaults)
}

// keysOf lists the keys of a struct by path. What stands in several blocks, an
// attribute, the records that are meant, a condition, has a table of its own.
func keysOf(t reflect.Type, prefix string) []string {
	var keys []string
	add := func(list []string) {
		for _, key := range list {
			if !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	for i := range t.NumField() {
		field := t.Field(i)
		if !field.IsExported() {
			continue
		}
		name, options, _ := strings.Cut(field.Tag.Get("mapstructure"), ",")
		inner := field.Type
		for inner.Kind() == reflect.Map || inner.Kind() == reflect.Slice && inner.Elem().Kind() == reflect.Struct {
			inner = inner.Elem()
		}
		switch {
		case inner == reflect.TypeFor[counting.RecordsConfig]():
			add(keysOf(inner, "records."))
		case options == "squash":
			add(keysOf(inner, prefix))
		case inner == reflect.TypeFor[counting.AttributeConfig]():
			add(keysOf(inner, "attributes."))
		case inner == reflect.TypeFor[counting.ConditionConfig]():
			add(keysOf(inner, "where."))
		case inner == reflect.TypeFor[counting.StepConfig]():
			add(keysOf(inner, "steps."))
		case inner.Kind() == reflect.Struct:
			add(keysOf(inner, prefix+name+"."))
			continue
		}
		if options != "squash" && inner != reflect.TypeFor[counting.UniqueConfig]() {
			add([]string{prefix + name})
		}
	}
	return keys
}

// What a reader may copy is valid.
func TestReadmeConfigs(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	tried := 0
	for _, block := range regexp.MustCompile("(?ms)^```yaml\n(.*?)^```").FindAllStringSubmatch(string(readme), -1) {
		var piece struct {
			Processors map[string]any `yaml:"processors"`
		}
		require.NoError(t, yaml.Unmarshal([]byte(block[1]), &piece))
		if _, has := piece.Processors["event_metrics"]; !has {
			continue
		}
		text, err := yaml.Marshal(piece.Processors["event_metrics"])
		require.NoError(t, err)
		config(t, string(text))
		tried++
	}
	assert.Equal(t, 4, tried)
}
