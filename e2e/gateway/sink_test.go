//go:build unix

package gateway

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// sink is an OTLP/HTTP endpoint that all gateways send to. It keeps the newest
// point of each series of each gateway.
type sink struct {
	*httptest.Server

	mu     sync.Mutex
	delay  time.Duration
	times  map[string]int // that a record came, by log.record.uid
	traces map[string]int // by trace id
	newest map[string]map[string]float64
}

func newSink(t *testing.T) *sink {
	t.Helper()
	s := &sink{times: map[string]int{}, traces: map[string]int{}, newest: map[string]map[string]float64{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/x-protobuf")
		unzipped, err := gzip.NewReader(r.Body)
		if err != nil { // the gateway was killed while it sent
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		body, err := io.ReadAll(unzipped)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		s.take(t, r.URL.Path, body)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *sink) take(t *testing.T, path string, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if path == "/v1/metrics" {
		request := pmetricotlp.NewExportRequest()
		if assert.NoError(t, request.UnmarshalProto(body)) {
			s.takeMetrics(request.Metrics())
		}
		return
	}
	request := plogotlp.NewExportRequest()
	if !assert.NoError(t, request.UnmarshalProto(body)) {
		return
	}
	time.Sleep(s.delay) // one request at a time: the load of the tests that need one
	for _, rl := range request.Logs().ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				s.takeRecord(lr)
			}
		}
	}
}

func (s *sink) takeRecord(lr plog.LogRecord) {
	uid, _ := lr.Attributes().Get(attr.LogRecordUID)
	s.times[uid.Str()]++
	s.traces[lr.TraceID().String()]++
}

func (s *sink) takeMetrics(md pmetric.Metrics) {
	for _, rm := range md.ResourceMetrics().All() {
		instance, _ := rm.Resource().Attributes().Get("service.instance.id")
		series := s.newest[instance.Str()]
		if series == nil {
			series = map[string]float64{}
			s.newest[instance.Str()] = series
		}
		for _, sm := range rm.ScopeMetrics().All() {
			for _, m := range sm.Metrics().All() {
				takeMetric(m, series)
			}
		}
	}
}

// takeMetric names series as testdata/count.py does, but for the category.
func takeMetric(m pmetric.Metric, series map[string]float64) {
	switch m.Type() {
	case pmetric.MetricTypeSum:
		for _, p := range m.Sum().DataPoints().All() {
			series[m.Name()+labels(p.Attributes())] = float64(p.IntValue()) + p.DoubleValue()
		}
	case pmetric.MetricTypeHistogram:
		for _, p := range m.Histogram().DataPoints().All() {
			series[m.Name()+"_count"+labels(p.Attributes())] = float64(p.Count())
			series[m.Name()+"_sum"+labels(p.Attributes())] = p.Sum()
		}
	}
}

func labels(attributes pcommon.Map) string {
	var pairs []string
	for name, value := range attributes.All() {
		pairs = append(pairs, fmt.Sprintf("%s=%s", name, value.AsString()))
	}
	slices.Sort(pairs)
	return "{" + strings.Join(pairs, ",") + "}"
}

// counts are the sums over all gateways, without the category, which the plain
// script does not know.
func (s *sink) counts() map[string]float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]float64{}
	for _, series := range s.newest {
		for name, value := range series {
			if value == 0 || !strings.HasPrefix(name, "auth.") {
				continue
			}
			metric, list, _ := strings.Cut(strings.TrimSuffix(name, "}"), "{")
			pairs := slices.DeleteFunc(strings.Split(list, ","), func(pair string) bool { return strings.HasPrefix(pair, attr.Category+"=") })
			out[metric+"{"+strings.Join(pairs, ",")+"}"] += value
		}
	}
	return out
}

// sum adds up the series of one metric.
func sum(counts map[string]float64, metric string) float64 {
	total := 0.0
	for name, value := range counts {
		if strings.HasPrefix(name, metric+"{") {
			total += value
		}
	}
	return total
}

// records is how many different ones have come, and again how many deliveries
// were of those that had.
func (s *sink) records() (distinct, again int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.times {
		again += n - 1
	}
	return len(s.times), again
}

func (s *sink) slow(delay time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delay = delay
}
