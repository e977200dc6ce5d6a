package bench

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// config has two pipelines of one receiver, each part that is measured, and two
// that are not.
const config = `
receivers: {auth_events: {stdin: {}}, otlp: {}}
processors:
  memory_limiter: {}
  pii_scrub: {keys: [{id: k1, secret: "11111111111111111111111111111111"}]}
  filter/none: {logs: {log_record: ["true"]}}
  batch: {}
connectors: {event_metrics: {}}
service:
  pipelines:
    logs/a: {receivers: [auth_events], processors: [memory_limiter, pii_scrub, batch], exporters: [event_metrics, otlp_http]}
    logs/b: {receivers: [auth_events, otlp], processors: [memory_limiter, filter/none], exporters: [event_metrics, otlp_http]}
    logs/c: {receivers: [otlp], processors: [pii_scrub]}
    metrics: {receivers: [event_metrics], exporters: [otlp_http]}
`

// turn is how long each part of a turn takes by the clock of the tests, for config:
// parse; the copy for a, scrub, count; filter, count.
var turn = []time.Duration{5 * ms, 3 * ms, 8 * ms, 2 * ms, 1 * ms, 1 * ms}

const ms = time.Millisecond

// scripted are clocks of which cpu shows the parts' times, over and over, and now a
// second more each time.
func scripted(parts ...time.Duration) clocks {
	var (
		cpu   time.Duration
		reads int
		now   time.Time
	)
	return clocks{
		cpu: func() (time.Duration, error) {
			if reads%2 == 1 { // the end of a part
				cpu += parts[reads/2%len(parts)]
			} else {
				cpu += time.Hour // between parts: nobody's
			}
			reads++
			return cpu, nil
		},
		now: func() time.Time {
			now = now.Add(time.Second)
			return now
		},
	}
}

var machine = Machine{Go: "go1.26.8", OS: "linux", Arch: "amd64", CPUs: 8, GOMAXPROCS: 1}

func execute(t *testing.T, c clocks, in string, args ...string) (string, error) {
	t.Helper()
	cmd := newCommand(c, machine)
	var out bytes.Buffer
	cmd.SetArgs(args)
	cmd.SetIn(strings.NewReader(in))
	cmd.SetOut(&out)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	err := cmd.ExecuteContext(t.Context())
	return out.String(), err
}

func TestText(t *testing.T) {
	got, err := execute(t, scripted(turn...), "", "-c", "yaml:"+config, "--duration", "3s")
	require.NoError(t, err)
	golden(t, "bench.txt", got)
}

// TestJSON: the stages are those of the config in their order, each has its own
// time, and what is counted and calculated is right.
func TestJSON(t *testing.T) {
	got, err := execute(t, scripted(turn...), "", "-c", "yaml:"+config, "--duration", "3s", "--json")
	require.NoError(t, err)
	golden(t, "bench.json", got)
	var r Result
	require.NoError(t, json.Unmarshal([]byte(got), &r))
	require.Len(t, r.Routes, 1, "of otlp nothing is known")
	route := r.Routes[0]
	// Three passes: the clock shows a second more at each look.
	events := float64(3 * 248)
	assert.InDelta(t, events, route.Events, 0)
	var titles []string
	for i, want := range []float64{5, 3, 8, 2, 1, 1} {
		titles = append(titles, route.Stages[i].title())
		assert.InDelta(t, 3*want*1000/events, route.Stages[i].Micros, 0.001, titles[i])
	}
	assert.Equal(t, []string{"parse", "logs/a: copy", "logs/a: pii_scrub", "logs/a: event_metrics", "logs/b: filter/none", "logs/b: event_metrics"}, titles)
	assert.InDelta(t, 3*20*1000/events, route.Micros, 0.004)
	assert.InDelta(t, 1e6/route.Micros, route.PerSecond, 1)
	assert.Equal(t, []string{"memory_limiter", "batch", "otlp_http"}, route.NotRun)
	assert.EqualValues(t, 0, route.Stages[4].Out, "the filter drops all")
	assert.EqualValues(t, 0, route.Stages[5].In)
	assert.EqualValues(t, events, route.Stages[3].In)
	assert.EqualValues(t, events, route.Stages[1].Out)
}

// TestShares: a pipeline that changes records has a copy, but the last of them where no
// other pipeline reads along; one that reads sees what came, whatever the others do.
func TestShares(t *testing.T) {
	const reading = "{receivers: [auth_events], processors: [event_metrics, pii_scrub/tried], exporters: [event_metrics]}"
	const filtering = "{receivers: [auth_events], processors: [filter/none]}"
	for name, tc := range map[string]struct {
		pipelines string
		titles    []string
		in        []int64 // of the batches of one pass
	}{
		"one":              {"logs: " + filtering, []string{"parse", "logs: filter/none"}, []int64{248, 248}},
		"reads and filter": {"logs/a: " + filtering + "\n    logs/b: " + reading, []string{"parse", "logs/a: copy", "logs/a: filter/none", "logs/b: event_metrics", "logs/b: pii_scrub/tried", "logs/b: event_metrics"}, []int64{248, 248, 248, 248, 248, 248}},
		"filter twice":     {"logs/a: " + filtering + "\n    logs/b: " + filtering, []string{"parse", "logs/a: copy", "logs/a: filter/none", "logs/b: filter/none"}, []int64{248, 248, 248, 248}},
		"reads twice":      {"logs/a: " + reading + "\n    logs/b: " + reading, []string{"parse", "logs/a: event_metrics", "logs/a: pii_scrub/tried", "logs/a: event_metrics", "logs/b: event_metrics", "logs/b: pii_scrub/tried", "logs/b: event_metrics"}, []int64{248, 248, 248, 248, 248, 248, 248}},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := `
receivers: {auth_events: {stdin: {}}}
processors: {event_metrics: {}, filter/none: {logs: {log_record: ["true"]}}, pii_scrub/tried: {mode: audit, keys: [{id: k1, secret: "11111111111111111111111111111111"}]}}
connectors: {event_metrics: {}}
service:
  pipelines:
    ` + tc.pipelines
			got, err := execute(t, scripted(ms), "", "-c", "yaml:"+cfg, "--duration", "1s", "--json")
			require.NoError(t, err)
			var r Result
			require.NoError(t, json.Unmarshal([]byte(got), &r))
			require.Len(t, r.Routes, 1)
			var titles []string
			var in []int64
			for _, s := range r.Routes[0].Stages {
				titles = append(titles, s.title())
				in = append(in, s.In)
			}
			assert.Equal(t, tc.titles, titles)
			assert.Equal(t, tc.in, in)
		})
	}
}

// TestWarmUp: the first passes are slow, and count nothing.
func TestWarmUp(t *testing.T) {
	const parse = `
receivers: {auth_events: {stdin: {}}}
service: {pipelines: {logs: {receivers: [auth_events]}}}`
	got, err := execute(t, scripted(100*ms, 1*ms), "", "-c", "yaml:"+parse, "--duration", "1s", "--json")
	require.NoError(t, err)
	var r Result
	require.NoError(t, json.Unmarshal([]byte(got), &r))
	assert.EqualValues(t, 248, r.Routes[0].Events)
	assert.InDelta(t, 1000.0/248, r.Routes[0].Stages[0].Micros, 0.001)
}

func TestCoresAtTwoThirds(t *testing.T) {
	r := &Route{Stages: []*Stage{{Micros: 6}, {Micros: 4}}}
	r.sum()
	assert.Equal(t, []Cores{{10_000, 0.15}, {100_000, 1.5}, {1_000_000, 15}}, r.Cores)
	assert.InDelta(t, 100_000, r.PerSecond, 0)
	nothing := &Route{Stages: []*Stage{{}}}
	nothing.sum()
	assert.Zero(t, nothing.PerSecond)
}

// TestOldSampleIsAsNew: what a sample has in times and uids makes no stage idle: a
// filter of old records drops none, and all passes are counted.
func TestOldSampleIsAsNew(t *testing.T) {
	const filter = `
receivers: {auth_events: {stdin: {}}}
processors: {filter/old: {error_mode: propagate, logs: {log_record: ['time_unix_nano < UnixNano(Now()) - 3600000000000']}}}
service: {pipelines: {logs: {receivers: [auth_events], processors: [filter/old]}}}`
	got, err := execute(t, scripted(ms), "", "-c", "yaml:"+filter, "--duration", "2s", "--json")
	require.NoError(t, err)
	var r Result
	require.NoError(t, json.Unmarshal([]byte(got), &r))
	assert.Equal(t, r.Routes[0].Stages[1].In, r.Routes[0].Stages[1].Out)
	assert.NotZero(t, r.Routes[0].Stages[1].Out)
}

// TestMeasures: with the true clocks. That is about no figure: a machine may be slow.
func TestMeasures(t *testing.T) {
	cmd := New()
	var out bytes.Buffer
	cmd.SetArgs([]string{"-c", "yaml:" + config, "--duration", "50ms", "--json"})
	cmd.SetOut(&out)
	require.NoError(t, cmd.ExecuteContext(t.Context()))
	var r Result
	require.NoError(t, json.Unmarshal(out.Bytes(), &r))
	assert.Positive(t, r.Routes[0].Stages[0].Micros)
	assert.Positive(t, r.Routes[0].PerSecond)
	assert.Equal(t, 1, r.Machine.GOMAXPROCS)
}

func TestReceivers(t *testing.T) {
	const two = `
receivers: {auth_events/hera: {stdin: {}, source: hera}, auth_events/login: {stdin: {}, source: login_gov}}
service: {pipelines: {logs/b: {receivers: [auth_events/hera]}, logs/a: {receivers: [auth_events/login]}}}`
	got, err := execute(t, scripted(ms), "", "-c", "yaml:"+two, "--duration", "1s")
	require.NoError(t, err)
	golden(t, "receivers.txt", got)
}

// TestMessages: of kafka it is said that a message may be no batch.
func TestMessages(t *testing.T) {
	const kafka = `
extensions: {auth_events_encoding: {}}
receivers: {kafka: {logs: {encoding: auth_events_encoding}}, auth_events: {stdin: {}}}
service: {pipelines: {logs: {receivers: [kafka, auth_events]}}}`
	got, err := execute(t, scripted(ms), "", "-c", "yaml:"+kafka, "--duration", "1s")
	require.NoError(t, err)
	golden(t, "messages.txt", got)
	assert.Equal(t, 1, strings.Count(got, "for messages of many lines"))
}

func TestErrors(t *testing.T) {
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"duration":      {[]string{"-c", "yaml:" + config, "--duration", "0s"}, "--duration must be a positive duration (got 0s)"},
		"no config":     {nil, `required flag(s) "config" not set`},
		"no lines":      {[]string{"-c", "yaml:service: {pipelines: {logs: {receivers: [otlp]}}}"}, "no pipeline of logs has a receiver of lines"},
		"bad connector": {[]string{"-c", "yaml:" + strings.Replace(config, "event_metrics: {}", "event_metrics: {interval: 5}", 1)}, "connectors::event_metrics: interval"},
		"bad processor": {[]string{"-c", "yaml:" + strings.Replace(config, "batch: {}", "tail_sampling: {}", 1) + "\n    logs/d: {receivers: [auth_events], processors: [tail_sampling]}"}, "authctl has no processor of this type"},
		"no sample":     {[]string{"-c", "yaml:" + config, "not-there"}, "sample not-there: no such file or directory: name a file of lines"},
		"empty":         {[]string{"-c", "yaml:" + config, "-"}, "sample -: holds no line"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := execute(t, scripted(turn...), "\n \n", tc.args...)
			require.ErrorContains(t, err, tc.want)
		})
	}
}

// golden holds output against a file of testdata; UPDATE=1 writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE") != "" {
		require.NoError(t, os.MkdirAll("testdata", 0o750))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), got, "UPDATE=1 go test writes the file anew")
}
