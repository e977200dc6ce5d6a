package retrystatus

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/xconfmap"
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

func TestConfigValid(t *testing.T) {
	for text, want := range map[string][]int{
		"{}":                            {401, 403, 408, 500},
		"status_codes: [404, 401]":      {404, 401}, // in place of the default, not beside it
		"status_codes: [400]":           {400},      // who asks for it, gets it
		"status_codes: [599, 501, 413]": {599, 501, 413},
		"status_codes: [401, 403, 404, 408, 500]": {401, 403, 404, 408, 500},
	} {
		cfg, err := load(t, text)
		require.NoError(t, err, text)
		assert.Equal(t, want, cfg.StatusCodes, text)
	}
}

func TestConfigInvalid(t *testing.T) {
	for text, message := range map[string]string{
		"status_codes: []":         "status_codes: names none: name one, such as 401, or leave the extension out",
		"status_codes: [200]":      "status_codes: 200 is no error of HTTP: take one from 400 to 599",
		"status_codes: [399]":      "status_codes: 399 is no error of HTTP",
		"status_codes: [600]":      "status_codes: 600 is no error of HTTP",
		"status_codes: [-401]":     "status_codes: -401 is no error of HTTP",
		"status_codes: [429]":      "status_codes: after 429 the exporter sends again by itself: take it out",
		"status_codes: [502]":      "after 502 the exporter",
		"status_codes: [503]":      "after 503 the exporter",
		"status_codes: [504]":      "after 504 the exporter",
		"status_codes: [401, 401]": "status_codes: 401 stands there twice: take one out",
		"codes: [401]":             "the keys here are: status_codes",
	} {
		_, err := load(t, text)
		assert.ErrorContains(t, err, message, text)
	}
}

func TestConfigAllProblemsAtOnce(t *testing.T) {
	_, err := load(t, "status_codes: [204, 429, 403, 403]")
	for _, message := range []string{"204 is no error", "after 429", "403 stands there twice"} {
		assert.ErrorContains(t, err, message)
	}
}
