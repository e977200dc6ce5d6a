package piiguard

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
)

// FuzzConvert: whatever YAML says, the converter does not panic, says the same
// twice, takes the list out, and is content once every exporter is trusted.
func FuzzConvert(f *testing.F) {
	for _, yaml := range []string{
		"", "5", "[]", "service:", "service: 5", "service: {pipelines: []}", "service: {pipelines: {logs: }}",
		"service: {pipelines: {logs: {receivers: {}}}}", "service: {pipelines: {logs: {receivers: [5, null, {}]}}}",
		"service: {pipelines: {'': , x/: , logs/a: 5}}", "receivers: {'': , 5: , /: }", "processors: {pii_scrub: []}",
		"processors: {pii_scrub: {mode: [], preset: {}, ip: {action: {}}}}", "trusted_destinations: {a: b}",
		"a: &a {b: 1}\nreceivers: {kafka: {x: [*a, *a]}}", "service::pipelines::logs::receivers: [auth_events]",
		"receivers: {auth_events: }\nexporters: {file: }\nconnectors: {file: }\nservice: {pipelines: {logs: {receivers: [auth_events, file], exporters: [file]}}}",
	} {
		f.Add(yaml)
	}
	files, err := filepath.Glob(filepath.Join("testdata", "*.yaml"))
	require.NoError(f, err)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(string(data))
	}
	load := func(yaml string) *confmap.Conf {
		retrieved, err := confmap.NewRetrievedFromYAML([]byte(yaml))
		if err != nil {
			return nil
		}
		conf, err := retrieved.AsConf()
		if err != nil {
			return nil
		}
		return conf
	}
	f.Fuzz(func(t *testing.T, yaml string) {
		conf := load(yaml)
		if conf == nil {
			return
		}
		first := guard{}.Convert(t.Context(), conf)
		assert.False(t, conf.IsSet(trustedKey))
		second := guard{}.Convert(t.Context(), load(yaml))
		if first == nil {
			assert.NoError(t, second)
			return
		}
		require.Error(t, second)
		cfg, err := read(conf)
		if err != nil {
			return // no path was looked for, and the decoder names problems in any order
		}
		assert.EqualError(t, second, first.Error())
		var all []any
		configured := true
		for _, p := range unscrubbed(cfg) {
			all = append(all, p.exporter.String())
			_, has := cfg.exporters[p.exporter]
			configured = configured && has
		}
		if configured { // what is not can't be trusted; the collector refuses it
			require.NoError(t, conf.Merge(confmap.NewFromStringMap(map[string]any{trustedKey: all})))
			assert.NoError(t, guard{}.Convert(t.Context(), conf))
		}
	})
}
