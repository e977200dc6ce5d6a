// Package pipelines has the collector configs of the two sides that the benchmark
// compares, for each row of its table: ours, and the stock components that do the
// same job, as an operator would set them up who knows them and pays for the CPU.
//
// The rule for the stock side: of the forms that do the job the cheapest; where no
// form does all of it, the cheapest that gets nearest, and what it leaves undone
// stands in what agree.Check reports. It is never made to do what only ours needs.
package pipelines

import (
	"fmt"
	"slices"
)

// Side is one of the two that are compared.
type Side string

// Sides.
const (
	Ours  Side = "ours"
	Stock Side = "stock"
)

// Row is what a pipeline does.
type Row string

// Rows. Receive reads and parses; Scrub takes personal data out; Count counts in
// the built-in metrics; Everything does all three; Send does, and sends by OTLP.
const (
	Receive    Row = "receive"
	Scrub      Row = "scrub"
	Count      Row = "count"
	Everything Row = "everything"
	Send       Row = "send"
)

// Rows lists them in the order of the table.
func Rows() []Row { return []Row{Receive, Scrub, Count, Everything, Send} }

// Scrubs says whether the row takes personal data out.
func (r Row) Scrubs() bool { return r != Receive && r != Count }

// Counts says whether the row counts.
func (r Row) Counts() bool { return r == Count || r == Everything || r == Send }

// Sources of the lines.
const (
	Hera     = "hera"
	LoginGov = "login_gov"
)

// Options are where a pipeline reads from and sends to.
type Options struct {
	// Include are the files to read, by absolute paths.
	Include []string
	// StateDir is the folder of file_storage, which keeps the positions of both sides.
	StateDir string
	// Sink are the settings of bench_sink, which takes logs and metrics.
	Sink map[string]any
	// OTLPEndpoint is where Send sends both, by HTTP and zipped.
	OTLPEndpoint string
	// OutDir, if set, has logs and metrics written there as OTLP JSON, LogsFile and
	// MetricsFile, instead of sent anywhere.
	OutDir string
	// Pprof, if set, is where the pprof extension listens.
	Pprof string
}

// Files in Options.OutDir.
const (
	LogsFile    = "logs.json"
	MetricsFile = "metrics.json"
)

// Key of the pseudonyms. It has the least length that both sides accept.
const Key = "a key for the benchmark of 32 B.."

// parts are what the sides differ in: components by id.
type parts struct {
	receiver   map[string]any
	processors []processor
	connector  map[string]any // nil where nothing is counted
}

type processor struct {
	id       string
	settings map[string]any
}

// Config returns the whole config of a collector, which may be written as JSON,
// since that is YAML. The collector's own metrics are off, on both sides.
func Config(side Side, source string, row Row, o Options) (map[string]any, error) {
	if source != Hera && source != LoginGov {
		return nil, fmt.Errorf("source must be %s or %s (got %q)", Hera, LoginGov, source)
	}
	if !slices.Contains(Rows(), row) {
		return nil, fmt.Errorf("row must be one of %q (got %q)", Rows(), row)
	}
	var p parts
	switch side {
	case Ours:
		p = ours(row, o)
	case Stock:
		p = stock(source, row, o)
	default:
		return nil, fmt.Errorf("side must be %s or %s (got %q)", Ours, Stock, side)
	}
	return p.config(row, o), nil
}

// config connects the parts.
func (p parts) config(row Row, o Options) map[string]any {
	exporters, toLogs, toMetrics := destinations(row, o)
	processors := map[string]any{}
	order := []any{}
	for _, one := range p.processors {
		processors[one.id] = one.settings
		order = append(order, one.id)
	}
	extensions := map[string]any{"file_storage": map[string]any{"directory": o.StateDir}}
	running := []any{"file_storage"}
	if o.Pprof != "" {
		extensions["pprof"] = map[string]any{"endpoint": o.Pprof}
		running = append(running, "pprof")
	}
	var connectors map[string]any
	logs := map[string]any{"receivers": names(p.receiver), "processors": order, "exporters": []any{toLogs}}
	pipelines := map[string]any{"logs": logs}
	if p.connector != nil {
		connectors = p.connector
		counter := names(p.connector)
		logs["exporters"] = append([]any{toLogs}, counter...)
		pipelines["metrics"] = map[string]any{"receivers": counter, "exporters": []any{toMetrics}}
	}
	return map[string]any{
		"extensions": extensions, "receivers": p.receiver, "processors": processors,
		"connectors": connectors, "exporters": exporters,
		"service": map[string]any{
			"extensions": running,
			"pipelines":  pipelines,
			"telemetry": map[string]any{
				"metrics": map[string]any{"level": "none"},
				"logs":    map[string]any{"level": "warn"},
			},
		},
	}
}

// destinations returns the exporters, and which takes logs and which metrics.
func destinations(row Row, o Options) (exporters map[string]any, logs, metrics string) {
	if o.OutDir != "" {
		return map[string]any{
			"file/logs":    map[string]any{"path": o.OutDir + "/" + LogsFile},
			"file/metrics": map[string]any{"path": o.OutDir + "/" + MetricsFile},
		}, "file/logs", "file/metrics"
	}
	if row == Send {
		// Both wait for each answer, so that what was counted as sent was sent.
		return map[string]any{"otlp_http": map[string]any{
			"endpoint":      o.OTLPEndpoint,
			"sending_queue": map[string]any{"enabled": false},
		}}, "otlp_http", "otlp_http"
	}
	return map[string]any{"bench_sink": o.Sink}, "bench_sink", "bench_sink"
}

func names(components map[string]any) []any {
	var list []any
	for name := range components { // there is one
		list = append(list, name)
	}
	return list
}
