//go:build unix

package securityaudit

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/metadata"
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pgtest"
)

// patience is for a loaded machine; nothing waits for it in vain.
const patience = time.Minute

// rig is a running exporter with all that it says.
type rig struct {
	exporter.Logs
	telemetry *componenttest.Telemetry
	log       *observer.ObservedLogs
}

// start runs an exporter that gives back its errors, until the test's end.
func start(t *testing.T, dsn string, change ...func(*Config)) *rig {
	t.Helper()
	c := defaultConfig()
	c.DSN = configopaque.String(dsn)
	c.Retry.Enabled = false
	for _, f := range change {
		f(c)
	}
	require.NoError(t, c.Validate())
	core, log := observer.New(zap.DebugLevel)
	r := &rig{telemetry: componenttest.NewTelemetry(), log: log}
	set := exportertest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = r.telemetry.NewTelemetrySettings()
	set.Logger = zap.New(core)
	var err error
	r.Logs, err = NewFactory().CreateLogs(t.Context(), set, c)
	require.NoError(t, err)
	require.NoError(t, r.Start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() {
		require.NoError(t, r.Shutdown(context.Background()))
		require.NoError(t, r.telemetry.Shutdown(context.Background()))
	})
	return r
}

// rows is the counter of what became of rows.
func (r *rig) rows(t *testing.T, result string) int {
	t.Helper()
	return r.sum(t, "otelcol_security_audit_rows", "result", result)
}

func (r *rig) sum(t *testing.T, name, attribute, value string) int {
	t.Helper()
	m, err := r.telemetry.GetMetric(name)
	if err != nil {
		return 0 // nothing was counted
	}
	return sumOf(m, attribute, value)
}

// said is all that the exporter has logged.
func (r *rig) said() string {
	var b strings.Builder
	for _, entry := range r.log.All() {
		fmt.Fprintln(&b, entry.Message, entry.ContextMap())
	}
	return b.String()
}

// path waits for the way in which rows go in, as the log says it.
func (r *rig) path(t *testing.T) string {
	t.Helper()
	var path string
	require.Eventually(t, func() bool {
		for _, entry := range r.log.FilterMessage("rows go in").All() {
			path = entry.ContextMap()["path"].(string)
		}
		return path != ""
	}, patience, time.Millisecond, "the log says: %s", r.said())
	return path
}

// began is the time of the first event: this month, and not at its edge.
var began = sync.OnceValue(func() time.Time {
	now := time.Now().UTC()
	return time.Date(now.Year(), now.Month(), 1, 12, 0, 0, 0, time.UTC)
})

// events are n records, from the given number on.
func events(from, n int, change ...func(i int, record plog.LogRecord)) plog.Logs {
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for i := from; i < from+n; i++ {
		record := records.AppendEmpty()
		record.SetEventName("login_failed")
		record.SetTimestamp(stamp(began().Add(time.Duration(i) * time.Millisecond)))
		record.SetObservedTimestamp(stamp(time.Now()))
		a := record.Attributes()
		a.PutStr(attr.LogRecordUID, fmt.Sprintf("%s-%032x", canary, i))
		a.PutStr(attr.UserID, fmt.Sprintf("00000000-0000-4000-8000-%012x", i%100))
		a.PutStr(attr.ClientAddress, fmt.Sprintf("203.0.113.%d", i%200))
		a.PutStr(attr.UserAgentOriginal, canary+"/1.0")
		a.PutStr(attr.Outcome, "failure")
		record.Body().SetStr(fmt.Sprintf(`{"event":"login_failed","n":%d,"note":"%s"}`, i, canary))
		for _, f := range change {
			f(i, record)
		}
	}
	return logs
}

func newServer(t *testing.T) *pgtest.Server {
	t.Helper()
	return pgtest.Start(t, pgtest.Options{})
}

// common is the server of all tests that do nothing to it; it runs while one
// of them has it.
var common struct {
	sync.Mutex
	server *pgtest.Server
	users  int
}

// sharedServer lends the common server until the test's end. Tests ask for it
// before they call t.Parallel: they go on when all others have come so far, so
// that the server starts once.
func sharedServer(t *testing.T) *pgtest.Server {
	t.Helper()
	common.Lock()
	defer common.Unlock()
	if common.server == nil {
		var err error
		common.server, err = pgtest.Launch(pgtest.Options{})
		require.NoError(t, err)
	}
	common.users++
	t.Cleanup(func() {
		common.Lock()
		defer common.Unlock()
		if common.users--; common.users == 0 {
			common.server.Close()
			common.server = nil
		}
	})
	return common.server
}
