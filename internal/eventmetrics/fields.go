package eventmetrics

import (
	"math"
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// field is a small number for an attribute that may stand on a point, so that
// a record is read into an array and not into a map.
type field uint8

const (
	fieldSource field = iota
	fieldDomain
	fieldEnvironment
	fieldEventName
	fieldCategory
	fieldOutcome
	fieldErrorType
	fieldMethod
	fieldContext
	fieldClientID
	fieldPKCEUsed
	fieldProvider
	fieldFirstLogin
	fieldFlow

	numFields
)

// fieldSpec says how values of a field are bounded.
type fieldSpec struct {
	attribute string
	// limit is how many distinct values a metric tells apart; 0 for maxValues.
	limit int
	// closed is the whole set of values, where there is one.
	closed []string
	// boolean marks a field that is a boolean on the point, as on the record.
	boolean bool
}

// Distinct values of an attribute that a metric tells apart. maxEventNames
// leaves room for all names that Login.gov has, about 450.
const (
	maxValues     = 200
	maxEventNames = 600
)

var booleans = []string{"true", "false"}

// fieldSpecs is indexed by field. No field names a person, a session or an
// address, and none may: see compile.
var fieldSpecs = [numFields]fieldSpec{
	fieldSource:      {attribute: attr.Source},
	fieldDomain:      {attribute: attr.Domain},
	fieldEnvironment: {attribute: attr.DeploymentEnvironmentName},
	fieldEventName:   {attribute: attr.OTelEventName, limit: maxEventNames},
	fieldCategory:    {attribute: attr.Category},
	fieldOutcome:     {attribute: attr.Outcome, closed: []string{attr.OutcomeSuccess, attr.OutcomeFailure}},
	fieldErrorType:   {attribute: attr.ErrorType},
	fieldMethod: {attribute: attr.Method, closed: []string{
		"backup_code", "code", "email", "link", "lookup_secret", "oidc", "otp", "passkey", "password",
		"personal_key", "phone", "piv_cac", "push", "recovery_code", "remember_device", "saml",
		"security_key", "sms", "social", "totp", "voice", "webauthn", "webauthn_platform",
	}},
	fieldContext:    {attribute: attr.Context},
	fieldClientID:   {attribute: attr.ClientID},
	fieldPKCEUsed:   {attribute: attr.PKCEUsed, closed: booleans, boolean: true},
	fieldProvider:   {attribute: attr.Provider},
	fieldFirstLogin: {attribute: attr.FirstLogin, closed: booleans, boolean: true},
	fieldFlow:       {attribute: attr.Flow},
}

// fieldOf returns the field of an attribute name.
func fieldOf(attribute string) (field, bool) {
	i := slices.IndexFunc(fieldSpecs[:], func(s fieldSpec) bool { return s.attribute == attribute })
	return field(max(i, 0)), i >= 0
}

// durationState says what a record's auth.duration is good for.
type durationState uint8

const (
	durationAbsent durationState = iota
	durationValid
	durationInvalid
)

// record is what counting needs of a log record. Its strings are the
// record's own; they are copied where one is kept.
type record struct {
	values        [numFields]string
	uid           string
	duration      float64
	durationState durationState
	parseError    bool
}

// read takes one attribute of a log record, so that one pass over them reads
// all that are wanted.
func (r *record) read(name string, value pcommon.Value) {
	switch name[:min(4, len(name))] {
	case "auth", "erro", "log.":
	default:
		return // most attributes are none of ours, and this is cheaper than the cases below
	}
	switch name {
	case attr.Source:
		r.values[fieldSource] = text(value)
	case attr.Domain:
		r.values[fieldDomain] = text(value)
	case attr.Category:
		r.values[fieldCategory] = text(value)
	case attr.Outcome:
		r.values[fieldOutcome] = text(value)
	case attr.ErrorType:
		r.values[fieldErrorType] = text(value)
	case attr.Method:
		r.values[fieldMethod] = text(value)
	case attr.Context:
		r.values[fieldContext] = text(value)
	case attr.ClientID:
		r.values[fieldClientID] = text(value)
	case attr.PKCEUsed:
		r.values[fieldPKCEUsed] = text(value)
	case attr.Provider:
		r.values[fieldProvider] = text(value)
	case attr.FirstLogin:
		r.values[fieldFirstLogin] = text(value)
	case attr.Flow:
		r.values[fieldFlow] = text(value)
	case attr.LogRecordUID:
		r.uid = text(value)
	case attr.Duration:
		r.readDuration(value)
	case attr.ParseError:
		r.parseError = true
	}
}

// readDuration takes seconds, or marks what can be no duration.
func (r *record) readDuration(value pcommon.Value) {
	r.durationState = durationInvalid
	switch value.Type() {
	case pcommon.ValueTypeDouble:
		r.duration = value.Double()
	case pcommon.ValueTypeInt:
		r.duration = float64(value.Int())
	default:
		return
	}
	if r.duration >= 0 && !math.IsInf(r.duration, 1) { // false for NaN as well
		r.durationState = durationValid
	}
}

// text returns a scalar value as text, and Other for a list, map or bytes:
// none of those makes a label. Only numbers are formatted anew.
func text(value pcommon.Value) string {
	switch value.Type() {
	case pcommon.ValueTypeStr:
		return value.Str()
	case pcommon.ValueTypeBool:
		if value.Bool() {
			return booleans[0]
		}
		return booleans[1]
	case pcommon.ValueTypeInt, pcommon.ValueTypeDouble:
		return value.AsString()
	case pcommon.ValueTypeEmpty:
		return ""
	default:
		return Other
	}
}
