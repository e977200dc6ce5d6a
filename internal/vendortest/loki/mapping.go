package loki

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/otlptranslator"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// Entry is a line as Loki stores it.
type Entry struct {
	// Labels are the index labels: they make the stream.
	Labels map[string]string
	// Metadata is the structured metadata.
	Metadata map[string]string
	Time     time.Time
	Line     string

	// pairs are Metadata as it came, with names that came twice.
	pairs []pair
}

type pair struct{ name, value string }

// indexLabels are the resource attributes of which Loki makes labels:
// distributor.otlp.default_resource_attributes_as_index_labels.
var indexLabels = []string{
	"service.name", "service.namespace", "service.instance.id",
	"deployment.environment", "deployment.environment.name",
	"cloud.region", "cloud.availability_zone",
	"k8s.cluster.name", "k8s.namespace.name", "k8s.pod.name", "k8s.container.name", "container.name",
	"k8s.replicaset.name", "k8s.deployment.name", "k8s.statefulset.name", "k8s.daemonset.name", "k8s.cronjob.name", "k8s.job.name",
}

// entriesOf maps all records of a request.
func entriesOf(logs plog.Logs) (entries []Entry, err error) {
	for _, rl := range logs.ResourceLogs().All() {
		labels, resource, err := ofResource(rl.Resource().Attributes())
		if err != nil {
			return nil, err
		}
		for _, sl := range rl.ScopeLogs().All() {
			scope, err := ofScope(sl.Scope())
			if err != nil {
				return nil, err
			}
			for _, record := range sl.LogRecords().All() {
				e, err := ofRecord(record)
				if err != nil {
					return nil, err
				}
				e.Labels = labels
				e.pairs = slices.Concat(e.pairs, resource, scope)
				e.Metadata = map[string]string{"detected_level": level(record.SeverityNumber())}
				for _, p := range e.pairs {
					e.Metadata[p.name] = p.value
				}
				entries = append(entries, e)
			}
		}
	}
	return entries, nil
}

// ofResource tells labels from structured metadata. A stream without a name is
// of the service unknown_service.
func ofResource(attributes pcommon.Map) (labels map[string]string, metadata []pair, err error) {
	labels = map[string]string{"service_name": "unknown_service"}
	for name, value := range attributes.All() {
		pairs, err := pairsOf(name, value)
		if err != nil {
			return nil, nil, err
		}
		if !slices.Contains(indexLabels, name) {
			metadata = append(metadata, pairs...)
			continue
		}
		for _, p := range pairs {
			labels[p.name] = p.value
		}
	}
	return labels, metadata, nil
}

func ofScope(scope pcommon.InstrumentationScope) ([]pair, error) {
	pairs, err := pairsOfMap("", scope.Attributes())
	if scope.Name() != "" {
		pairs = append(pairs, pair{"scope_name", scope.Name()})
	}
	if scope.Version() != "" {
		pairs = append(pairs, pair{"scope_version", scope.Version()})
	}
	return pairs, err
}

// ofRecord maps a record's own. Its EventName is not looked at.
func ofRecord(record plog.LogRecord) (Entry, error) {
	pairs, err := pairsOfMap("", record.Attributes())
	if err != nil {
		return Entry{}, err
	}
	at := record.Timestamp()
	if at == 0 {
		at = record.ObservedTimestamp()
	} else if record.ObservedTimestamp() != 0 {
		pairs = append(pairs, pair{"observed_timestamp", strconv.FormatUint(uint64(record.ObservedTimestamp()), 10)})
	}
	if n := record.SeverityNumber(); n != plog.SeverityNumberUnspecified {
		pairs = append(pairs, pair{"severity_number", strconv.Itoa(int(n))})
	}
	if record.SeverityText() != "" {
		pairs = append(pairs, pair{"severity_text", record.SeverityText()})
	}
	if record.Flags() != 0 {
		pairs = append(pairs, pair{"flags", strconv.Itoa(int(record.Flags()))})
	}
	if id := record.TraceID(); !id.IsEmpty() {
		pairs = append(pairs, pair{"trace_id", hex.EncodeToString(id[:])})
	}
	if id := record.SpanID(); !id.IsEmpty() {
		pairs = append(pairs, pair{"span_id", hex.EncodeToString(id[:])})
	}
	return Entry{Time: at.AsTime(), Line: record.Body().AsString(), pairs: pairs}, nil
}

func pairsOfMap(prefix string, attributes pcommon.Map) (all []pair, err error) {
	for name, value := range attributes.All() {
		pairs, err := pairsOf(prefix+name, value)
		if err != nil {
			return nil, err
		}
		all = append(all, pairs...)
	}
	return all, nil
}

// pairsOf flattens maps, and names as Prometheus does: dots become underscores.
func pairsOf(name string, value pcommon.Value) ([]pair, error) {
	namer := otlptranslator.LabelNamer{}
	name, err := namer.Build(name)
	if err != nil {
		return nil, fmt.Errorf("symbolizer lookup: %w", err)
	}
	if value.Type() == pcommon.ValueTypeMap {
		return pairsOfMap(name+"_", value.Map())
	}
	return []pair{{name, value.AsString()}}, nil
}

// level is what Loki detects where no attribute is named like a level. A
// severity text would come first; with ours both say the same.
func level(n plog.SeverityNumber) string {
	switch {
	case n == plog.SeverityNumberUnspecified:
		return "unknown"
	case n <= plog.SeverityNumberTrace4:
		return "trace"
	case n <= plog.SeverityNumberDebug4:
		return "debug"
	case n <= plog.SeverityNumberInfo4:
		return "info"
	case n <= plog.SeverityNumberWarn4:
		return "warn"
	case n <= plog.SeverityNumberError4:
		return "error"
	default:
		return "fatal"
	}
}
