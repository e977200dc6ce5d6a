package main

import "strings"

// field is a place in a line that is asked for, or that leads to one.
type field struct {
	name string
	// literal is the name as a member's, as nearly all writers write it.
	literal string
	slot    int // of its value; -1 for a place that only leads to others
	// The slots of the field and of all below it are [first, end).
	first, end int
	members    []*field
	byName     map[string]*field
	// begin and next are the members that the object began with last, and that
	// followed this one: lines of one source are alike, and comparing one name
	// is less than looking it up. They change with each line, so a tree of
	// fields is for one goroutine.
	begin, next *field
}

// newTree makes the tree of pointers, and the slot of each.
func newTree(pointers []string) (root *field, slots map[string]int) {
	root = &field{slot: -1}
	for _, pointer := range pointers {
		f := root
		for name := range strings.SplitSeq(pointer[1:], "/") {
			f = f.add(name)
		}
		f.slot = 0
	}
	slots = map[string]int{}
	root.number("", 0, slots)
	return root, slots
}

func (f *field) add(name string) *field {
	if f.byName == nil {
		f.byName = map[string]*field{}
	}
	if f.byName[name] == nil {
		f.byName[name] = &field{name: name, literal: `"` + name + `":`, slot: -1}
		f.members = append(f.members, f.byName[name])
	}
	return f.byName[name]
}

// number gives out slots, depth first, and returns the next one.
func (f *field) number(pointer string, next int, slots map[string]int) int {
	f.first = next
	if f.slot >= 0 {
		f.slot = next
		slots[pointer] = next
		next++
	}
	for _, m := range f.members {
		next = m.number(pointer+"/"+m.name, next, slots)
	}
	f.end = next
	return next
}

// member returns the member with a name, or nil. last is the one before it of
// those that are asked for, nil for none; member sets it.
func (f *field) member(last **field, name string) *field {
	m := f.likely(*last)
	if m == nil || m.name != name {
		if m = f.byName[name]; m == nil {
			return nil
		}
		if *last == nil {
			f.begin = m
		} else {
			(*last).next = m
		}
	}
	*last = m
	return m
}

// likely is the member that stood behind last in the line before, or first.
func (f *field) likely(last *field) *field {
	if last == nil {
		return f.begin
	}
	return last.next
}

// each calls visit for the fields that have a slot, in the order of the slots.
func (f *field) each(pointer string, visit func(pointer string, f *field)) {
	if f.slot >= 0 {
		visit(pointer, f)
	}
	for _, m := range f.members {
		m.each(pointer+"/"+m.name, visit)
	}
}
