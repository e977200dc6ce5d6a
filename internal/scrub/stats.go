package scrub

import "github.com/authevents/otelcol-auth/internal/pii"

// FoundBy says how a value came to be known as personal data.
type FoundBy uint8

const (
	// ByField is by the place it stands in, a body's path or a name.
	ByField FoundBy = iota
	// BySearch is by its looks, or as one of the record's own ids.
	BySearch

	// NumFoundBy is the length of an array that is indexed by FoundBy.
	NumFoundBy
)

// String returns the name as it stands in metrics.
func (f FoundBy) String() string { return [...]string{"field", "search"}[f] }

// Place is where in a signal a value stands.
type Place uint8

const (
	// InBody is the body of a log record.
	InBody Place = iota
	// InAttribute is an attribute of a log record, span, span event, link, data
	// point or exemplar.
	InAttribute
	// InResource is an attribute of a resource.
	InResource
	// InScope is an attribute of a scope.
	InScope
	// InName is what has one text per kind of record: the event name, the
	// severity's text, names of spans, metrics and scopes, schema URLs.
	InName

	// NumPlaces is the length of an array that is indexed by Place.
	NumPlaces
)

// String returns the name as it stands in metrics.
func (p Place) String() string {
	return [...]string{"body", "attribute", "resource", "scope", "name"}[p]
}

// Reason says why a body was redacted whole.
type Reason uint8

const (
	// ParseError means that the line could not be parsed.
	ParseError Reason = iota
	// Strict means that nothing says where in the body personal data is.
	Strict
	// NotJSON means a text that is no JSON object or array, or one beyond the
	// bounds of jsonscan, or bytes that are no text.
	NotJSON
	// Unplanned means that too many different lists of fields came at a time, and
	// there was no work left for this one, see planBudget.
	Unplanned

	// NumReasons is the length of an array that is indexed by Reason.
	NumReasons
)

// String returns the name as it stands in metrics.
func (r Reason) String() string {
	return [...]string{"parse_error", "strict", "not_json", "unplanned"}[r]
}

// DropReason says why a record was dropped, or redacted whole, see OnError.
type DropReason uint8

const (
	// Panicked means a defect of the scrubber.
	Panicked DropReason = iota
	// HadResidue means that a second walk found what the first had to.
	HadResidue

	// NumDropReasons is the length of an array that is indexed by DropReason.
	NumDropReasons
)

// String returns the name as it stands in metrics.
func (r DropReason) String() string { return [...]string{"panic", "residue"}[r] }

// Counts are numbers of values by kind, action, how they were found, and where.
type Counts [pii.NumKinds][NumActions][NumFoundBy][NumPlaces]uint32

// Stats counts what one call of Logs, Traces or Metrics did.
type Stats struct {
	// Records are the log records, spans or data points that came in. Dropped of
	// them could not be scrubbed and are gone; Redacted of them could not be
	// scrubbed and have lost all but their times. Both are 0 in audit mode.
	Records, Dropped, Redacted int
	// DroppedBy has Dropped plus Redacted by reason. Audit mode counts here
	// what would have been.
	DroppedBy [NumDropReasons]int
	// Panics are defects of the scrubber, each of which cost a record or what
	// belongs to a scope or resource. FirstPanic says where; nil if there was none.
	Panics     int
	FirstPanic *Panic
	// Values were found. pii.None is what was redacted because nothing is known
	// of it. A pseudonym of an earlier hop, left alone, is not counted.
	Values Counts
	// Changed is what of Values became another. It is 0 in audit mode.
	Changed Counts
	// Unlisted members and attributes, by what became of them. What is below
	// one of them is not counted again.
	Unlisted [NumUnlisted]int
	// UnlistedNames are names among them that are told for the first time: at most
	// 64 of all calls, see unlistedNames. It is nil nearly always.
	UnlistedNames []string
	// Residual values are those that the second walk of Policy.Verify found.
	Residual int
	// Bodies redacted whole.
	Bodies [NumReasons]int
}
