package main

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/pii"
)

func events(b *bytes.Buffer, p *authevent.ProfileInfo) {
	rows := table{header: []string{"event", "also written as", "category", "outcome"}}
	for _, e := range p.Events {
		rows.add(code(e.Name), strings.Join(coded(e.Aliases), "<br>"), e.Category, e.Outcome)
	}
	b.WriteString("\n### " + intros[p.Name].title + ": events\n\n")
	rows.write(b)
}

// templates shows the texts that tell of events.
func templates(b *bytes.Buffer, p *authevent.ProfileInfo) {
	if len(p.Templates) == 0 {
		return
	}
	rows := table{header: []string{"text", "in", "event"}}
	for _, t := range p.Templates {
		from := code(t.From)
		if t.From == "" {
			from = "a line of plain text"
		}
		rows.add(code(t.Template), from, code(t.Event))
	}
	b.WriteString("\nTexts that tell of events, the first that fits; `{…}` stands for anything:\n\n")
	rows.write(b)
}

// families shows what is known of names that are not listed.
func families(b *bytes.Buffer, p *authevent.ProfileInfo) {
	if len(p.Patterns) == 0 {
		return
	}
	rows := table{header: []string{"other names", "category", "outcome", "counted as drift"}}
	for _, f := range p.Patterns {
		drift := "yes"
		if f.Known {
			drift = "no"
		}
		rows.add(code(f.Prefix+"…"+f.Suffix), f.Category, f.Outcome, drift)
	}
	b.WriteString("\n")
	rows.write(b)
}

// fields shows every place that the profile knows: what it fills, and whether
// it is personal data, by itself or as a part of what is.
func fields(b *bytes.Buffer, p *authevent.ProfileInfo) {
	attributes := map[string][]string{}
	for _, a := range p.Attributes {
		for _, place := range a.Places {
			attributes[place] = append(attributes[place], a.Name)
		}
	}
	for _, place := range p.Time {
		attributes[place] = append(attributes[place], "(the record's time)")
	}
	places := slices.Collect(maps.Keys(attributes))
	for _, f := range p.Classified {
		if _, known := attributes[f.Pointer]; !known {
			places = append(places, f.Pointer)
		}
	}
	slices.Sort(places)
	rows := table{header: []string{"field", "attribute", "personal data"}}
	for _, place := range slices.Compact(places) {
		rows.add(code(place), strings.Join(coded(attributes[place]), ", "), personal(p.Classified, place))
	}
	b.WriteString("\n### " + intros[p.Name].title + ": fields\n\n")
	rows.write(b)
}

// personal names the kind of a place, and where it comes from if not from the
// place itself. What is redacted under every policy wins, as in scrubbing.
func personal(classified []authevent.FieldInfo, place string) string {
	var above authevent.FieldInfo
	own := pii.None
	for _, f := range classified {
		switch {
		case f.Pointer == place:
			own = f.Kind
		case covers(f.Pointer, place) && above.Kind < pii.Phone:
			above = f
		}
	}
	switch {
	case above.Kind >= pii.Phone && own != pii.Secret, own == pii.None && above.Kind != pii.None:
		return above.Kind.String() + ", as all of " + code(above.Pointer)
	case own != pii.None:
		return own.String()
	}
	return ""
}

// covers says whether place is the field or below it.
func covers(field, place string) bool {
	f, p := strings.Split(field, "/"), strings.Split(place, "/")
	if len(f) > len(p) {
		return false
	}
	for i := range f {
		if f[i] != "*" && f[i] != p[i] {
			return false
		}
	}
	return true
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.SortedFunc(maps.Keys(m), cmp.Compare)
}
