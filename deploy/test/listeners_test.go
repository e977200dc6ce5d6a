package deploy

import (
	"fmt"
	"maps"
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
)

// listeners are the addresses that a collector config opens, by where it says
// so: receivers, extensions, the prometheus exporter and the collector's own
// metrics. An endpoint of any other exporter is one that it calls.
func listeners(config map[string]any) map[string]string {
	out := map[string]string{}
	var walk func(path string, node any)
	walk = func(path string, node any) {
		switch node := node.(type) {
		case map[string]any:
			for k, v := range node {
				if endpoint, ok := v.(string); ok && k == "endpoint" {
					out[path] = endpoint
				}
				walk(path+"::"+k, v)
			}
			if host, ok := node["host"].(string); ok && node["port"] != nil {
				out[path] = net.JoinHostPort(host, fmt.Sprint(node["port"]))
			}
		case []any:
			for i, v := range node {
				walk(fmt.Sprint(path, "::", i), v)
			}
		}
	}
	walk("receivers", config["receivers"])
	walk("extensions", config["extensions"])
	walk("exporters::prometheus", at(config, "exporters", "prometheus"))
	for i, r := range readers(config) {
		walk(fmt.Sprint("service::telemetry::metrics::readers::", i, "::pull"), at(r, "pull"))
	}
	return out
}

// readers are the ways on which a collector's own metrics leave it.
func readers(config map[string]any) []any {
	out, _ := at(config, "service", "telemetry", "metrics", "readers").([]any)
	return out
}

// merge puts one config over another as the collector does: maps are joined, and
// all else, lists among it, is replaced.
func merge(below, above map[string]any) map[string]any {
	out := maps.Clone(below)
	for k, v := range above {
		lower, ok := out[k].(map[string]any)
		upper, ok2 := v.(map[string]any)
		if ok && ok2 {
			v = merge(lower, upper)
		}
		out[k] = v
	}
	return out
}

// keepsLists: a list of the second config replaces that of the first, so it has
// to name all that the first one needs: its extensions, and the readers that push
// its metrics. What is scraped may listen elsewhere.
func keepsLists(t *testing.T, config, additions string) {
	t.Helper()
	below, above := tree(t, config), tree(t, additions)
	want, _ := at(below, "service", "extensions").([]any)
	got, _ := at(above, "service", "extensions").([]any)
	assert.NotEmpty(t, want)
	assert.Subset(t, got, want)
	for _, r := range readers(below) {
		if at(r, "pull") == nil {
			assert.Contains(t, readers(above), r)
		}
	}
}

func TestListenersAreFound(t *testing.T) {
	got := listeners(tree(t, `
receivers: {otlp: {protocols: {http: {endpoint: "0.0.0.0:4318"}}}}
extensions: {health_check: {endpoint: "0.0.0.0:13133"}}
exporters: {prometheus: {endpoint: "127.0.0.1:9464"}, otlp_http: {endpoint: "https://otlp.example.com"}}
service: {telemetry: {metrics: {readers: [{periodic: {exporter: {otlp: {endpoint: "https://otlp.example.com"}}}}, {pull: {exporter: {prometheus: {host: 127.0.0.1, port: 8888}}}}]}}}
`))
	assert.Equal(t, map[string]string{
		"receivers::otlp::protocols::http": "0.0.0.0:4318",
		"extensions::health_check":         "0.0.0.0:13133",
		"exporters::prometheus":            "127.0.0.1:9464",
		"service::telemetry::metrics::readers::1::pull::exporter::prometheus": "127.0.0.1:8888",
	}, got)
}

func TestMergeIsTheCollectors(t *testing.T) {
	got := merge(
		tree(t, `{extensions: {a: {x: 1, y: 2}}, service: {extensions: [a], level: info}}`),
		tree(t, `{extensions: {a: {y: 3}, b: {}}, service: {extensions: [b]}}`))
	assert.Equal(t, tree(t, `{extensions: {a: {x: 1, y: 3}, b: {}}, service: {extensions: [b], level: info}}`), got)
}
