package profiles

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
)

// draft is a profile that is proposed, and what speaks for each of its parts.
type draft struct {
	name       string
	lines      int // JSON objects of the sample
	text       int // its other lines
	event      string
	nameless   bool // nothing names the events
	freeText   bool
	inText     map[string]string // what templates capture, by attribute
	match      [][]condition
	names      []choice
	time       []choice
	layouts    []string
	outcome    []choice
	values     map[string][]string // of the outcome
	errors     []choice
	attributes []choice // and uid, trace_id
	keyValues  []*field
	sentences  []sentence // where freeText
	events     []event
	hidden     int // lines whose event's name is not shown
	classes    []class
	refused    int
	knows      *vocabulary // nil where no built-in profile has these events
}

// newDraft judges the places of a sample. profiles are those whose names of events
// may be taken over.
func newDraft(name string, f *fields, profiles []authevent.ProfileInfo) *draft {
	all := f.sorted()
	d := &draft{name: name, lines: f.lines, text: f.text, refused: f.refused}
	for _, at := range all {
		if at.isKeyValues() {
			d.keyValues = append(d.keyValues, at)
		}
	}
	d.names, d.freeText = chooseEvent(all, f.lines)
	for _, at := range all {
		at.besideName = slices.ContainsFunc(d.names, func(c choice) bool { return c.field.object() == at.object() })
	}
	d.knows = vocabularyOf(d, all, f.objects, profiles)
	d.time = timeRole.choose(all, d.reads)
	d.layouts = layouts(d.time)
	d.outcome = slices.DeleteFunc(chooseOutcome(all), func(c choice) bool { return d.reads(c.field) })
	for i := range attributeRoles {
		r := &attributeRoles[i]
		d.attributes = append(d.attributes, r.choose(all, func(f *field) bool { return d.reads(f) && !d.mayFillToo(r.name, f) })...)
	}
	d.values = outcomeValues(d.outcome)
	if status := requests(d.attributes); status != nil && len(d.names) == 0 {
		d.requests(status)
	}
	if len(d.names) == 0 && d.event == "" {
		d.event, d.nameless = "event", true
	}
	d.errors = chooseErrors(all, d.reads)
	if d.freeText {
		d.ofSentences()
	} else if len(d.names) > 0 {
		d.events, d.hidden = events(d.names, d.knows.has, len(d.outcome) == 0)
	}
	d.whoIsMeant(all)
	d.match = matches(all, d.matchNames(all), slices.Concat(d.time, d.steady()))
	d.classes = classes(all, d.readsPointer, d.isOfOneUser())
	return d
}

// requests makes of the draft that of an access log: each line is one event, and
// its status tells the outcome.
func (d *draft) requests(status *field) {
	d.event = "http_request"
	d.outcome = []choice{{role: "outcome", field: status, fits: 1}}
	d.values = map[string][]string{attr.OutcomeFailure: serverErrors}
	d.events = []event{{name: d.event, category: "http", lines: len(status.lines)}}
}

// steady are the attributes, those of a person last: a line without a user, or of one
// without a name, is still of this source.
func (d *draft) steady() []choice {
	var things, persons []choice
	for _, c := range d.attributes {
		if c.isUser() {
			persons = append(persons, c)
		} else {
			things = append(things, c)
		}
	}
	return append(things, persons...)
}

// isOfOneUser says whether somebody has tried out the source, and saved that.
func (d *draft) isOfOneUser() bool {
	users := map[string]bool{}
	for _, c := range d.withRole(attr.UserID) {
		for value := range c.field.values {
			if !slices.Contains(sentinels, strings.ToLower(value)) {
				users[value] = true
			}
		}
	}
	return len(users) == 1
}

// missing are what nearly every source has, and the draft did not find.
func (d *draft) missing() (list []string) {
	outcomes := len(d.outcome) > 0 || slices.ContainsFunc(d.events, func(e event) bool { return e.outcome != "" }) ||
		d.knows != nil && (len(d.knows.events) > 0 || len(d.knows.patterns) > 0)
	for _, part := range []struct {
		name  string
		found bool
	}{
		{timeRole.name, len(d.time) > 0},
		{"outcome", outcomes},
		{attr.UserID, len(d.withRole(attr.UserID)) > 0 || d.inText[attr.UserID] != ""},
		{attr.ClientAddress, len(d.withRole(attr.ClientAddress)) > 0},
	} {
		if !part.found {
			list = append(list, part.name)
		}
	}
	return list
}

// matchNames are the places that tell a line of this source.
func (d *draft) matchNames(all []*field) []choice {
	if len(d.names) > 0 {
		return d.names
	}
	for _, c := range d.attributes {
		if c.role == attr.HTTPRequestMethod {
			return []choice{c}
		}
	}
	if len(d.time) > 0 {
		return d.time
	}
	var candidates []choice // whatever most lines have
	for _, f := range all {
		if f.isPlace() {
			candidates = append(candidates, choice{field: f})
		}
	}
	slices.SortStableFunc(candidates, func(a, b choice) int { return cmp.Compare(len(b.field.lines), len(a.field.lines)) })
	return cover(candidates)
}

// captures are names that templates give to what they capture, and attributes that
// it fills.
var captures = []struct{ capture, attribute string }{
	{"user", attr.UserID}, {"user", attr.UserName}, {"email", attr.UserEmail}, {"client", attr.ClientID}, {"method", attr.Method},
	{"status", attr.HTTPResponseStatusCode},
}

// captured notes that templates capture something.
func (d *draft) captured(capture string) {
	if d.inText == nil {
		d.inText = map[string]string{}
	}
	for _, c := range captures {
		if c.capture == capture {
			d.inText[c.attribute] = capture
		}
	}
}

// ofSentences names events by templates, and takes the user out of them.
func (d *draft) ofSentences() {
	d.sentences = sentences(d.names[0].field, d.knows.has)
	lines := map[string]int{}
	for _, s := range d.sentences {
		lines[s.event] += s.lines
		if s.user {
			d.captured("user")
		}
	}
	if d.knows != nil {
		for _, t := range d.knows.templates {
			for _, name := range captures {
				if strings.Contains(t.Template, "{"+name.capture+"}") {
					d.captured(name.capture)
				}
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		e := event{name: name, category: categoryOf(name), lines: lines[name]}
		if len(d.outcome) == 0 {
			e.outcome = outcomeOf(name)
		}
		d.events = append(d.events, e)
	}
}

// reads says whether a place is spoken for.
func (d *draft) reads(f *field) bool { return d.roleOf(f.pointer) != "" }

func (d *draft) readsPointer(pointer string) bool { return d.roleOf(pointer) != "" }

func (d *draft) roleOf(pointer string) string {
	for _, list := range [][]choice{d.names, d.time, d.outcome, d.errors, d.attributes} {
		for _, c := range list {
			if c.field.pointer == pointer {
				return c.role
			}
		}
	}
	for _, f := range d.keyValues {
		if f.pointer == pointer {
			return "key_values"
		}
	}
	return ""
}

// mayFillToo says whether a place that is spoken for may fill this attribute, too.
func (d *draft) mayFillToo(role string, f *field) bool {
	for _, c := range d.attributes {
		if c.field == f && !alsoFills(c.role, role) {
			return false
		}
	}
	return !slices.ContainsFunc(slices.Concat(d.names, d.time, d.outcome), func(c choice) bool { return c.field == f })
}

// layouts are those of the times that the parser does not know by itself.
func layouts(times []choice) (out []string) {
	for _, c := range times {
		for value := range c.field.values {
			if layout, known := layoutOf(strings.TrimSpace(value)); layout != "" && !known && !slices.Contains(out, layout) {
				out = append(out, layout)
			}
		}
	}
	slices.Sort(out)
	return out
}
