package scrub

import (
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// Policy says what becomes of each kind of personal data.
type Policy struct {
	// Treatment is what is done with a record that no rule matches.
	Treatment
	// Rules are treatments of some records. The first that matches counts.
	Rules []Rule
	// Fields are known places beside those of the profiles.
	Fields []Field
	// Unparsed is what becomes of a line that could not be parsed.
	Unparsed Unparsed
	// OnError is what becomes of a record that the scrubber fails on.
	OnError OnError
	// Audit counts what the policy would change, and changes nothing.
	Audit bool
	// Verify is the share of records, 0 to 1, that are walked a second time.
	// What that walk still finds is a defect: it is counted as residual, and
	// OnError says what becomes of the record.
	Verify float64
	// Annotate puts the attributes pii_scrub.policy and pii_scrub.key_id on each
	// record.
	Annotate bool
	// DecodeTokens looks into base64 and JWT for e-mail and IP addresses.
	DecodeTokens bool
	// Keys make and verify the pseudonyms. One is needed under every policy:
	// without it the tokens of an earlier hop can't be told from forgeries.
	Keys []pseudonym.Key
	// Context separates the pseudonyms of two destinations.
	Context string
	// PreserveShape makes the pseudonym of a UUID a UUID.
	PreserveShape bool
	// EmitPrevious puts beside each attribute of a record that became a
	// pseudonym the one that it has under the key before, as <name>.previous.
	EmitPrevious bool
	// TrustedUpstream takes tokens of keys that are not among Keys for what they
	// look like. It is for a hop that has no key: a shape proves nothing.
	TrustedUpstream bool
	// KeepPIIFields leaves the scope attribute auth.pii.fields on, for a
	// gateway that scrubs again.
	KeepPIIFields bool
}

// Treatment is what is done with the values of one record.
type Treatment struct {
	Actions Actions
	// IPv4Bits and IPv6Bits are how many leading bits of an address Truncate
	// keeps. An IPv4-mapped IPv6 address is an IPv4 address.
	IPv4Bits int
	IPv6Bits int
	// IPKeep is what of an address stays whatever the action is.
	IPKeep IPKeep
	// EmailDomains says how KeepDomain leaves the domain: Keep, Registrable or
	// Provider.
	EmailDomains Action
	// Unlisted is what becomes of a field that no profile and no config lists.
	Unlisted Unlisted
}

// Rule is a treatment of the records that match all of its conditions. An empty
// condition matches every record.
type Rule struct {
	// EventName is a glob, in which * stands for any text.
	EventName string
	// Source is the record's auth.source.
	Source string
	// Attributes are equal to those of the record, or its resource, as text.
	Attributes map[string]string
	Treatment  Treatment
	// AllowFields turns the rule into default-deny: what it does not list is
	// dropped. Each is a path as in Field.
	AllowFields []string
}

// Field is a known place, beside those of the profiles.
type Field struct {
	// Path is a JSON Pointer into the body if it begins with /, with * for any
	// one member or element; else the name of an attribute of record, scope or
	// resource, where a * at the end stands for any text.
	Path string
	Kind pii.Kind
	// Source limits the field to records of one auth.source; "" does not.
	Source string
}

// IPKeep is what of an address stays.
type IPKeep uint8

const (
	// KeepNone leaves nothing.
	KeepNone IPKeep = iota
	// KeepPrivate leaves private and loopback addresses as they are.
	KeepPrivate
	// KeepClass leaves a label such as private or public in place of what would
	// be dropped or redacted.
	KeepClass
)

// Unlisted is what becomes of a field that nobody lists.
type Unlisted uint8

const (
	// ScanUnlisted searches it and counts it.
	ScanUnlisted Unlisted = iota
	// DropUnlisted drops it and counts it.
	DropUnlisted

	// NumUnlisted is the length of an array that is indexed by Unlisted.
	NumUnlisted
)

// String returns the name as it stands in configs and metrics.
func (u Unlisted) String() string { return [...]string{"scan", "drop"}[u] }

// Unparsed is what becomes of a line that could not be parsed.
type Unparsed uint8

const (
	// RedactUnparsed redacts it whole.
	RedactUnparsed Unparsed = iota
	// ScanUnparsed searches it as any text.
	ScanUnparsed
)

// OnError is what becomes of a record that the scrubber fails on.
type OnError uint8

const (
	// DropRecord removes it.
	DropRecord OnError = iota
	// RedactRecord leaves its times and its severity, and nothing else.
	RedactRecord
)

// DefaultPolicy is what pii_scrub does unless it is told otherwise. It has no
// keys: there is no default for these.
func DefaultPolicy() Policy {
	preset := presets[0]
	return Policy{
		Treatment: Treatment{
			Actions: preset.Actions, Unlisted: preset.Unlisted, IPv4Bits: 24, IPv6Bits: 48, EmailDomains: Keep,
		},
		Verify: 0.01,
	}
}
