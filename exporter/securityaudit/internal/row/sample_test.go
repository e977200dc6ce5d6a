package row

import (
	"bufio"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
	"github.com/authevents/otelcol-auth/internal/authevent"
)

// observed is when the lines of a test were read.
var observed = time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)

// parse makes records of the lines of a file, as the receiver does.
func parse(tb testing.TB, body authevent.Body, path string) plog.Logs {
	tb.Helper()
	parser, err := authevent.NewParser(authevent.Options{Body: body, ScopeName: "test"})
	require.NoError(tb, err)
	batch := parser.NewBatch()
	file, err := os.Open(path)
	require.NoError(tb, err)
	defer func() { _ = file.Close() }()
	from := authevent.Origin{ID: uint64(len(path)), FileName: filepath.Base(path)}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	offset := int64(0)
	for lines.Scan() {
		batch.Add(authevent.Line{Text: lines.Bytes(), Offset: offset}, &from, observed)
		offset += int64(len(lines.Bytes())) + 1
	}
	require.NoError(tb, lines.Err())
	return batch.Take()
}

// each calls do for every record.
func each(logs plog.Logs, do func(pcommon.Resource, pcommon.InstrumentationScope, plog.LogRecord)) {
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				do(rl.Resource(), sl.Scope(), lr)
			}
		}
	}
}

// table compiles a layout.
func table(tb testing.TB, c layout.Config) *layout.Table {
	tb.Helper()
	tables, err := c.Compile()
	require.NoError(tb, err)
	return tables.All[0]
}
