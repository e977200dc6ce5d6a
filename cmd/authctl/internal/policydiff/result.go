package policydiff

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Result is what --json prints.
type Result struct {
	Differs bool `json:"differs"`
	Records int  `json:"records"`
	// NotEvents are those of lines that are no events.
	NotEvents  int         `json:"not_events,omitempty"`
	Processors []Processor `json:"processors"`
}

// Processor is a pii_scrub of the old configuration and of the new.
type Processor struct {
	// Old and New are their ids; empty where there is none.
	Old string `json:"old"`
	New string `json:"new"`
	// Weaker, Stricter and Changed are how many fields are, and OtherPseudonyms how
	// many have others.
	Weaker          int `json:"weaker"`
	Stricter        int `json:"stricter"`
	Changed         int `json:"changed"`
	OtherPseudonyms int `json:"other_pseudonyms"`
	// Notes say what else is other: keys, context, mode.
	Notes  []string `json:"notes"`
	Fields []Field  `json:"fields"`
	// Untold are fields of records beyond the most that are told apart.
	Untold int `json:"untold,omitempty"`
}

// Field is a place that the new configuration treats in another way.
type Field struct {
	Place   string `json:"place"`
	Old     string `json:"old"`
	New     string `json:"new"`
	Verdict string `json:"verdict"`
	Records int    `json:"records"`
}

func (d *differ) done() Result {
	r := Result{Records: d.records, Processors: []Processor{}}
	for i, pair := range d.pairs {
		p := Processor{Notes: []string{}, Fields: []Field{}, Untold: d.lost[i]}
		switch {
		case pair.old == nil:
			p.New, p.Notes = pair.new.id.String(), []string{"only the new configuration has it"}
		case pair.new == nil:
			p.Old, p.Notes = pair.old.id.String(), []string{"only the old configuration has it"}
		default:
			p.Old, p.New, p.Notes = pair.old.id.String(), pair.new.id.String(), notes(pair.old, pair.new)
		}
		for _, c := range sorted(d.counts[i]) {
			p.Fields = append(p.Fields, Field{c.place, string(c.old), string(c.new), string(c.verdict), d.counts[i][c]})
			*map[verdict]*int{weaker: &p.Weaker, stricter: &p.Stricter, changed: &p.Changed, rekeyed: &p.OtherPseudonyms}[c.verdict]++
		}
		r.NotEvents = max(r.NotEvents, d.notEvents[i])
		r.Differs = r.Differs || len(p.Fields) > 0 || len(p.Notes) > 0
		r.Processors = append(r.Processors, p)
	}
	return r
}

// notes are what two policies differ in besides their fields. No secret is in them.
func notes(old, next *policed) []string {
	list := []string{}
	add := func(what, was, is string) {
		if was != is {
			list = append(list, fmt.Sprintf("%s: %s, was %s", what, named(is), named(was)))
		}
	}
	add("key that makes pseudonyms", keyID(old), keyID(next))
	if keyID(old) == keyID(next) && keyID(old) != "" && !bytes.Equal(old.policy.Keys[0].Secret, next.policy.Keys[0].Secret) {
		list = append(list, fmt.Sprintf("key %q: has another secret", keyID(old)))
	}
	add("keys", keyIDs(old), keyIDs(next))
	add("context", old.policy.Context, next.policy.Context)
	add("shape", shape(old), shape(next))
	add("mode", mode(old), mode(next))
	return list
}

func named(text string) string {
	if text == "" {
		return "none"
	}
	return fmt.Sprintf("%q", text)
}

func keyID(s *policed) string { return s.scrubber.KeyID() }

func keyIDs(s *policed) string {
	ids := make([]string, 0, len(s.policy.Keys))
	for _, k := range s.policy.Keys {
		ids = append(ids, k.ID)
	}
	slices.Sort(ids)
	return strings.Join(ids, ", ")
}

func shape(s *policed) string {
	if s.policy.PreserveShape {
		return "preserve"
	}
	return "token"
}

func mode(s *policed) string {
	if s.policy.Audit {
		return "audit"
	}
	return "enforce"
}

func (r Result) print(out io.Writer) error {
	var b strings.Builder
	for i, p := range r.Processors {
		if i > 0 {
			b.WriteByte('\n')
		}
		name := p.Old
		switch {
		case name == "":
			name = p.New
		case p.New != "" && p.New != name:
			name += " → " + p.New
		}
		fmt.Fprintf(&b, "%s, on %d records:", name, r.Records)
		if len(p.Fields) == 0 && len(p.Notes) == 0 {
			b.WriteString(" nothing differs\n")
			continue
		}
		fmt.Fprintf(&b, " %d weaker, %d stricter, %d changed, %d with other pseudonyms\n", p.Weaker, p.Stricter, p.Changed, p.OtherPseudonyms)
		for _, note := range p.Notes {
			fmt.Fprintf(&b, "  %s\n", note)
		}
		for _, f := range p.Fields {
			fmt.Fprintf(&b, "  %-16s %7d  %-50s %s → %s\n", f.Verdict, f.Records, f.Place, f.Old, f.New)
		}
		if p.Untold > 0 {
			fmt.Fprintf(&b, "  and %d fields of records more, at places too many to tell apart\n", p.Untold)
		}
	}
	if r.NotEvents > 0 {
		fmt.Fprintf(&b, "\nlines that are no events (auth.parse.error): %d; see whether the sample is the right one\n", r.NotEvents)
	}
	_, err := io.WriteString(out, b.String())
	return err
}
