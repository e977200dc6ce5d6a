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

// Reason says why a body was redacted whole.
type Reason uint8

const (
	// ParseError means that the line could not be parsed.
	ParseError Reason = iota
	// Strict means that the scope does not say where personal data is.
	Strict
	// NotJSON means a text that is no JSON object or array, or one beyond the
	// bounds of jsonscan, or bytes that are no text.
	NotJSON

	// NumReasons is the length of an array that is indexed by Reason.
	NumReasons
)

// String returns the name as it stands in metrics.
func (r Reason) String() string { return [...]string{"parse_error", "strict", "not_json"}[r] }

// Stats counts what one call of Logs did.
type Stats struct {
	// Records came in; Dropped of them could not be scrubbed and are gone.
	Records, Dropped int
	// Panics are bugs of the scrubber, each of which dropped a record or all
	// of a scope or resource. FirstPanic says where; nil if there was none.
	Panics     int
	FirstPanic *Panic
	// Values by kind (pii.None: an attribute redacted because nothing is
	// known of it), action, and how they were found. A pseudonym of an
	// earlier hop, left alone, is not counted.
	Values [pii.NumKinds][NumActions][NumFoundBy]int
	// Bodies redacted whole.
	Bodies [NumReasons]int
}
