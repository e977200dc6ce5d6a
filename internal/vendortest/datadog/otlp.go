package datadog

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/authevents/otelcol-auth/internal/vendortest/otlp"
)

// otlpLogs is the OTLP logs intake. Its page names no limits; those of the
// logs intake behind it hold.
func (s *Server) otlpLogs() http.Handler {
	return otlp.Logs(otlp.Limits{Decoded: maxLogsBody}, func(r *otlp.Request, logs plog.Logs) otlp.Answer {
		if a := s.checkOTLP(r); !a.OK() {
			return a
		}
		if r.ContentType != otlp.Proto {
			return s.refuseOTLP(r, http.StatusBadRequest, "the logs intake takes HTTP Protobuf")
		}
		var taken []Log
		for _, rl := range logs.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, record := range sl.LogRecords().All() {
					taken = append(taken, ofRecord(rl.Resource(), record))
				}
			}
		}
		s.addLogs(taken)
		return otlp.Answer{}
	})
}

// ofRecord maps a record by the documented names:
// https://docs.datadoghq.com/opentelemetry/mapping/hostname/ and semantic_mapping/.
func ofRecord(resource pcommon.Resource, record plog.LogRecord) Log {
	get := func(name string) string { return attribute(resource, name) }
	at := record.Timestamp()
	if at == 0 {
		at = record.ObservedTimestamp()
	}
	return Log{
		Host: get("datadog.host.name"), Service: get("service.name"), Source: get("datadog.log.source"),
		Status: status(record.SeverityText()), Time: at.AsTime(),
		Tags:    []string{"env:" + get("deployment.environment.name")},
		Message: record.Body().AsString(), Attributes: record.Attributes().AsRaw(),
	}
}

// attribute is that of a resource, or "".
func attribute(resource pcommon.Resource, name string) string {
	if v, ok := resource.Attributes().Get(name); ok {
		return v.AsString()
	}
	return ""
}

// otlpMetrics is the OTLP metrics intake.
func (s *Server) otlpMetrics() http.Handler {
	return otlp.Metrics(otlp.Limits{}, func(r *otlp.Request, metrics pmetric.Metrics) otlp.Answer {
		if a := s.checkOTLP(r); !a.OK() {
			return a
		}
		// 500 kB, or 5 MB decompressed of what came compressed: "Error: 413".
		if int64(len(r.Raw)) > maxMetrics.sent || int64(len(r.Decoded)) > maxMetrics.decoded {
			return s.refuseOTLP(r, http.StatusRequestEntityTooLarge, fmt.Sprintf("%d bytes, %d decompressed", len(r.Raw), len(r.Decoded)))
		}
		aggregations, err := sendsAggregations(r.HTTP.Header.Get("dd-otel-metric-config"))
		if err != nil {
			return s.refuseOTLP(r, http.StatusBadRequest, err.Error())
		}
		points, err := ofMetrics(metrics, aggregations)
		if err != nil {
			return s.refuseOTLP(r, http.StatusBadRequest, err.Error())
		}
		if reason := s.addPoints(points); reason != "" {
			return s.refuseOTLP(r, http.StatusBadRequest, reason)
		}
		return otlp.Answer{}
	})
}

// checkOTLP checks the key: the pages know 403 for both kinds of failure.
func (s *Server) checkOTLP(r *otlp.Request) otlp.Answer {
	if status, reason := s.authorized(r.HTTP.Header.Get("dd-api-key")); status != http.StatusOK {
		return s.refuseOTLP(r, http.StatusForbidden, reason)
	}
	s.keep(r.HTTP, r.Decoded)
	return otlp.Answer{}
}

func (s *Server) refuseOTLP(r *otlp.Request, code int, reason string) otlp.Answer {
	s.note(r.HTTP, reason)
	return otlp.Answer{Status: code, Message: http.StatusText(code)}
}

// sendsAggregations says whether histograms make metrics of their count and sum,
// and refuses a header that is not of the documented form.
func sendsAggregations(header string) (bool, error) {
	if header == "" {
		return false, nil
	}
	d := json.NewDecoder(strings.NewReader(header))
	d.DisallowUnknownFields()
	var config struct {
		ResourceAttributesAsTags           bool `json:"resource_attributes_as_tags"`
		InstrumentationScopeMetadataAsTags bool `json:"instrumentation_scope_metadata_as_tags"`
		Histograms                         struct {
			Mode                   string `json:"mode"`
			SendAggregationMetrics bool   `json:"send_aggregation_metrics"`
		} `json:"histograms"`
		Summaries struct {
			Mode string `json:"mode"`
		} `json:"summaries"`
	}
	if err := d.Decode(&config); err != nil {
		return false, fmt.Errorf("dd-otel-metric-config: %w", err)
	}
	return config.Histograms.SendAggregationMetrics, nil
}

// ofMetrics makes counts of sums and, with send_aggregation_metrics, of histograms,
// as the translator does. Both have to be delta. Distributions are not kept.
func ofMetrics(metrics pmetric.Metrics, aggregations bool) ([]point, error) {
	var points []point
	for _, rm := range metrics.ResourceMetrics().All() {
		host := attribute(rm.Resource(), "datadog.host.name")
		add := func(name string, attributes pcommon.Map, at time.Time, value float64) {
			var tags []string
			for k, v := range attributes.All() {
				tags = append(tags, k+":"+v.AsString())
			}
			points = append(points, point{metric: name, host: host, tags: tags, at: at.Unix(), value: value})
		}
		for _, sm := range rm.ScopeMetrics().All() {
			for _, m := range sm.Metrics().All() {
				switch m.Type() {
				case pmetric.MetricTypeSum:
					if m.Sum().AggregationTemporality() != pmetric.AggregationTemporalityDelta {
						return nil, fmt.Errorf("%s is not delta", m.Name())
					}
					for _, p := range m.Sum().DataPoints().All() {
						value := p.DoubleValue()
						if p.ValueType() == pmetric.NumberDataPointValueTypeInt {
							value = float64(p.IntValue())
						}
						add(m.Name(), p.Attributes(), p.Timestamp().AsTime(), value)
					}
				case pmetric.MetricTypeHistogram:
					if m.Histogram().AggregationTemporality() != pmetric.AggregationTemporalityDelta {
						return nil, fmt.Errorf("%s is not delta", m.Name())
					}
					if !aggregations {
						continue
					}
					for _, p := range m.Histogram().DataPoints().All() {
						add(m.Name()+".count", p.Attributes(), p.Timestamp().AsTime(), float64(p.Count()))
						add(m.Name()+".sum", p.Attributes(), p.Timestamp().AsTime(), p.Sum())
					}
				}
			}
		}
	}
	return points, nil
}
