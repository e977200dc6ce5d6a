package profiles

import (
	"slices"
	"strings"
	"time"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
)

// vocabulary is what a built-in profile knows of the events of a sample: names that
// people gave, which no look at a line can find.
type vocabulary struct {
	profile   string
	lines     int // of the sample whose event it knows
	taken     int // lines that the profile takes as it is
	templates []authevent.TemplateInfo
	events    []authevent.EventInfo
	patterns  []authevent.PatternInfo
	unknown   string // what it calls an event whose name would be free text
	// byLine is what each line's event is, by its number; the zero known where the
	// profile does not know it.
	byLine []known
}

// known is what an event is.
type known struct{ name, category string }

// minKnown is how many names of a sample a profile has to know for the sample to be
// of its family, unless it takes the lines: login and logout are anybody's.
const minKnown = 3

// vocabularyOf picks the profile that knows the events of most lines; nil where none
// knows at least half of those that have one. d has the places of the name.
func vocabularyOf(d *draft, all []*field, lines [][]byte, profiles []authevent.ProfileInfo) *vocabulary {
	named := 0
	for _, c := range d.names {
		named += len(c.field.lines)
	}
	if named == 0 {
		return nil
	}
	var best *vocabulary
	for _, p := range profiles {
		v := knows(d, all, lines, p)
		if v != nil && v.lines*2 >= named && (best == nil || v.lines > best.lines) {
			best = v
		}
	}
	return best
}

// knows reads the sample by the draft's places and the names of a built-in profile,
// with the parser itself. nil where the profile knows too few of them.
func knows(d *draft, all []*field, lines [][]byte, p authevent.ProfileInfo) *vocabulary {
	v := &vocabulary{profile: p.Name, unknown: p.UnknownEvent, byLine: make([]known, len(lines))}
	for _, t := range p.Templates {
		if slices.ContainsFunc(all, func(f *field) bool { return f.pointer == t.From }) {
			v.templates = append(v.templates, t)
		}
	}
	parser, err := v.parser(d, p)
	if err != nil {
		return nil // the names are none for this place
	}
	listed := map[string]bool{} // names that the profile's lists have
	for _, e := range p.Events {
		listed[e.Name] = true
	}
	seen := map[string]bool{}
	batch := parser.NewBatch()
	for i, line := range lines {
		isEvent := batch.Add(authevent.Line{Text: line}, &authevent.Origin{}, time.Unix(0, 0)).Kind == authevent.Event
		ld := batch.Take()
		isUnknown := slices.ContainsFunc(batch.TakeDrift(), func(d authevent.Drift) bool { return d.Kind == authevent.DriftUnknownEvent })
		if !isEvent || isUnknown {
			continue
		}
		lr := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
		v.byLine[i].name = lr.EventName()
		if category, ok := lr.Attributes().Get(attr.Category); ok {
			v.byLine[i].category = category.Str()
		}
		v.lines++
		seen[lr.EventName()] = true
	}
	if v.taken = takenBy(p.Name, lines); len(seen) < minKnown && v.taken*2 < len(lines) {
		return nil
	}
	v.keep(p, seen, listed)
	return v
}

// parser is that of a profile with the draft's places and p's names.
func (v *vocabulary) parser(d *draft, p authevent.ProfileInfo) (*authevent.Parser, error) {
	var places, keyValues, templates, patterns []any
	match := map[string]any{}
	for _, c := range d.names {
		places = append(places, c.field.pointer)
		match[c.field.pointer] = map[string]any{"type": "text", "optional": true}
	}
	for _, f := range d.keyValues {
		keyValues = append(keyValues, f.pointer)
	}
	for _, t := range v.templates {
		templates = append(templates, map[string]any{"from": t.From, "template": t.Template, "event": t.Event})
	}
	for _, pattern := range p.Patterns {
		patterns = append(patterns, map[string]any{
			"prefix": pattern.Prefix, "suffix": pattern.Suffix, "category": pattern.Category, "outcome": pattern.Outcome, "known": pattern.Known,
		})
	}
	events := map[string]any{}
	for _, e := range p.Events {
		category, _ := events[e.Category].(map[string]any)
		if category == nil {
			category = map[string]any{}
			events[e.Category] = category
		}
		aliases := make([]any, len(e.Aliases))
		for i, alias := range e.Aliases {
			aliases[i] = alias
		}
		category[e.Name] = map[string]any{"outcome": e.Outcome, "aliases": aliases}
	}
	return authevent.NewParser(authevent.Options{
		Source: probe, Body: authevent.BodyEventName, DropUnparsed: true,
		Profiles: map[string]any{probe: map[string]any{
			"match": []any{match}, "event_name": places, "key_values": keyValues, "templates": templates, "patterns": patterns, "events": events,
		}},
	})
}

// probe is the name of the profile by which a sample is read.
const probe = "probe"

// keep leaves of p what the sample has: events and templates by their names, which
// brings their other spellings along, and patterns of names that are in no list.
func (v *vocabulary) keep(p authevent.ProfileInfo, seen, listed map[string]bool) {
	for _, e := range p.Events {
		if seen[e.Name] {
			v.events = append(v.events, e)
		}
	}
	v.templates = slices.DeleteFunc(v.templates, func(t authevent.TemplateInfo) bool {
		return !seen[t.Event] && !strings.Contains(t.Event, "{")
	})
	for _, pattern := range p.Patterns {
		for name := range seen {
			if !listed[name] && strings.HasPrefix(name, pattern.Prefix) && strings.HasSuffix(name, pattern.Suffix) {
				v.patterns = append(v.patterns, pattern)
				break
			}
		}
	}
}

// takenBy counts the lines that a built-in profile takes.
func takenBy(profile string, lines [][]byte) int {
	parser, err := authevent.NewParser(authevent.Options{Source: profile, Body: authevent.BodyEventName, DropUnparsed: true})
	if err != nil {
		return 0 // it is no built-in one
	}
	return taken(parser, lines)
}

// has says whether the event of a line is known.
func (v *vocabulary) has(line int) bool { return v != nil && v.byLine[line].name != "" }
