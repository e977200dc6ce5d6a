package sink

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

func TestCountsWhileItRuns(t *testing.T) {
	dir := t.TempDir()
	f := NewFactory()
	cfg := &Config{Directory: dir}
	logs, err := f.CreateLogs(t.Context(), exportertest.NewNopSettings(f.Type()), cfg)
	require.NoError(t, err)
	metrics, err := f.CreateMetrics(t.Context(), exportertest.NewNopSettings(f.Type()), cfg)
	require.NoError(t, err)
	read := func(name string) int64 {
		n, err := Read(dir, name)
		require.NoError(t, err)
		return n
	}
	require.Zero(t, read(LogsFile), "before it starts")
	require.NoError(t, logs.Start(t.Context(), componenttest.NewNopHost()))
	require.NoError(t, metrics.Start(t.Context(), componenttest.NewNopHost()))
	require.Zero(t, read(LogsFile))

	require.NoError(t, logs.ConsumeLogs(t.Context(), records(7)))
	require.Eventually(t, func() bool { return read(LogsFile) == 7 }, 10*every*10, every)
	require.NoError(t, logs.ConsumeLogs(t.Context(), records(5)))
	require.NoError(t, metrics.ConsumeMetrics(t.Context(), points(3)))
	require.NoError(t, logs.Shutdown(t.Context()))
	require.NoError(t, metrics.Shutdown(t.Context()))
	require.NoError(t, logs.Shutdown(t.Context()), "a second time")
	require.EqualValues(t, 12, read(LogsFile), "after Shutdown")
	require.EqualValues(t, 3, read(DataPointsFile), "after Shutdown")
}

func TestRefuses(t *testing.T) {
	require.ErrorContains(t, (&Config{}).Validate(), "directory must be set")
	logs, err := NewFactory().CreateLogs(t.Context(), exportertest.NewNopSettings(NewFactory().Type()), &Config{Directory: filepath.Join(t.TempDir(), "none")})
	require.NoError(t, err)
	require.ErrorIs(t, logs.Start(t.Context(), componenttest.NewNopHost()), os.ErrNotExist)
	require.NoError(t, logs.Shutdown(t.Context()), "of what did not start")
}

func TestReadRefusesOtherText(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, LogsFile), []byte(strings.Repeat("x", 5)), 0o600))
	_, err := Read(dir, LogsFile)
	require.Error(t, err)
}

func records(n int) plog.Logs {
	ld := plog.NewLogs()
	lrs := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for range n {
		lrs.AppendEmpty()
	}
	return ld
}

func points(n int) pmetric.Metrics {
	md := pmetric.NewMetrics()
	dps := md.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics().AppendEmpty().SetEmptySum().DataPoints()
	for range n {
		dps.AppendEmpty()
	}
	return md
}
