package main

import (
	"bytes"
	"cmp"
	"fmt"
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

// fields shows the places that fill something, and what stands there. All the
// others are in docs/policies.md.
func fields(b *bytes.Buffer, p *authevent.ProfileInfo) {
	attributes := attributesByPlace(p)
	for _, place := range p.Time {
		attributes[place] = append(attributes[place], "(the record's time)")
	}
	rows := table{header: []string{"field", "attribute", "kind"}}
	for _, place := range sortedKeys(attributes) {
		rows.add(code(place), codes(attributes[place]), kindOf(p.Classified, place))
	}
	b.WriteString("\n### " + intros[p.Name].title + ": fields\n\n")
	rows.write(b)
	fmt.Fprintf(b, "\n[All %d fields](policies.md#fields-of-%s) and what becomes of them.\n", len(p.Classified), anchor(intros[p.Name].title))
}

// attributesByPlace returns the attributes that each place may fill.
func attributesByPlace(p *authevent.ProfileInfo) map[string][]string {
	attributes := map[string][]string{}
	for _, a := range p.Attributes {
		for _, place := range a.Places {
			attributes[place] = append(attributes[place], a.Name)
		}
	}
	return attributes
}

// kindOf names the kind of a place, and where it comes from if not from the
// place itself: the deepest field says it.
func kindOf(classified []authevent.FieldInfo, place string) string {
	var deepest authevent.FieldInfo
	for _, f := range classified {
		if covers(f.Pointer, place) && strings.Count(f.Pointer, "/") >= strings.Count(deepest.Pointer, "/") {
			deepest = f
		}
	}
	switch {
	case deepest.Kind == pii.None:
		return ""
	case strings.Count(deepest.Pointer, "/") < strings.Count(place, "/"):
		return deepest.Kind.String() + ", as all of " + code(deepest.Pointer)
	}
	return deepest.Kind.String()
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
