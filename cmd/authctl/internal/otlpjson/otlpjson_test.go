package otlpjson

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

func TestSignal(t *testing.T) {
	for text, want := range map[string]string{
		`{"resourceLogs":[]}`:             Logs,
		"{ \t\r\n\"resourceLogs\" : []}":  Logs,
		`{"resourceSpans":[`:              Traces,
		`{"resourceMetrics"`:              Metrics,
		`{"resourceLogs`:                  "",
		`{"resourceLogsAndMore":[]}`:      "",
		`{"event":"x","resourceLogs":[]}`: "",
		`[{"resourceLogs":[]}]`:           "",
		`{}`:                              "",
		`{`:                               "",
		`{ `:                              "",
		``:                                "",
	} {
		got, ok := Signal(text)
		assert.Equal(t, want, got, text)
		assert.Equal(t, want != "", ok, text)
		got, _ = Signal([]byte(text))
		assert.Equal(t, want, got, text)
	}
}

// TestWritten: it knows what the collector writes.
func TestWritten(t *testing.T) {
	logs := plog.NewLogs()
	logs.ResourceLogs().AppendEmpty()
	traces := ptrace.NewTraces()
	traces.ResourceSpans().AppendEmpty()
	metrics := pmetric.NewMetrics()
	metrics.ResourceMetrics().AppendEmpty()
	for want, marshal := range map[string]func() ([]byte, error){
		Logs:    func() ([]byte, error) { return (&plog.JSONMarshaler{}).MarshalLogs(logs) },
		Traces:  func() ([]byte, error) { return (&ptrace.JSONMarshaler{}).MarshalTraces(traces) },
		Metrics: func() ([]byte, error) { return (&pmetric.JSONMarshaler{}).MarshalMetrics(metrics) },
	} {
		text, err := marshal()
		assert.NoError(t, err)
		got, ok := Signal(text)
		assert.True(t, ok)
		assert.Equal(t, want, got)
	}
}
