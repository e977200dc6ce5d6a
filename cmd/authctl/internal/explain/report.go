package explain

import "encoding/json"

// Report says what becomes of one line. --json prints one on each line.
type Report struct {
	// Line is the number of the line in the input, from 1: of one that a wrapper
	// joins of parts, the first of them. Event numbers the lines of an envelope
	// that holds several, from 1.
	Line  int64 `json:"line"`
	Event int   `json:"event,omitempty"`
	// Receiver is whose rules make a record of the line.
	Receiver string `json:"receiver"`
	// Wrapper was taken off; "" for none.
	Wrapper string `json:"wrapper,omitempty"`
	// Profile took the line because Conditions hold, or because Template fits.
	Profile    string   `json:"profile,omitempty"`
	Conditions []string `json:"conditions,omitempty"`
	Template   string   `json:"template,omitempty"`
	// Unparsed is there for a line that is no event; Skipped for one with nothing in it.
	Unparsed  *Unparsed        `json:"unparsed,omitempty"`
	Skipped   string           `json:"skipped,omitempty"`
	Record    *Record          `json:"record,omitempty"`
	Pipelines []PipelineReport `json:"pipelines,omitempty"`
}

// Unparsed says why a line is no event.
type Unparsed struct {
	// Reason is the attribute auth.parse.error.
	Reason string `json:"reason"`
	// Byte is where, from 0, of the line without its wrapper.
	Byte int    `json:"byte"`
	Why  string `json:"why"`
	// Tried says what each profile misses.
	Tried []string `json:"tried,omitempty"`
	// Becomes is what the receiver makes of it.
	Becomes string `json:"becomes"`
}

// Record is the record as the receiver makes it.
type Record struct {
	EventName string `json:"event_name"`
	Time      string `json:"time"`
	// TimeOfReading: the line has no time that can be used.
	TimeOfReading bool    `json:"time_of_reading,omitempty"`
	Severity      string  `json:"severity"`
	TraceID       string  `json:"trace_id,omitempty"`
	Resource      []Field `json:"resource"`
	Attributes    []Field `json:"attributes"`
	// Body says what the body is, and not what it says.
	Body string `json:"body"`
}

// Field is an attribute.
type Field struct {
	Name  string          `json:"name"`
	Value json.RawMessage `json:"value"`
	// Status is that in the semantic conventions: stable, development, contrib or
	// ours; "" for a name that is not of the vocabulary.
	Status string `json:"status,omitempty"`
}

// PipelineReport is what a pipeline does with the record.
type PipelineReport struct {
	Pipeline   string   `json:"pipeline"`
	Processors []string `json:"processors"`
	// DroppedBy is the processor that no record leaves; Error why one has failed.
	DroppedBy string `json:"dropped_by,omitempty"`
	Error     string `json:"error,omitempty"`
	// Places are those of the record as it leaves, and those that are gone.
	Places []Place `json:"places,omitempty"`
	// Audits are of each pii_scrub in mode: audit, in the pipeline's order.
	Audits   []AuditReport   `json:"audits,omitempty"`
	Counters []CounterReport `json:"counters,omitempty"`
}

// AuditReport is what a pii_scrub in mode: audit would change with mode: enforce. The
// record leaves it as it came.
type AuditReport struct {
	Processor string `json:"processor"`
	// Places are those that would change, as it would leave them.
	Places []Place `json:"places"`
}

// Changes of a Place.
const (
	changeAdded   = "added"
	changeRemoved = "removed"
	changeChanged = "changed"
)

// Place is a value before and after a pipeline.
type Place struct {
	// Section is record, resource, scope, attribute or body.
	Section string `json:"section"`
	// Name is that of the attribute; of the body it is a JSON Pointer, empty for
	// all of it.
	Name string `json:"name"`
	// Change is added, removed or changed; "" for none.
	Change string          `json:"change,omitempty"`
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
	Marks  []Mark          `json:"marks,omitempty"`

	before, after *tree
}

// Mark is a processor that changed a value.
type Mark struct {
	Processor string `json:"processor"`
	// Causes are those of pii_scrub; Rule is the one of its rules that the record
	// is treated by, as rules[i].
	Causes []Cause `json:"causes,omitempty"`
	Rule   string  `json:"rule,omitempty"`
}

// CounterReport is what an event_metrics counts of the record alone: funnels, pairs
// and whatever else joins events begin with it.
type CounterReport struct {
	ID string `json:"id"`
	// Connector: it counts what leaves the pipeline; else it is one of the processors.
	Connector bool     `json:"connector"`
	Metrics   []Metric `json:"metrics"`
}

// Metric is a series that the record adds to.
type Metric struct {
	Name string `json:"name"`
	Unit string `json:"unit"`
	// Adds is what a counter goes up by, what a histogram takes in, or how many
	// users a window has.
	Adds   float64           `json:"adds"`
	Labels map[string]string `json:"labels"`
}
