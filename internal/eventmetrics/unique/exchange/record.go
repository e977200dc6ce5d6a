// Package exchange carries the windows of unique counts from one collector to
// another, as log records, so that a user whom both saw counts once. It knows
// pdata and windows, and neither the engine nor collector components.
//
// A slot of a window only grows, and merging it again adds nothing. So records
// may come late, twice, in any order and over several hops, and whoever takes
// them keeps nothing about who sent them.
package exchange

import (
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
)

// EventName of a record that holds a sketch, which is no sign-in event.
const EventName = "event_metrics.sketch"

// MetricAttribute of such a record names the metric. definition.WindowAttribute
// holds the window's length, the other attributes are those of the series, and
// the body is the window's encoding, as bytes.
const MetricAttribute = "event_metrics.metric"

// maxAttributes bounds what a record may claim to be: a series has no more.
const maxAttributes = 32

// Sketch is the window of a series as it came with a record.
type Sketch struct {
	Metric string
	Length time.Duration
	// Attributes of the record, MetricAttribute and definition.WindowAttribute
	// among them. They are the record's, and end with it.
	Attributes pcommon.Map
	// Data is for unique.Window.MergeBinary, which checks it.
	Data []byte
}

// Result says what became of the records of a batch that hold sketches.
type Result struct {
	// Merged and Refused add up to the sketches of the batch.
	Merged, Refused int
	// Others is the number of records that hold none.
	Others int
}

// Receive gives merge all sketches of a batch. It is no error of the batch if
// one is refused: sent again it would be refused again. The error joins the
// first few reasons.
func Receive(ld plog.Logs, merge func(Sketch) error) (Result, error) {
	const maxReasons = 3
	var result Result
	var reasons []error
	for _, rl := range ld.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				if lr.EventName() != EventName {
					result.Others++
					continue
				}
				sketch, err := parse(lr)
				if err == nil {
					err = merge(sketch)
				}
				if err == nil {
					result.Merged++
					continue
				}
				result.Refused++
				if len(reasons) < maxReasons {
					reasons = append(reasons, err)
				}
			}
		}
	}
	return result, errors.Join(reasons...)
}

// parse reads what says where the sketch belongs. Errors quote nothing of the
// record, which may be anything.
func parse(lr plog.LogRecord) (Sketch, error) {
	attributes := lr.Attributes()
	if attributes.Len() > maxAttributes {
		return Sketch{}, fmt.Errorf("a sketch has %d attributes, more than any series", attributes.Len())
	}
	metric, ok := attributes.Get(MetricAttribute)
	if !ok || metric.Type() != pcommon.ValueTypeStr {
		return Sketch{}, fmt.Errorf("a sketch does not name its metric in %s", MetricAttribute)
	}
	window, ok := attributes.Get(definition.WindowAttribute)
	if !ok || window.Type() != pcommon.ValueTypeStr {
		return Sketch{}, fmt.Errorf("a sketch does not say its window in %s", definition.WindowAttribute)
	}
	length, err := time.ParseDuration(window.Str())
	if err != nil {
		return Sketch{}, fmt.Errorf("the %s of a sketch is no duration such as 24h", definition.WindowAttribute)
	}
	if lr.Body().Type() != pcommon.ValueTypeBytes {
		return Sketch{}, fmt.Errorf("the body of a sketch is no bytes but %s: leave records with the event name %s as they are",
			lr.Body().Type(), EventName)
	}
	if n := lr.Body().Bytes().Len(); n > unique.MaxEncoded {
		return Sketch{}, fmt.Errorf("a sketch of %d bytes is larger than any", n) // and is not copied
	}
	return Sketch{Metric: metric.Str(), Length: length, Attributes: attributes, Data: lr.Body().Bytes().AsRaw()}, nil
}
