package datadog

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// The limits of the logs intake, from the description of Send logs. A log
// beyond maxLog is cut, which this server counts as a refusal: nothing of ours
// is that large.
const (
	maxLogs     = 1000
	maxLogsBody = 5 << 20
	maxLog      = 1 << 20
	maxLogAge   = 18 * time.Hour
)

// Log is a log as Datadog has it once its reserved attributes are taken out.
type Log struct {
	Host, Service, Source, Status string
	Tags                          []string
	Time                          time.Time
	// Message is what is left of a JSON message's own message, or the message.
	Message string
	// Attributes are those of a JSON message, by their dotted names.
	Attributes map[string]any
}

// Logs are those that were taken, in the order of arrival.
func (s *Server) Logs() []Log {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.logs)
}

// TooOld counts the logs that were accepted, and dropped for their age.
func (s *Server) TooOld() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tooOld
}

// takeLogs is the v2 logs intake.
func (s *Server) takeLogs(w http.ResponseWriter, r *http.Request) {
	body, status, reason := s.read(r, limits{sent: maxLogsBody, decoded: maxLogsBody}, "application/json")
	if status == http.StatusOK {
		status, reason = s.decodeLogs(body)
	}
	if status != http.StatusOK {
		s.refuse(w, r, status, reason)
		return
	}
	answer(w, http.StatusAccepted, map[string]any{})
}

// item is one log as it is sent.
type item struct {
	Message   *string `json:"message"`
	Status    string  `json:"status"`
	Timestamp int64   `json:"timestamp"` // milliseconds
	Hostname  string  `json:"hostname"`
	Service   string  `json:"service"`
	Source    string  `json:"ddsource"`
	Tags      string  `json:"ddtags"`
}

func (s *Server) decodeLogs(body []byte) (status int, reason string) {
	if bytes.Equal(body, []byte("{}")) {
		return http.StatusOK, "" // with which the exporter tries the connection
	}
	var raw []json.RawMessage
	if err := json.Unmarshal(body, &raw); err != nil {
		return http.StatusBadRequest, err.Error()
	}
	if len(raw) > maxLogs {
		return http.StatusBadRequest, fmt.Sprintf("%d logs in one request", len(raw))
	}
	logs := make([]Log, 0, len(raw))
	for _, one := range raw {
		var i item
		if err := json.Unmarshal(one, &i); err != nil {
			return http.StatusBadRequest, err.Error()
		}
		if i.Message == nil {
			return http.StatusBadRequest, "a log without message"
		}
		if len(one) > maxLog {
			return http.StatusBadRequest, "a log of more than 1 MB"
		}
		logs = append(logs, i.log())
	}
	s.addLogs(logs)
	return http.StatusOK, ""
}

// log takes the reserved attributes out of a JSON message, as Datadog's
// preprocessing does:
// https://docs.datadoghq.com/logs/log_configuration/pipelines/#preprocessing.
func (i item) log() Log {
	l := Log{
		Host: i.Hostname, Service: i.Service, Source: i.Source, Status: i.Status,
		Tags: strings.Split(i.Tags, ","), Time: time.UnixMilli(i.Timestamp), Message: *i.Message,
	}
	if json.Unmarshal([]byte(*i.Message), &l.Attributes) != nil {
		return l
	}
	for name, field := range map[string]*string{
		"hostname": &l.Host, "service": &l.Service, "status": &l.Status, "message": &l.Message,
	} {
		if v, ok := l.Attributes[name].(string); ok {
			*field = v
			delete(l.Attributes, name)
		}
	}
	if v, ok := l.Attributes["@timestamp"].(string); ok {
		if t, err := time.Parse(time.RFC3339Nano, v); err == nil {
			l.Time = t
			delete(l.Attributes, "@timestamp")
		}
	}
	l.Status = status(l.Status)
	return l
}

// status writes a status as Datadog does; a log without one is info:
// https://docs.datadoghq.com/logs/log_configuration/processors/#log-status-remapper.
func status(s string) string { return cmp.Or(strings.ToLower(s), "info") }

// addLogs keeps what is young enough: https://docs.datadoghq.com/logs/troubleshooting/.
func (s *Server) addLogs(logs []Log) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range logs {
		if time.Since(l.Time) > maxLogAge {
			s.tooOld++
			continue
		}
		s.logs = append(s.logs, l)
	}
}
