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
	others, added := after.children, []int(nil)
	if before.kind == '{' {
		others, added = twins(before, after)
	}
	for i, child := range before.children {
		rows = compare(rows, at.below(before.token(i)), child, others[i])
	}
	for _, i := range added {
		rows = append(rows, row{at.below(after.names[i]), nil, after.children[i]})
	}
	if len(after.children) == 0 && (len(at.path) > 0 || at.section == ofBody) { // emptied, and still there
		rows = append(rows, row{at, after, after})
	}
	return rows
}

func (p place) below(token string) place {
	return place{p.section, append(slices.Clip(p.path), strings.Clone(token))}
}

// twins are the members of after that were those of before, nil for one that is gone:
// of several of one name the one that has as many behind it, since the last one counts.
// added are the indexes of members whose name is new.
func twins(before, after *tree) (others []*tree, added []int) {
	byName := make(map[string][]int, len(after.names))
	for i, name := range after.names {
		byName[name] = append(byName[name], i)
	}
	others = make([]*tree, len(before.children))
	for i, name := range slices.Backward(before.names) {
		if left := byName[name]; len(left) > 0 {
			others[i] = after.children[left[len(left)-1]]
			byName[name] = left[:len(left)-1]
		}
	}
	for _, name := range before.names {
		byName[name] = nil // what is left of it is no new name
	}
	for i, name := range after.names {
		if len(byName[name]) > 0 {
			added = append(added, i)
		}
	}
	return others, added
}
