package cloudwatch

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/authevents/otelcol-auth/internal/vendortest/otlp"
)

// signed lets requests with a valid signature pass.
func (s *Server) signed(service string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			apiError{http.StatusBadRequest, "SerializationException", err.Error()}.write(w)
			return
		}
		if e := s.verify(r, body, service); e != nil {
			s.note(r, e.kind+": "+e.message)
			e.write(w)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r)
	})
}

// takeLogs takes a batch for the group and stream of its headers.
func (s *Server) takeLogs(r *otlp.Request, logs plog.Logs) otlp.Answer {
	s.keep(r)
	group, stream := r.HTTP.Header.Get("x-aws-log-group"), r.HTTP.Header.Get("x-aws-log-stream")
	switch {
	case group == "" || stream == "":
		return s.refuse(r, "x-aws-log-group and x-aws-log-stream are required")
	case group != s.config.Group:
		return s.refuse(r, "The specified log group does not exist.")
	case stream != s.config.Stream:
		return s.refuse(r, "The specified log stream does not exist.")
	case logs.LogRecordCount() > maxEvents:
		return s.refuse(r, fmt.Sprintf("%d events in one request", logs.LogRecordCount()))
	}
	old, early := s.dropByAge(logs)
	s.mu.Lock()
	s.logs = append(s.logs, logs)
	s.mu.Unlock()
	if old+early == 0 {
		return otlp.Answer{}
	}
	why, err := json.Marshal(map[string]int{"tooOldLogEventCount": old, "tooNewLogEventCount": early, "expiredLogEventCount": 0})
	if err != nil {
		return otlp.Answer{Status: http.StatusInternalServerError, Message: err.Error()}
	}
	s.note(r.HTTP, string(why))
	return otlp.Answer{Rejected: int64(old + early), Message: string(why)}
}

// dropByAge removes records that are too old or too new, and counts them.
func (s *Server) dropByAge(logs plog.Logs) (old, early int) {
	now := s.now()
	tooOld, tooNew := pcommon.NewTimestampFromTime(now.Add(-maxAge)), pcommon.NewTimestampFromTime(now.Add(maxLead))
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			sl.LogRecords().RemoveIf(func(record plog.LogRecord) bool {
				at := record.Timestamp()
				if at == 0 {
					at = record.ObservedTimestamp()
				}
				switch {
				case at < tooOld:
					old++
				case at > tooNew:
					early++
				default:
					return false
				}
				return true
			})
		}
	}
	return old, early
}

func (s *Server) takeMetrics(r *otlp.Request, metrics pmetric.Metrics) otlp.Answer {
	s.keep(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.metrics = append(s.metrics, metrics)
	return otlp.Answer{}
}

// refuse is the answer to a validation error.
func (s *Server) refuse(r *otlp.Request, reason string) otlp.Answer {
	s.note(r.HTTP, reason)
	return otlp.Answer{Status: http.StatusBadRequest, Message: reason}
}
