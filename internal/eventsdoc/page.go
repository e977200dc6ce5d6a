package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/internal/authevent"
)

// page renders docs/events.md.
func page(profiles []authevent.ProfileInfo) []byte {
	var b bytes.Buffer
	b.WriteString(pageIntro)
	contents(&b, profiles)
	categories(&b, profiles)
	for i := range profiles {
		p := &profiles[i]
		about := intros[p.Name]
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n`source: %s`, `service.name`: `%s`.\n", about.title, about.text, p.Name, p.ServiceName)
		recognition(&b, p)
		events(&b, p)
		templates(&b, p)
		families(&b, p)
		fields(&b, p)
	}
	return b.Bytes()
}

func contents(b *bytes.Buffer, profiles []authevent.ProfileInfo) {
	rows := table{header: []string{"IdP", "source", "events", "fields"}}
	for _, p := range profiles {
		title := intros[p.Name].title
		rows.add(fmt.Sprintf("[%s](#%s)", title, anchor(title)), code(p.Name), fmt.Sprint(len(p.Events)), fmt.Sprint(len(p.Classified)))
	}
	b.WriteString("\n")
	rows.write(b)
}

// anchor is what renderers make of a heading.
func anchor(title string) string {
	return strings.ReplaceAll(strings.ReplaceAll(strings.ToLower(title), ".", ""), " ", "-")
}

// categories shows which IdPs tell of what.
func categories(b *bytes.Buffer, profiles []authevent.ProfileInfo) {
	sources := map[string][]string{}
	for _, p := range profiles {
		for _, e := range p.Events {
			if !slices.Contains(sources[e.Category], p.Name) {
				sources[e.Category] = append(sources[e.Category], p.Name)
			}
		}
	}
	rows := table{header: []string{"category", "sources"}}
	for _, category := range sortedKeys(sources) {
		rows.add(code(category), strings.Join(sources[category], ", "))
	}
	b.WriteString("\n## Categories\n\n")
	rows.write(b)
}

func recognition(b *bytes.Buffer, p *authevent.ProfileInfo) {
	b.WriteString("\n### " + intros[p.Name].title + ": the line\n\nA line is taken of which all conditions hold")
	if len(p.Match) > 1 {
		b.WriteString(" of one of these")
	}
	b.WriteString(":\n\n")
	for _, alternative := range p.Match {
		conditions := make([]string, len(alternative))
		for i, c := range alternative {
			conditions[i] = condition(c)
		}
		b.WriteString("- " + strings.Join(conditions, "; ") + "\n")
	}
	if len(p.Time) > 0 {
		b.WriteString("\nIts time stands in " + codes(p.Time) + ".\n")
	}
}

func condition(c authevent.ConditionInfo) string {
	var says []string
	switch {
	case len(c.In) > 0:
		says = append(says, "is "+codes(c.In))
	case c.Absent:
		says = append(says, "is not there")
	case len(c.Prefix) > 0:
		says = append(says, "begins with "+codes(c.Prefix))
	case c.Type != "":
		says = append(says, "is "+article(c.Type))
	default:
		says = append(says, "is there")
	}
	if len(c.NotIn) > 0 {
		says = append(says, "is not "+codes(c.NotIn))
	}
	if len(c.Contains) > 0 {
		says = append(says, "has "+codes(c.Contains)+" in it")
	}
	if len(c.NotContains) > 0 {
		says = append(says, "does not have "+codes(c.NotContains)+" in it")
	}
	if c.Optional {
		says = append(says, "if it is there")
	}
	return code(c.Pointer) + " " + strings.Join(says, ", ")
}

func article(kind string) string {
	if kind == "object" || kind == "array" {
		return "an " + kind
	}
	return "a " + kind
}
