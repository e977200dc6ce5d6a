package leakscan

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/output"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// unsearched is the kind of what could not be looked into: too deep, too long,
// too many members. It counts as a finding, since nobody knows.
const unsearched = "unsearched"

// maxPlaces bounds what is told apart. Values at other places are counted.
const maxPlaces = 4096

// maxShown bounds a place or a pointer in what is printed, in bytes.
const maxShown = 200

// Finding is a kind of personal data at a place.
type Finding struct {
	Kind string `json:"kind"`
	// Place is a JSON Pointer without indexes; "text" for a line that is none.
	Place string `json:"place"`
	Count int    `json:"count"`
	// First is where it stands first. No value is in it.
	First Location `json:"first"`
}

// Location is where a value stands.
type Location struct {
	File string `json:"file"`
	// Line counts from 1. It is 0 in a document of many lines, of which Pointer
	// tells the place.
	Line int `json:"line,omitempty"`
	// Column is in bytes, from 1; 0 where only Pointer tells.
	Column  int    `json:"column,omitempty"`
	Pointer string `json:"pointer,omitempty"`
}

// Result is what --json prints.
type Result struct {
	Files    int       `json:"files"`
	Units    int       `json:"units"`
	Found    int       `json:"found"`
	ByKind   []Total   `json:"by_kind"`
	Findings []Finding `json:"findings"`
	// More are findings, of a kind at a place, beyond --max.
	More int `json:"more,omitempty"`
	// Untold are values at places beyond the most that are told apart.
	Untold int `json:"untold,omitempty"`
}

// Total is how many values of a kind there are.
type Total struct {
	Kind  string `json:"kind"`
	Count int    `json:"count"`
}

type kindAt struct{ kind, place string }

// report counts findings.
type report struct {
	only   map[string]bool // kinds to tell; all if empty
	places map[kindAt]*Finding
	order  []*Finding
	totals map[string]int
	result Result
}

func newReport(only []string) *report {
	r := &report{only: map[string]bool{}, places: map[kindAt]*Finding{}, totals: map[string]int{}}
	for _, kind := range only {
		r.only[kind] = true
	}
	return r
}

func (r *report) add(kind, place string, at Location, n int) {
	if len(r.only) > 0 && !r.only[kind] && kind != unsearched {
		return
	}
	r.result.Found += n
	r.totals[kind] += n
	place, at.Pointer = shortened(place), shortened(at.Pointer)
	key := kindAt{kind, place}
	f := r.places[key]
	if f == nil {
		if len(r.order) == maxPlaces {
			r.result.Untold += n
			return
		}
		f = &Finding{Kind: kind, Place: place, First: at}
		r.places[key] = f
		r.order = append(r.order, f)
	}
	f.Count += n
}

func shortened(text string) string {
	if len(text) <= maxShown {
		return text
	}
	return strings.ToValidUTF8(text[:maxShown], "") + "…"
}

// done is the result, with at most so many findings: the most frequent first.
func (r *report) done(most int) Result {
	out := r.result
	out.ByKind, out.Findings = []Total{}, []Finding{}
	for kind, n := range r.totals {
		out.ByKind = append(out.ByKind, Total{kind, n})
	}
	rank := kindOrder()
	slices.SortFunc(out.ByKind, func(a, b Total) int { return cmp.Compare(rank[a.Kind], rank[b.Kind]) })
	slices.SortStableFunc(r.order, func(a, b *Finding) int {
		return cmp.Or(cmp.Compare(rank[a.Kind], rank[b.Kind]), cmp.Compare(b.Count, a.Count))
	})
	for _, f := range r.order {
		if len(out.Findings) == most {
			out.More++
			continue
		}
		out.Findings = append(out.Findings, *f)
	}
	return out
}

// kindOrder is that of package pii.
func kindOrder() map[string]int {
	rank := map[string]int{unsearched: pii.NumKinds}
	for _, k := range pii.Kinds() {
		rank[k.String()] = int(k)
	}
	return rank
}

func (r Result) print(out io.Writer) error {
	var b strings.Builder
	if r.Units == 0 { // an export that failed is empty as well
		_, err := fmt.Fprintf(out, "nothing to look at: %s without a line\n", plural(r.Files, "file"))
		return err
	}
	if r.Found == 0 {
		fmt.Fprintf(&b, "no personal data found: %s in %s\n", plural(r.Units, "line or document"), plural(r.Files, "file"))
		_, err := io.WriteString(out, b.String())
		return err
	}
	fmt.Fprintf(&b, "%s of personal data found: %s in %s\n", plural(r.Found, "value"), plural(r.Units, "line or document"), plural(r.Files, "file"))
	for _, t := range r.ByKind {
		fmt.Fprintf(&b, "  %-16s %d\n", t.Kind, t.Count)
	}
	b.WriteString("\nwhere, and the first of each:\n")
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "  %-16s %7d  %s\n", f.Kind, f.Count, output.Printable(f.Place, ""))
		fmt.Fprintf(&b, "  %-16s %7s  %s\n", "", "", f.First)
	}
	if r.More > 0 {
		fmt.Fprintf(&b, "  and %s more: raise --max\n", plural(r.More, "place"))
	}
	if r.Untold > 0 {
		fmt.Fprintf(&b, "  and %s at other places, which are too many to tell apart\n", plural(r.Untold, "value"))
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// String is file:line:column, or the file and a JSON Pointer.
func (l Location) String() string {
	text := l.File
	if l.Line > 0 {
		text += fmt.Sprintf(":%d", l.Line)
	}
	if l.Column > 0 {
		text += fmt.Sprintf(":%d", l.Column)
	}
	if l.Pointer != "" {
		text += " " + l.Pointer
	}
	return output.Printable(text, "")
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	if what == "line or document" {
		what = "lines or document"
	}
	return fmt.Sprintf("%d %ss", n, what)
}
