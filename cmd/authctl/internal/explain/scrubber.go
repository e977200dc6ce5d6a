package explain

import (
	"fmt"
	"strings"
	"sync"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub"
	"github.com/authevents/otelcol-auth/processor/piiscrub"
)

// Cause is why a scrubber changed a value.
type Cause struct {
	Kind    string `json:"kind,omitempty"`
	Action  string `json:"action,omitempty"`
	FoundBy string `json:"found_by,omitempty"`
	// Because is what is no kind of personal data: a body redacted whole, a field
	// that nobody lists.
	Because string `json:"because,omitempty"`
}

func (c Cause) String() string {
	if c.Because != "" {
		return c.Because
	}
	by := map[string]string{scrub.ByField.String(): "by field", scrub.BySearch.String(): "by search"}[c.FoundBy]
	return strings.Join([]string{c.Kind, c.Action, by}, ", ")
}

// scrubber finds out why a pii_scrub changed what it did: a second one of the same
// policy scrubs the record without the value in question, and what it then does not
// count was that value. So nothing has to be noted while records are scrubbed, and
// what is said is what the scrubber itself has counted.
type scrubber struct {
	scrubber *scrub.Scrubber // changes what it is given, also where the config has mode: audit
	audits   bool            // the config has
}

func newScrubber(cfg *piiscrub.Config) (*scrubber, error) {
	policy, err := cfg.Policy()
	if err != nil {
		return nil, err
	}
	if err := cfg.ReadKeys(&policy); err != nil {
		return nil, err
	}
	audits := policy.Audit
	policy.Audit = false
	s, err := scrub.New(policy)
	if err != nil {
		return nil, err
	}
	return &scrubber{s, audits}, nil
}

// scrubbed is ld as mode: enforce leaves it. ld stays as it is.
func (s *scrubber) scrubbed(ld plog.Logs) plog.Logs {
	copied := plog.NewLogs()
	ld.CopyTo(copied)
	s.scrubber.Logs(copied)
	return copied
}

// rule is the one that treats the record, as rules[i]; "" for none.
func (s *scrubber) rule(ld plog.Logs) string {
	if i := s.scrubber.RuleOf(ld); i >= 0 {
		return fmt.Sprintf("rules[%d]", i)
	}
	return ""
}

func (s *scrubber) count(ld plog.Logs, without *row, body *tree) scrub.Stats {
	copied := plog.NewLogs()
	ld.CopyTo(copied)
	if without != nil {
		takeOut(copied, without, body)
	}
	return s.scrubber.Logs(copied)
}

// causes says why each of the rows changed. ld is the record before, and body its
// body.
func (s *scrubber) causes(ld plog.Logs, body *tree, rows []row) [][]Cause {
	with := sync.OnceValue(func() scrub.Stats { return s.count(ld, nil, body) }) // many lines have no such row
	causes := make([][]Cause, len(rows))
	for i := range rows {
		r := &rows[i]
		if because := added(r); because != "" {
			causes[i] = []Cause{{Because: because}}
			continue
		}
		all, without := with(), s.count(ld, r, body)
		causes[i] = difference(&all, &without, r)
	}
	return causes
}

// added knows what a scrubber puts on a record and takes off it by its own rules.
func added(r *row) string {
	name := r.String()
	switch {
	case r.section == ofScope && name == attr.PIIFields:
		return "read here, and taken off"
	case r.before != nil:
		return ""
	case name == attr.ScrubPolicy || name == attr.ScrubKeyID:
		return "annotate"
	case strings.HasSuffix(name, attr.PreviousSuffix):
		return "emit_previous"
	}
	return "made of another value or name"
}

// placesOf are where the scrubber counts what stands in a section; of a record's
// fields it depends on the field.
var placesOf = map[section][]scrub.Place{
	ofRecord: {scrub.InAttribute, scrub.InName}, ofResource: {scrub.InResource}, ofScope: {scrub.InScope, scrub.InName},
	ofAttribute: {scrub.InAttribute}, ofBody: {scrub.InBody},
}

// difference is what the one counts and the other does not. What a field names comes
// first: without a user's id nothing finds the same id in a text beside it either,
// and that text has a row of its own.
func difference(with, without *scrub.Stats, r *row) []Cause {
	for reason := range scrub.NumReasons {
		if r.section == ofBody && with.Bodies[reason] > 0 && len(r.path) == 0 {
			return []Cause{{Because: "body redacted whole: " + reason.String()}}
		}
	}
	for by := range scrub.NumFoundBy {
		var found []Cause
		for _, at := range placesOf[r.section] {
			for kind := range with.Values {
				for action := range with.Values[kind] {
					if with.Values[kind][action][by][at] > without.Values[kind][action][by][at] {
						found = append(found, Cause{Kind: pii.Kind(kind).String(), Action: scrub.Action(action).String(), FoundBy: by.String()})
					}
				}
			}
		}
		if found = changing(found); len(found) > 0 {
			return found
		}
	}
	if with.Unlisted[scrub.DropUnlisted] > without.Unlisted[scrub.DropUnlisted] {
		return []Cause{{Because: "unlisted: drop"}}
	}
	return nil
}

// changing leaves out what was found and kept.
func changing(found []Cause) []Cause {
	var out []Cause
	for _, c := range found {
		if c.Action != scrub.Keep.String() {
			out = append(out, c)
		}
	}
	return out
}

// takeOut takes the value of a row off the record, of which body is the body.
func takeOut(ld plog.Logs, r *row, body *tree) {
	rl, sl, lr, ok := one(ld)
	if !ok {
		return
	}
	switch r.section {
	case ofResource:
		remove(rl.Resource().Attributes(), r.path)
	case ofScope:
		remove(sl.Scope().Attributes(), r.path)
	case ofAttribute:
		remove(lr.Attributes(), r.path)
	case ofBody:
		takeOutOfBody(lr.Body(), body, r.path)
	case ofRecord:
		switch r.path[0] {
		case fieldEvent:
			lr.SetEventName("")
		case fieldText:
			lr.SetSeverityText("")
		case fieldTrace, fieldSpan: // they go together
			lr.SetTraceID(pcommon.TraceID{})
			lr.SetSpanID(pcommon.SpanID{})
			lr.SetFlags(0)
		}
	}
}

func takeOutOfBody(body pcommon.Value, seen *tree, path []string) {
	switch {
	case len(path) == 0:
		body.SetStr("")
	case body.Type() == pcommon.ValueTypeMap:
		remove(body.Map(), path)
	case body.Type() == pcommon.ValueTypeStr && seen.kind != 's': // JSON as text
		body.SetStr(string(seen.json(make([]byte, 0, len(body.Str())), path)))
	}
}

// remove takes a member out of a map. An element of a slice becomes empty.
func remove(m pcommon.Map, path []string) {
	if len(path) == 1 {
		m.Remove(path[0])
		return
	}
	if v, ok := m.Get(path[0]); ok {
		removeBelow(v, path[1:])
	}
}

func removeBelow(v pcommon.Value, path []string) {
	switch v.Type() {
	case pcommon.ValueTypeMap:
		remove(v.Map(), path)
	case pcommon.ValueTypeSlice:
		var i int
		if _, err := fmt.Sscan(path[0], &i); err != nil || i >= v.Slice().Len() {
			return
		}
		if len(path) == 1 {
			pcommon.NewValueEmpty().CopyTo(v.Slice().At(i))
			return
		}
		removeBelow(v.Slice().At(i), path[1:])
	}
}
