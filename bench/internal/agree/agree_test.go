package agree

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/authevents/otelcol-auth/bench/internal/pipelines"
)

var begin = time.Date(2026, 8, 21, 8, 0, 0, 0, time.UTC)

// lines are n of Hera's, each of another user.
func lines(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"type":"audit","event":"mfa_challenge_failed","identity_id":"user-%d","source_ip":"198.51.100.%d","ts":%q}`+"\n",
			i, i, begin.Add(time.Duration(i)*time.Second).Format(time.RFC3339Nano))
	}
	return b.String()
}

// side is what one writes of n lines: its tokens begin with a name.
func side(n int, name string) *output {
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("auth.source", "hera")
	records := rl.ScopeLogs().AppendEmpty().LogRecords()
	for i := range n {
		lr := records.AppendEmpty()
		lr.SetTimestamp(stamp(i))
		lr.SetObservedTimestamp(stamp(i))
		lr.SetEventName("mfa_challenge_failed")
		lr.SetSeverityNumber(plog.SeverityNumberWarn)
		lr.Attributes().PutStr("auth.outcome", "failure")
		lr.Attributes().PutStr("user.id", fmt.Sprintf("%s-%d", name, i))
		lr.Attributes().PutStr("client.address", fmt.Sprintf("%s-ip-%d", name, i))
	}
	return &output{logs: []plog.Logs{ld}, metrics: []pmetric.Metrics{counts(n, "totp")}}
}

// counts has one series of auth.mfa.attempts.
func counts(n int, method string) pmetric.Metrics {
	md := pmetric.NewMetrics()
	m := md.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics().AppendEmpty()
	m.SetName("auth.mfa.attempts")
	sum := m.SetEmptySum()
	sum.SetAggregationTemporality(pmetric.AggregationTemporalityDelta)
	p := sum.DataPoints().AppendEmpty()
	p.SetIntValue(int64(n))
	p.Attributes().PutStr("auth.outcome", "failure")
	if method != "" {
		p.Attributes().PutStr("auth.method", method)
	}
	return md
}

func stamp(i int) pcommon.Timestamp {
	return pcommon.NewTimestampFromTime(begin.Add(time.Duration(i) * time.Second))
}

func (o *output) record(i int) plog.LogRecord {
	return o.logs[0].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(i)
}

// TestCompareFindsWhatDiffers breaks each part of what is compared.
func TestCompareFindsWhatDiffers(t *testing.T) {
	const n = 3
	for name, c := range map[string]struct {
		broken func(ours, stock *output)
		want   string
	}{
		"nothing":   {func(_, _ *output) {}, ""},
		"an order":  {func(_, stock *output) { swap(stock.record(0), stock.record(2)) }, ""},
		"an event":  {func(_, stock *output) { stock.record(1).SetEventName("x") }, "event name differs in 1 records"},
		"a level":   {func(_, stock *output) { stock.record(1).SetSeverityNumber(9) }, "severity number differs in 1 records"},
		"a value":   {func(_, stock *output) { stock.record(1).Attributes().PutStr("auth.outcome", "x") }, "auth.outcome differs in 1 records"},
		"one less":  {func(_, stock *output) { stock.record(1).Attributes().Remove("auth.outcome") }, "auth.outcome is ours alone in 1 records"},
		"one more":  {func(_, stock *output) { stock.record(1).Attributes().PutStr("auth.flow", "x") }, "auth.flow is stock's alone in 1 records"},
		"no token":  {func(_, stock *output) { stock.record(1).Attributes().Remove("user.id") }, "user.id is ours alone in 1 records"},
		"one token": {func(_, stock *output) { stock.record(1).Attributes().PutStr("user.id", "stock-0") }, "user.id: in 1 records the tokens of the two sides tell other values apart"},
		"two of one": {func(ours, _ *output) { ours.record(1).Attributes().PutStr("user.id", "ours-0") },
			"user.id: in 1 records the tokens of the two sides tell other values apart"},
		"a leak":      {func(ours, _ *output) { ours.record(1).Body().SetStr("by user-1") }, "ours leaves 1 values that identify somebody"},
		"theirs":      {func(_, stock *output) { stock.record(1).Body().SetStr("by user-1") }, ""},
		"a time":      {func(_, stock *output) { stock.record(2).SetTimestamp(stamp(9)) }, "a line is of time"},
		"a record":    {func(_, stock *output) { stock.logs = append(stock.logs, side(1, "stock").logs...) }, "of 3 lines ours has 3 records, stock 4"},
		"a count":     {func(_, stock *output) { stock.metrics[0] = counts(n+1, "totp") }, "auth.mfa.attempts differs: ours has 1 series and a total of 3, stock 1 and 4"},
		"an implied":  {func(_, stock *output) { stock.metrics[0] = counts(n, "") }, ""},
		"no count":    {func(_, stock *output) { stock.metrics = nil }, "auth.mfa.attempts differs: ours has 1 series and a total of 3, stock 0 and 0"},
		"another":     {func(ours, _ *output) { ours.metrics = nil }, "stock counts auth.mfa.attempts, and ours does not"},
		"one of logs": {func(_, stock *output) { stock.logs = nil }, "stock 0"},
		"two of delta": {func(ours, stock *output) {
			ours.metrics[0] = counts(2*n, "totp")
			stock.metrics = append(stock.metrics, counts(n, "totp"))
		}, ""},
	} {
		in, err := readInput(fileOf(t, lines(n)), n, false)
		if err != nil {
			t.Fatal(err)
		}
		ours, stock := side(n, "ours"), side(n, "stock")
		c.broken(ours, stock)
		report, err := compare(pipelines.Hera, pipelines.Everything, in, ours, stock)
		if c.want == "" {
			if err != nil || !strings.Contains(report, "| auth.mfa.attempts | ") {
				t.Errorf("%s: %v\n%s", name, err, report)
			}
		} else if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
}

// TestCompareBodies: the row that only reads compares all of each line.
func TestCompareBodies(t *testing.T) {
	in, err := readInput(fileOf(t, lines(2)), 2, false)
	if err != nil {
		t.Fatal(err)
	}
	for changed, want := range map[string]string{"": "", "another": "body differs in 1 records"} {
		ours, stock := side(2, "x"), side(2, "x")
		for i, l := range in.lines {
			ours.record(i).Body().SetStr(string(l.text))
			var members map[string]any
			if err := json.Unmarshal(l.text, &members); err != nil {
				t.Fatal(err)
			}
			if err := stock.record(i).Body().SetEmptyMap().FromRaw(members); err != nil {
				t.Fatal(err)
			}
			ours.record(i).Attributes().Clear()
		}
		if changed != "" {
			stock.record(1).Body().Map().PutStr("event", changed)
		}
		_, err := compare(pipelines.Hera, pipelines.Receive, in, ours, stock)
		// The members are in no attribute of ours here, which is another error.
		if got := fmt.Sprint(err); strings.Contains(got, "body") != (want != "") || !strings.Contains(got, want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// TestReportCounts: what stock leaves is in the report, and no error.
func TestReportCounts(t *testing.T) {
	in, err := readInput(fileOf(t, lines(3)), 3, true)
	if err != nil {
		t.Fatal(err)
	}
	ours, stock := side(3, "ours"), side(3, "stock")
	stock.record(1).Body().SetStr(string(in.lines[1].text))
	report, err := compare(pipelines.Hera, pipelines.Everything, in, ours, stock)
	if err != nil {
		t.Error(err)
	}
	for _, row := range []string{
		"| user.id | 3 | 0 | 0 | 0 |  |\n", "| user.id | 3 | 3 |\n",
		"| user, visitor and session ids | 3 | 0 | 1 |\n", "| IPv4 addresses | 3 | 0 | 1 |\n",
		"| planted in free text: e-mail addresses | 3 | 0 | 1 |\n", "| planted in free text: IPv6 addresses, shortened | 3 | 0 | 1 |\n",
		"| auth.mfa.attempts | 3 | 1 |  |\n",
	} {
		if !strings.Contains(report, row) {
			t.Errorf("no row %s in\n%s", row, report)
		}
	}
}

func TestReadInputRefuses(t *testing.T) {
	for text, want := range map[string]string{
		lines(1):                "unexpected EOF after 1 lines: 2 are needed",
		lines(1) + "no event\n": "line 2: no JSON",
		lines(1) + `{"a":1}`:    "line 2: one of time, ts and timestamp must be a time",
	} {
		if _, err := readInput(fileOf(t, text), 2, false); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func fileOf(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "lines.ndjson")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func swap(a, b plog.LogRecord) {
	c := plog.NewLogRecord()
	a.CopyTo(c)
	b.CopyTo(a)
	c.CopyTo(b)
}
