package explain

import (
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// section is a part of a record.
type section string

const (
	ofRecord    section = "record" // fields that every record has
	ofResource  section = "resource"
	ofScope     section = "scope"
	ofAttribute section = "attribute"
	ofBody      section = "body"
)

// place is where in a record a value stands.
type place struct {
	section section
	path    []string // in its section
}

// String is the name of an attribute or a field and the JSON Pointer below it; of
// a body the pointer, empty for all of it.
func (p place) String() string {
	if p.section == ofBody {
		return pii.Field{Path: p.path}.Pointer()
	}
	if len(p.path) == 0 {
		return ""
	}
	return p.path[0] + pii.Field{Path: p.path[1:]}.Pointer()
}

// touches says whether one of two places is the other, or in it.
func (p place) touches(other place) bool {
	n := min(len(p.path), len(other.path))
	return p.section == other.section && slices.Equal(p.path[:n], other.path[:n])
}

// row is a place with what was there, and what is there now; nil for nothing.
type row struct {
	place
	before, after *tree
}

func (r *row) changed() bool { return r.before == nil || !r.before.same(r.after) }

// diff lists the places of two records, in the order of the first.
func diff(before, after view) []row {
	var rows []row
	for i, s := range sections {
		rows = compare(rows, place{section: s}, before[i], after[i])
	}
	return rows
}

// compare lists what is below a place. What is there in one of the two only is one
// row, however much is below it; so are arrays of which elements are gone, and what
// became a value of another type.
func compare(rows []row, at place, before, after *tree) []row {
	alike := before != nil && after != nil && before.kind == after.kind && before.kind != 's' &&
		(before.kind == '{' || len(before.children) == len(after.children))
	if !alike || len(before.children)+len(after.children) == 0 {
		if before == nil && after == nil || len(at.path) == 0 && at.section != ofBody {
			return rows
		}
		return append(rows, row{at, before, after})
	}
	for i, child := range before.children {
		token := before.token(i)
		var other *tree
		if before.kind == '[' {
			other = after.children[i]
		} else {
			other = after.twin(before, i)
		}
		rows = compare(rows, at.below(token), child, other)
	}
	if before.kind == '{' {
		for i, child := range after.children {
			if before.child(after.names[i]) == nil {
				rows = append(rows, row{at.below(after.names[i]), nil, child})
			}
		}
	}
	if len(after.children) == 0 && (len(at.path) > 0 || at.section == ofBody) { // emptied, and still there
		rows = append(rows, row{at, after, after})
	}
	return rows
}

func (p place) below(token string) place {
	return place{p.section, append(slices.Clip(p.path), strings.Clone(token))}
}

// twin is the member of t that was the i-th of another object: of several of one name
// the one that has as many behind it. The last one counts.
func (t *tree) twin(of *tree, i int) *tree {
	name, behind := of.names[i], 0
	for _, later := range of.names[i+1:] {
		if later == name {
			behind++
		}
	}
	for j := len(t.names) - 1; j >= 0; j-- {
		if t.names[j] != name {
			continue
		}
		if behind == 0 {
			return t.children[j]
		}
		behind--
	}
	return nil
}
