//go:build unix

package e2etest

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// RecordCount counts the log records in a file of OTLP JSON lines.
func RecordCount(t testing.TB, otlp string) int {
	t.Helper()
	n := 0
	EachRecord(t, otlp, func(map[string]any) { n++ })
	return n
}

// EachRecord decodes OTLP JSON lines with encoding/json alone: the test is not
// to share code with what wrote them.
func EachRecord(t testing.TB, otlp string, visit func(record map[string]any)) {
	t.Helper()
	type scopeLogs struct {
		LogRecords []map[string]any `json:"logRecords"`
	}
	type resourceLogs struct {
		ScopeLogs []scopeLogs `json:"scopeLogs"`
	}
	for line := range strings.Lines(otlp) {
		var batch struct {
			ResourceLogs []resourceLogs `json:"resourceLogs"`
		}
		require.NoError(t, json.Unmarshal([]byte(line), &batch))
		for _, rl := range batch.ResourceLogs {
			for _, sl := range rl.ScopeLogs {
				for _, record := range sl.LogRecords {
					visit(record)
				}
			}
		}
	}
}
