package drift

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// markdown renders the report for a pull request.
func (r *Report) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Drift\n\n%d of %d lines are events of a known source.\n", r.Events, r.Lines)
	for _, reason := range slices.Sorted(maps.Keys(r.NotTaken)) {
		why := ""
		if reason == objectReason {
			why = ", objects that no profile takes: drift"
		}
		fmt.Fprintf(&b, "%d not: `%s`%s.\n", r.NotTaken[reason], reason, why)
	}
	for i := range r.Sources {
		r.Sources[i].markdown(&b)
	}
	return b.String()
}

func (s *Source) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "\n## %s, %d lines\n", s.Name, s.Lines)
	if !s.drift() {
		b.WriteString("\nNo drift.\n")
	}
	if table(b, "New events", "event | lines", len(s.NewEvents)) {
		for _, e := range s.NewEvents {
			fmt.Fprintf(b, "| %s | %d |\n", code(e.Name), e.Lines)
		}
	}
	more(b, "events of other names", s.MoreEvents)
	if table(b, "New fields", "field | type | times", len(s.NewFields)) {
		for _, f := range s.NewFields {
			fmt.Fprintf(b, "| %s | %s | %d |\n", code(f.Pointer), types(f.Types), f.Lines)
		}
	}
	more(b, "values of other fields", s.MoreFields)
	if table(b, "Retyped fields", "field | lines | types found", len(s.Retyped)) {
		for _, f := range s.Retyped {
			fmt.Fprintf(b, "| %s | %d | %s |\n", code(f.Pointer), f.Lines, types(f.Types))
		}
	}
	lost(b, "Lost fields", s.Lost)
	lost(b, "Not seen in this sample (no drift)", s.NotSeen)
}

// table begins a table, if it will have rows.
func table(b *strings.Builder, title, columns string, rows int) bool {
	if rows == 0 {
		return false
	}
	fmt.Fprintf(b, "\n### %s\n\n| %s |\n|%s\n", title, columns, strings.Repeat("---|", 1+strings.Count(columns, "|")))
	return true
}

func lost(b *strings.Builder, title string, list []Lost) {
	if table(b, title, "attribute | looked for at", len(list)) {
		for _, l := range list {
			places := make([]string, len(l.Places))
			for i, place := range l.Places {
				places[i] = code(place)
			}
			fmt.Fprintf(b, "| %s | %s |\n", code(l.Attribute), strings.Join(places, ", "))
		}
	}
}

func more(b *strings.Builder, of string, count int) {
	if count > 0 {
		fmt.Fprintf(b, "\nAnd %d %s.\n", count, of)
	}
}

// code quotes a text in a cell of a table.
func code(s string) string {
	return "`" + strings.NewReplacer("|", `\|`, "`", "'", "\n", " ").Replace(s) + "`"
}

// types lists JSON types with their counts, one alone without.
func types(counts map[string]int) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		if len(counts) == 1 {
			return name
		}
		list = append(list, fmt.Sprintf("%s %d", name, counts[name]))
	}
	return strings.Join(list, ", ")
}
