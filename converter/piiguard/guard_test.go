package piiguard

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
)

// guarded converts a configuration, and returns what is left of it.
func guarded(t *testing.T, yaml string) (*confmap.Conf, error) {
	t.Helper()
	retrieved, err := confmap.NewRetrievedFromYAML([]byte(yaml))
	require.NoError(t, err)
	conf, err := retrieved.AsConf()
	require.NoError(t, err)
	return conf, NewFactory().Create(confmap.ConverterSettings{}).Convert(t.Context(), conf)
}

// TestPaths runs the cases of testdata: each is a configuration, and behind
// `# want`, line by line, the whole error; no line for none.
func TestPaths(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			text, want, found := strings.Cut(string(data), "# want\n")
			require.True(t, found)
			want = strings.TrimSpace(strings.ReplaceAll("\n"+want, "\n# ", "\n"))
			_, err = guarded(t, text)
			if want == "" {
				assert.NoError(t, err)
				return
			}
			assert.EqualError(t, err, want)
		})
	}
}

// TestConfIsKept: what is checked goes on as it came, but for the key.
func TestConfIsKept(t *testing.T) {
	for _, list := range []string{"trusted_destinations: [file]\n", "trusted_destinations: []\n", "trusted_destinations:\n", ""} {
		const rest = `
receivers: {auth_events: , "kafka": {brokers: [a, b], n: 5}}
processors: {pii_scrub: {keys: [{id: k1, secret: s}]}}
exporters: {file: , nop: {}}
service: {pipelines: {logs: {receivers: [auth_events], processors: [pii_scrub], exporters: [file, nop]}}}
`
		conf, err := guarded(t, list+rest)
		require.NoError(t, err)
		want, err := confmap.NewRetrievedFromYAML([]byte(rest))
		require.NoError(t, err)
		wantConf, err := want.AsConf()
		require.NoError(t, err)
		assert.Equal(t, wantConf.ToStringMap(), conf.ToStringMap(), list)
		assert.NoError(t, guard{}.Convert(t.Context(), conf), "a second time")
	}
}

// TestTheListIsTakenOut also where the configuration is refused: a collector
// that reports both problems is not to complain of the key.
func TestTheListIsTakenOut(t *testing.T) {
	conf, err := guarded(t, "trusted_destinations: [nobody]\n")
	require.Error(t, err)
	assert.False(t, conf.IsSet(trustedKey))
}

// TestShippedConfigs: none needs trust, and each is guarded: without its
// pii_scrub it is refused, unless nothing but counts leaves it.
func TestShippedConfigs(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "configs", "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	onlyCounts := []string{"prometheus.yaml", "prometheus-remote-write.yaml"}
	unscrubbed := strings.NewReplacer("[pii_scrub]", "[]", "[pii_scrub/analytics]", "[]", "[pii_scrub, ", "[", ", pii_scrub", "",
		"${env:KAFKA_ENCODING:-otlp_proto}", "auth_events_encoding") // the gateway, with a topic of raw lines
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			conf, err := confmaptest.LoadConf(file)
			require.NoError(t, err)
			require.NoError(t, guard{}.Convert(t.Context(), conf))
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			_, err = guarded(t, unscrubbed.Replace(string(data)))
			if slices.Contains(onlyCounts, filepath.Base(file)) {
				assert.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, "put pii_scrub into its processors")
		})
	}
}

// TestNoValueInTheError: settings hold secrets.
func TestNoValueInTheError(t *testing.T) {
	for _, yaml := range []string{
		`{receivers: {auth_events: {http: {token: S3CRET}}}, exporters: {file: {path: S3CRET}}, service: {pipelines: {logs: {receivers: [auth_events], exporters: [file]}}}}`,
		`{receivers: S3CRET, service: {pipelines: {logs: {receivers: [auth_events], exporters: [file]}}}}`,
		`{trusted_destinations: S3CRET}`,
		`{trusted_destinations: {file: S3CRET}}`,
		`{trusted_destinations: [{file: S3CRET}]}`,
		`{service: {pipelines: {logs: {receivers: {S: S3CRET}}}}}`,
		`{service: {pipelines: {logs: S3CRET}}}`,
	} {
		_, err := guarded(t, yaml)
		require.Error(t, err, yaml)
		assert.NotContains(t, err.Error(), "S3CRET")
	}
}
