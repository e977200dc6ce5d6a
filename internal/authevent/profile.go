package authevent

// profile says what the lines of one IdP mean. It is data: profiles/<name>.yaml
// for those that are built in, Options.Profiles for a user's own. Places in a
// line are JSON Pointers (RFC 6901); a token that is a decimal number below
// maxElements also names an element of an array.
type profile struct {
	Name string `yaml:"name"`
	// ServiceName is the resource's service.name; the profile's name unless set.
	ServiceName string `yaml:"service_name"`
	// Match: the line is this IdP's if all conditions of one of these hold.
	Match []map[string]condition `yaml:"match"`

	// Event is the name of an event for which EventName yields none.
	Event string `yaml:"event"`
	// UnknownEvent is the name of all events whose name, in a source that
	// writes free text, neither Events nor Templates know.
	UnknownEvent string `yaml:"unknown_event"`
	// Of the lists of pointers below, the first that holds something counts.
	EventName   []string `yaml:"event_name"`
	Time        []string `yaml:"time"`
	UID         []string `yaml:"uid"`
	TraceID     []string `yaml:"trace_id"`
	Environment []string `yaml:"environment"`

	// TimeLayouts are Go layouts, tried after those of parseTime. TimeZone is
	// that of times that name none, UTC unless set.
	TimeLayouts []string `yaml:"time_layouts"`
	TimeZone    string   `yaml:"time_zone"`

	Outcome []string `yaml:"outcome"`
	// OutcomeValues lists what stands for success and for failure, beside
	// true, 1, false and 0; case does not count.
	OutcomeValues map[string][]string `yaml:"outcome_values"`
	ErrorType     errorTypeRules      `yaml:"error_type"`
	Severity      severityRules       `yaml:"severity"`
	Attributes    []attributeRule     `yaml:"attributes"`

	// KeyValues are texts that hold key="value", key="value". The value of a
	// key is the place <text>/<key>.
	KeyValues []string `yaml:"key_values"`
	// Templates name the events of texts, and find fields in them; the first
	// that fits counts.
	Templates []templateRule `yaml:"templates"`

	// Events are the names that the IdP is known to emit, by category. A
	// built-in profile may keep them in a file beside it, events_file.
	Events map[string]map[string]eventRule `yaml:"events"`
	// Patterns classify names that Events does not have; the first that
	// fits counts.
	Patterns []patternRule `yaml:"patterns"`

	// Types widens what JSON types are expected at a place, for fields that
	// the source writes in several ways: see expectation.
	Types map[string][]string `yaml:"types"`
	// PII tells what fields hold, by kind; a built-in profile may keep them in a
	// file beside it, pii_file. Those that are read and not listed are
	// classified by what they are read for.
	PII map[string][]string `yaml:"pii"`
}

// condition holds on a value's JSON type and, where one of the lists is given,
// on its text: it is one of In, begins with one of Prefix or has one of Contains
// in it, and is none of NotIn and has none of NotContains in it. Of a list or an
// object, Contains and NotContains look at the JSON.
type condition struct {
	Type        string   `yaml:"type"` // text, number, boolean, object, array
	In          []string `yaml:"in"`
	NotIn       []string `yaml:"not_in"`
	Prefix      []string `yaml:"prefix"`
	Contains    []string `yaml:"contains"`
	NotContains []string `yaml:"not_contains"`
	Optional    bool     `yaml:"optional"` // holds where the value is absent, too
	Absent      bool     `yaml:"absent"`   // holds only where the value is absent, or null
}

// attributeRule fills one attribute.
type attributeRule struct {
	Name string   `yaml:"name"`
	From []string `yaml:"from"`
	// After picks one segment of a path or URL, the one behind this text: of
	// users/47%7C11/groups, with users/, it is 47|11. A value that does not
	// begin so yields nothing.
	After string `yaml:"after"`
	// As is the name of a conversion, text unless set.
	As string `yaml:"as"`
	// Except are values that stand for none.
	Except []string `yaml:"except"`
	// Unlike are places: a value that stands there, too, counts for none. Who
	// changes an own account is no administrator.
	Unlike []string `yaml:"unlike"`
	// Const is the value where the rule applies and From is empty: a truth value
	// or a text.
	Const any `yaml:"const"`
	// The rule applies to these events, or categories, only, and to lines of
	// which all conditions of When hold. Several rules may then fill one
	// attribute: the first that applies and yields a value counts.
	Events        []string             `yaml:"events"`
	Categories    []string             `yaml:"categories"`
	NotCategories []string             `yaml:"not_categories"`
	When          map[string]condition `yaml:"when"`
}

// limited says whether there are lines to which the rule does not apply.
func (r *attributeRule) limited() bool {
	return len(r.Events)+len(r.Categories)+len(r.NotCategories)+len(r.When) > 0
}

// errorTypeRules find error.type on a failure: the first that yields one.
type errorTypeRules struct {
	Codes []string `yaml:"codes"` // values that are codes
	Keys  []string `yaml:"keys"`  // objects of which the first key path tells
	// Classes are texts that begin with the name of an exception's class.
	Classes []string `yaml:"classes"`
	// Phrases go before all others: what a sentence says that a code does not.
	Phrases []phraseRule `yaml:"phrases"`
}

// phraseRule makes a code of a text that has a phrase in it.
type phraseRule struct {
	From     []string `yaml:"from"`
	Contains string   `yaml:"contains"`
	Is       string   `yaml:"is"`
}

// severityRules make a record ERROR.
type severityRules struct {
	ErrorTypes []string `yaml:"error_types"` // by error.type
	Exceptions []string `yaml:"exceptions"`  // by a value that is there
}

// templateRule names the event of a text.
type templateRule struct {
	// From is the place of the text; without it the template is for lines of
	// plain text, which are no JSON.
	From string `yaml:"from"`
	// Template is what the text says. {name} captures what stands there up to
	// the next literal, as the place <from>/<name>; {} captures nothing.
	Template string `yaml:"template"`
	// Event is the event's name; {name} in it stands for what was captured.
	Event string `yaml:"event"`
}

// eventRule is what an event's name says.
type eventRule struct {
	Outcome  string `yaml:"outcome"`
	Step     string `yaml:"step"`
	Limiter  string `yaml:"limiter"`
	Method   string `yaml:"method"`
	Severity string `yaml:"severity"` // error, or nothing
	// Aliases are other spellings of the name: a former one, a code, a sentence.
	Aliases []string `yaml:"aliases"`
}

// patternRule is an eventRule for all names with a prefix, a suffix, or both.
type patternRule struct {
	Prefix   string `yaml:"prefix"`
	Suffix   string `yaml:"suffix"`
	Category string `yaml:"category"`
	Outcome  string `yaml:"outcome"`
	// Known: names that fit are no drift. It is for families of which only the
	// category matters, and for names made of what a template captures.
	Known bool `yaml:"known"`
}
