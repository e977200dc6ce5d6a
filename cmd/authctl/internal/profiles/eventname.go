package profiles

import (
	"cmp"
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/profiles/sample"
)

// eventNames are folded names of fields that name events, the most telling first.
var eventNames = []string{
	"event", "eventname", "eventtype", "event/name", "event/type", "event/action", "action", "what", "operation", "operationtype",
	"activity", "type", "name", "op",
}

// messages are names of fields with a sentence for people.
var messages = []string{"msg", "message", "description", "text", "log"}

// unknownEvent is what an event is called whose name would be free text.
const unknownEvent = "message"

// chooseEvent finds the places of the event's name. freeText says that all there
// is are sentences.
func chooseEvent(all []*field, lines int) (chosen []choice, freeText bool) {
	var candidates []choice
	for _, f := range all {
		if score, ok := eventScore(f, lines); ok {
			candidates = append(candidates, choice{role: "event_name", field: f, rank: -score, fits: f.share(shapeCode, shapeWords)})
		}
	}
	slices.SortStableFunc(candidates, func(a, b choice) int { return cmp.Compare(a.rank, b.rank) })
	// A name in a corner of few lines is none, unless others have it there, too.
	if len(candidates) > 0 {
		first := candidates[0].field.depth
		candidates = slices.DeleteFunc(candidates, func(c choice) bool { return c.field.depth > first+1 })
	}
	chosen = cover(candidates)
	covered := map[int]bool{}
	for i := range chosen {
		chosen[i].rank = slices.Index(eventNames, chosen[i].field.name) // for the confidence
		for _, line := range chosen[i].field.lines {
			covered[line] = true
		}
	}
	if len(covered)*2 >= lines {
		return chosen, false
	}
	for _, name := range messages {
		for _, f := range all {
			if f.name == name && f.isPlace() && f.depth == 1 && len(f.lines)*2 >= lines && (len(f.values) > 1 || lines < 3) {
				return []choice{{role: "event_name", field: f, rank: unranked, fits: f.share(shapeCode, shapeWords, shapeMixed)}}, true
			}
		}
	}
	return nil, false
}

// eventScore says how well a field would name events: by how many lines have it,
// by its name, by its depth, and by whether it tells one event from another.
func eventScore(f *field, lines int) (score int, ok bool) {
	if !f.isPlace() || f.share(shapeCode, shapeWords, shapeOpaque) < 0.8 || f.types[sample.Text] == 0 {
		return 0, false
	}
	rank := slices.IndexFunc(eventNames, func(name string) bool {
		parent, member, both := strings.Cut(name, "/")
		return !both && name == f.name || both && f.name == member && f.parent == parent
	})
	if rank < 0 || len(f.values) > maxEvents {
		return 0, false
	}
	// name is also what people and things have: it has to speak of signing in.
	if f.name == "name" && f.vocabulary() < 0.5 {
		return 0, false
	}
	score = 100*len(f.lines)/max(1, lines) - 4*rank - 15*(f.depth-1)
	switch {
	case len(f.values) == 1 && lines > 3 && len(f.lines) > 3:
		score -= 60
	case f.share(shapeWords) > 0.5: // of two, the code is the name
		score -= 30
	}
	return score, true
}

// vocabulary is the share of a field's values that have a word of signing in.
func (f *field) vocabulary() float64 {
	known := 0
	for value := range f.values {
		if categoryOf(value) != "other" {
			known++
		}
	}
	return float64(known) / float64(max(1, len(f.values)))
}
