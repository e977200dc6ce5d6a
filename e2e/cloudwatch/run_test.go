//go:build unix

package cloudwatch

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
	vendor "github.com/authevents/otelcol-auth/internal/vendortest/cloudwatch"
)

const (
	group  = "auth-events"
	stream = "idp-1"
)

// credentials are temporary ones, as of a role.
var credentials = vendor.Config{
	AccessKeyID: "ASIAEXAMPLE", SecretAccessKey: "aws-secret-canary-0123456789", SessionToken: "aws-token-canary",
	Region: "eu-central-1", Group: group, Stream: stream,
}

// run is one collector with a state of its own, and its CloudWatch.
type run struct {
	e2etest.KnownSamples
	state  string
	env    []string
	server *vendor.Server
}

func newRun(t *testing.T, s e2etest.KnownSamples) *run {
	t.Helper()
	return &run{KnownSamples: s, state: t.TempDir(), server: vendor.New(t, credentials)}
}

// use replaces the samples by a file of the test's own.
func (r *run) use(t *testing.T, lines string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "hera.ndjson")
	require.NoError(t, os.WriteFile(file, []byte(lines), 0o600))
	r.KnownSamples = e2etest.KnownSamples{Files: []string{file}, Plain: e2etest.CountPlainly(t, file)}
}

func (r *run) start(t *testing.T) *colproc.Process {
	t.Helper()
	return e2etest.Start(t, colproc.Options{
		Config: "configs/cloudwatch.yaml",
		Overlays: []string{
			"yaml:connectors::event_metrics::interval: 2s",
			"yaml:exporters::otlp_http/logs::retry_on_failure::initial_interval: 200ms",
		},
		Env: append([]string{
			"AWS_ACCESS_KEY_ID=" + credentials.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + credentials.SecretAccessKey,
			"AWS_SESSION_TOKEN=" + credentials.SessionToken, "AWS_REGION=" + credentials.Region,
			"LOG_GROUP=" + group, "LOG_STREAM=" + stream, "STATE_DIR=" + r.state, r.Include(),
			"CLOUDWATCH_LOGS_ENDPOINT=" + r.server.URL, "CLOUDWATCH_METRICS_ENDPOINT=" + r.server.URL,
		}, r.env...),
	})
}

// awaitLogs waits until as many records have arrived as there are.
func (r *run) awaitLogs(t *testing.T, p *colproc.Process) {
	t.Helper()
	n := func() (n int) {
		for _, logs := range r.server.Logs() {
			n += logs.LogRecordCount()
		}
		return n
	}
	if !assert.Eventually(t, func() bool { return n() >= r.Records() }, e2etest.Patience, 50*time.Millisecond) {
		require.FailNow(t, "logs are missing", "%d of %d: %v\n%s", n(), r.Records(), r.server.Refusals(), p.Log())
	}
}

// arrived counts the records at the server by log.record.uid.
func arrived(s *vendor.Server) map[string]int {
	uids := map[string]int{}
	for _, logs := range s.Logs() {
		for _, rl := range logs.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, record := range sl.LogRecords().All() {
					uid, _ := record.Attributes().Get("log.record.uid")
					uids[uid.Str()]++
				}
			}
		}
	}
	return uids
}

// newest are the values of the last request's series, named as the script
// does, and added up over the attribute that it does not know. The connector
// sends all series each time.
func newest(requests []pmetric.Metrics) map[string]float64 {
	out := map[string]float64{}
	if len(requests) == 0 {
		return out
	}
	add := func(name string, attributes pcommon.Map, value float64) {
		var labels []string
		for k, v := range attributes.All() {
			if k != "auth.category" {
				labels = append(labels, k+"="+v.AsString())
			}
		}
		slices.Sort(labels)
		out[name+"{"+strings.Join(labels, ",")+"}"] += value
	}
	for _, rm := range requests[len(requests)-1].ResourceMetrics().All() {
		for _, sm := range rm.ScopeMetrics().All() {
			for _, m := range sm.Metrics().All() {
				switch m.Type() {
				case pmetric.MetricTypeSum:
					for _, p := range m.Sum().DataPoints().All() {
						add(m.Name(), p.Attributes(), p.DoubleValue()+float64(p.IntValue()))
					}
				case pmetric.MetricTypeHistogram:
					for _, p := range m.Histogram().DataPoints().All() {
						add(m.Name()+"_count", p.Attributes(), float64(p.Count()))
						add(m.Name()+"_sum", p.Attributes(), p.Sum())
					}
				}
			}
		}
	}
	return out
}
