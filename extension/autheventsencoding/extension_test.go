package autheventsencoding

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// outcome is what a payload must make of a line: an event's name, or a code.
type outcome struct{ event, parseError string }

func TestUnmarshal(t *testing.T) {
	event := outcome{event: "mfa_challenge_failed"}
	u := newTest(t, defaultConfig())
	for name, test := range map[string]struct {
		payload string
		want    []outcome
	}{
		"nothing":            {"", nil},
		"white space":        {" \r\n", nil},
		"one line":           {hera, []outcome{event}},
		"ended":              {hera + "\n", []outcome{event}},
		"lines":              {hera + "\n" + hera + "\r\n\n" + hera, []outcome{event, event, event}},
		"array":              {"[" + hera + ",\n" + hera + "]", []outcome{event, event}},
		"empty array":        {"[]", nil},
		"over several lines": {strings.ReplaceAll(hera, ",", ",\n  "), []outcome{event}},
		"a broken line":      {hera[:40] + "\n" + hera, []outcome{{"", "invalid_json"}, event}},
		"plain text":         {"started\n", []outcome{{"", "not_json"}}},
		"unknown":            {`{"a":1}`, []outcome{{"", "no_event"}}},
		"no UTF-8":           {"\xff\xfe", []outcome{{"", "not_json"}}},
		"broken array":       {"[" + hera + ",\r\n" + hera[:40], []outcome{{"", "not_json"}}},
		"bracket":            {"[", []outcome{{"", "not_json"}}},
		"array, and more":    {"[" + hera + "]\n[" + hera + "]", []outcome{{"", "not_json"}}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []outcome
			for _, lr := range records(t, u, test.payload) {
				got = append(got, outcome{lr.EventName(), text(lr, attr.ParseError)})
			}
			assert.ElementsMatch(t, test.want, got)
		})
	}
}

// A damaged array is one record with all that was sent.
func TestBrokenArrayIsKept(t *testing.T) {
	u := newTest(t, defaultConfig())
	for _, prefix := range []string{"", "\xef\xbb\xbf", " "} {
		list := records(t, u, prefix+"[{\"a\":1},\n{\"b\":")
		require.Len(t, list, 1)
		assert.Equal(t, strings.TrimPrefix(prefix, "\xef\xbb\xbf")+`[{"a":1}, {"b":`, list[0].Body().Str())
	}
	cfg, err := load(t, "max_line_size: 1024")
	require.NoError(t, err)
	list := records(t, newTest(t, cfg), "[{"+strings.Repeat("x", 4096))
	require.Len(t, list, 1)
	assert.Equal(t, "too_long", text(list[0], attr.ParseError))
	assert.Less(t, len(list[0].Body().Str()), 1025)
}

func TestDropUnparsed(t *testing.T) {
	cfg, err := load(t, "unparsed: drop")
	require.NoError(t, err)
	u := newTest(t, cfg)
	assert.Empty(t, records(t, u, "[{"))
	assert.Len(t, records(t, u, "started\n"+hera), 1)
}

// A receiver may use the payload's memory again.
func TestPayloadIsNotKept(t *testing.T) {
	u := newTest(t, defaultConfig())
	payload := []byte(hera)
	logs, err := u.UnmarshalLogs(payload)
	require.NoError(t, err)
	clear(payload)
	assert.Equal(t, hera, logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Body().Str())
}

// The kafka receiver has a goroutine for each partition.
func TestConcurrentUse(t *testing.T) {
	u := newTest(t, defaultConfig())
	var wg sync.WaitGroup
	seen := make([][]string, 8)
	for i := range seen {
		wg.Go(func() {
			for range 200 {
				logs, err := u.UnmarshalLogs([]byte(hera + "\n" + loginGov + "\n{"))
				if !assert.NoError(t, err) || !assert.Equal(t, 3, logs.LogRecordCount()) {
					return
				}
				lr := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
				seen[i] = append(seen[i], text(lr, attr.LogRecordUID))
			}
		})
	}
	wg.Wait()
	distinct := map[string]bool{}
	for _, list := range seen {
		for _, uid := range list {
			distinct[uid] = true
		}
	}
	assert.Len(t, distinct, 8*200)
}

// TestLifecycle: whatever order a collector calls in, nothing fails or stays.
func TestLifecycle(t *testing.T) {
	e, err := NewFactory().Create(t.Context(), extensiontest.NewNopSettings(typ), defaultConfig())
	require.NoError(t, err)
	require.NoError(t, e.Shutdown(t.Context()), "without a start")
	require.NoError(t, e.Start(t.Context(), componenttest.NewNopHost()))
	require.NoError(t, e.Shutdown(t.Context()))
	require.NoError(t, e.Shutdown(t.Context()), "twice")

	_, err = NewFactory().Create(t.Context(), extensiontest.NewNopSettings(typ), &Config{})
	assert.ErrorContains(t, err, "max_line_size")
}

func TestTelemetry(t *testing.T) {
	tel := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, tel.Shutdown(context.WithoutCancel(t.Context()))) })
	set := extensiontest.NewNopSettings(typ)
	set.TelemetrySettings = tel.NewTelemetrySettings()
	e, err := newEncoding(set, defaultConfig())
	require.NoError(t, err)
	for _, payload := range []string{hera + "\n\n", "[{", ""} {
		_, err := e.UnmarshalLogs([]byte(payload))
		require.NoError(t, err)
	}
	got := map[string]int64{}
	metric, err := tel.GetMetric("otelcol_auth_events_lines")
	require.NoError(t, err)
	for _, point := range metric.Data.(metricdata.Sum[int64]).DataPoints {
		by, ok := point.Attributes.Value("input")
		require.True(t, ok)
		assert.Equal(t, input, by.AsString())
		result, _ := point.Attributes.Value("result")
		reason, _ := point.Attributes.Value("reason")
		got[result.AsString()+" "+reason.AsString()] = point.Value
	}
	assert.Equal(t, map[string]int64{"event ": 1, "skipped blank": 1, "unparsed not_json": 1}, got)
}
