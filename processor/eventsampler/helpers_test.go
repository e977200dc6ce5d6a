package eventsampler

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// start is a multiple of every interval in the tests.
var start = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// secret makes the decisions of the tests the same in every run.
const secret = "0123456789abcdef0123456789abcdef"

// event is a record of the tests: a success of hera's with a uid, unless set
// otherwise.
type event struct {
	name     string
	at       time.Duration // since start
	uid      string
	outcome  string // "-" for none
	severity plog.SeverityNumber
	more     map[string]any
}

func logs(events ...event) plog.Logs {
	ld := plog.NewLogs()
	records := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for _, e := range events {
		e.put(records.AppendEmpty())
	}
	return ld
}

func (e event) put(lr plog.LogRecord) {
	lr.SetEventName(e.name)
	lr.SetTimestamp(pcommon.NewTimestampFromTime(start.Add(e.at)))
	lr.SetSeverityNumber(max(e.severity, plog.SeverityNumberInfo))
	lr.Attributes().PutStr(attr.Source, "hera")
	lr.Attributes().PutStr(attr.Category, "login")
	switch e.outcome {
	case "":
		lr.Attributes().PutStr(attr.Outcome, attr.OutcomeSuccess)
	case "-":
	default:
		lr.Attributes().PutStr(attr.Outcome, e.outcome)
	}
	if e.uid != "" {
		lr.Attributes().PutStr(attr.LogRecordUID, e.uid)
	}
	for name, value := range e.more {
		_ = lr.Attributes().PutEmpty(name).FromRaw(value)
	}
}

// many are n events of a name, evenly over a span of time.
func many(name string, n int, from, span time.Duration) []event {
	events := make([]event, n)
	for i := range events {
		at := from + span*time.Duration(i)/time.Duration(n)
		events[i] = event{name: name, at: at, uid: fmt.Sprintf("%s-%d-%d", name, at, i)}
	}
	return events
}

// config keeps quota records of a kind in ten seconds.
func config(quota float64) *Config {
	cfg := defaultConfig()
	cfg.PerSecond, cfg.Seed = quota/10, secret
	return cfg
}

func newTest(t testing.TB, cfg *Config, next consumer.Logs) *sampler {
	t.Helper()
	return newTestWith(t, componenttest.NewTelemetry(), cfg, next)
}

func newTestWith(t testing.TB, tel *componenttest.Telemetry, cfg *Config, next consumer.Logs) *sampler {
	t.Helper()
	require.NoError(t, cfg.Validate())
	s, err := newSampler(tel.NewTelemetrySettings(), cfg, next)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Shutdown(context.Background())) })
	return s
}

// kept is what came through, in sums.
type kept struct {
	records  map[string]int     // by event name
	adjusted map[string]float64 // the same, by adjusted count
	uids     map[string]bool
}

func sum(lds ...plog.Logs) kept {
	k := kept{map[string]int{}, map[string]float64{}, map[string]bool{}}
	each(func(lr plog.LogRecord) {
		k.records[lr.EventName()]++
		k.adjusted[lr.EventName()] += countOf(lr)
		if uid, ok := lr.Attributes().Get(attr.LogRecordUID); ok {
			k.uids[uid.Str()] = true
		}
	}, lds...)
	return k
}

func each(visit func(plog.LogRecord), lds ...plog.Logs) {
	for _, ld := range lds {
		for _, rl := range ld.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, lr := range sl.LogRecords().All() {
					visit(lr)
				}
			}
		}
	}
}

// countOf is what a record says that it stands for; 1 if it says nothing.
func countOf(lr plog.LogRecord) float64 {
	value, ok := lr.Attributes().Get(attr.AdjustedCount)
	if !ok {
		return 1
	}
	return number(value)
}
