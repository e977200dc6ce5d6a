package drift

import (
	"cmp"
	"maps"
	"slices"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/profiles/sample"
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
)

// objectReason is the parser's for an object that no profile takes.
const objectReason = "no_event"

// Report is what drift prints.
type Report struct {
	Drift bool `json:"drift"`
	sample.Counts
	Sources []Source `json:"sources"`
}

// Source is the drift of one source.
type Source struct {
	Name      string  `json:"source"`
	Lines     int     `json:"lines"`
	NewEvents []Event `json:"new_events"`
	// MoreEvents counts unknown events beyond the first 1000 names.
	MoreEvents int             `json:"more_events,omitempty"`
	NewFields  []*sample.Field `json:"new_fields"`
	// MoreFields counts values at places beyond the first 4096.
	MoreFields int     `json:"more_fields,omitempty"`
	Lost       []Lost  `json:"lost_fields"`
	NotSeen    []Lost  `json:"not_seen"` // no drift
	Retyped    []Typed `json:"retyped_fields"`
}

// Event is one that the profile does not know.
type Event struct {
	Name  string `json:"event"`
	Lines int    `json:"lines"`
}

// Lost is an attribute that no line has, and where the profile looks for it.
type Lost struct {
	Attribute string   `json:"attribute"`
	Places    []string `json:"places"`
}

// Typed is a field of another type than the profile expects.
type Typed struct {
	Pointer string `json:"field"`
	Lines   int    `json:"lines"` // in which it is
	// Types counts all that stand there.
	Types map[string]int `json:"types"`
}

func (s *Source) drift() bool {
	return len(s.NewEvents)+len(s.NewFields)+len(s.Lost)+len(s.Retyped) > 0
}

// timeAttribute stands for the record's time, which is no attribute.
const timeAttribute = "(time)"

// common are the attributes that nearly every event of a source has, if any has.
var common = []string{
	timeAttribute, attr.Outcome, attr.UserID, attr.UserName, attr.UserEmail, attr.ClientAddress, attr.SessionID,
	attr.UserAgentOriginal, attr.LogRecordUID,
}

func (c *collector) report(counts sample.Counts) *Report {
	// An object that no profile takes is of a source that has changed, or that
	// should not be here: both are worth a look.
	r := &Report{Counts: counts, Sources: []Source{}, Drift: counts.NotTaken[objectReason] > 0}
	known := map[string]authevent.ProfileInfo{}
	for _, info := range authevent.Known() {
		known[info.Name] = info
	}
	for _, name := range slices.Sorted(maps.Keys(c.sources)) {
		s := c.sources[name].source(name, known[name], c.lostAfter)
		r.Drift = r.Drift || s.drift()
		r.Sources = append(r.Sources, s)
	}
	return r
}

func (f *found) source(name string, info authevent.ProfileInfo, lostAfter int) Source {
	s := Source{
		Name: name, Lines: f.lines, MoreEvents: f.moreEvents, NewFields: f.fields.Sorted(), MoreFields: f.fields.Refused,
		NewEvents: []Event{}, Lost: []Lost{}, NotSeen: []Lost{}, Retyped: []Typed{},
	}
	for _, event := range slices.Sorted(maps.Keys(f.events)) {
		s.NewEvents = append(s.NewEvents, Event{event, f.events[event]})
	}
	slices.SortStableFunc(s.NewEvents, func(a, b Event) int { return cmp.Compare(b.Lines, a.Lines) })
	for _, pointer := range slices.Sorted(maps.Keys(f.retyped)) {
		t := Typed{Pointer: pointer, Lines: f.retyped[pointer], Types: map[string]int{}}
		if field := f.seen.Get(pointer); field != nil {
			t.Types = field.Types
		}
		s.Retyped = append(s.Retyped, t)
	}
	add := func(l Lost) {
		if f.lines >= lostAfter && slices.Contains(common, l.Attribute) {
			s.Lost = append(s.Lost, l)
		} else {
			s.NotSeen = append(s.NotSeen, l)
		}
	}
	if f.noTime == f.lines && f.lines > 0 && len(info.Time) > 0 {
		add(Lost{timeAttribute, info.Time})
	}
	for _, a := range info.Attributes {
		// Those of the resource and the event's name are no attribute that can be lost.
		if f.attributes[a.Name] == 0 && len(a.Places) > 0 && a.Name != attr.DeploymentEnvironmentName {
			add(Lost{a.Name, a.Places})
		}
	}
	return s
}
