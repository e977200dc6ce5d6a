package authevent

import (
	"math/bits"
	"strconv"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// node is a place in a line that some profile asks for, or that leads to one.
//
// What the decoder reads of each member of each line comes first, in one line of
// the processor's cache.
type node struct {
	// literal is the name as a member's, with quotes and colon and no space, as
	// nearly all writers write it.
	literal string
	// slot is where the decoder notes the value. Slots are numbered depth first,
	// so that those of the node's subtree are [slot, endSlot).
	slot, endSlot int
	// expected are the kinds that every profile expects here.
	expected kindSet
	wanted   bool // some profile asks for the value itself
	// elements are the nodes of an array's elements, by index; nil where no
	// profile asks for one.
	elements []*node
	members  keyTable
}

// maxElements bounds the elements of an array that a pointer can name.
const maxElements = 64

// trie is the union of all paths that the compiled profiles ask for.
type trie struct {
	root  *node
	slots int // one for each node
	// inside is how many slots there are beyond slots: of places inside texts.
	inside int
	bySlot []*node
}

// draft is a node while the trie is being built.
type draft struct {
	wanted  bool
	names   []string
	members map[string]*draft
}

func (d *draft) add(path []string) {
	for _, name := range path {
		next, ok := d.members[name]
		if !ok {
			if d.members == nil {
				d.members = map[string]*draft{}
			}
			next = &draft{}
			d.members[name] = next
			d.names = append(d.names, name)
		}
		d = next
	}
	d.wanted = true
}

func (t *trie) build(d *draft) *node {
	n := &node{slot: t.slots, expected: ^kindSet(0), wanted: d.wanted}
	t.slots++
	t.bySlot = append(t.bySlot, n)
	children := make([]*node, len(d.names))
	for i, name := range d.names {
		children[i] = t.build(d.members[name])
		children[i].literal = string(append(jsonscan.AppendQuoted(nil, name), ':'))
	}
	n.endSlot = t.slots
	n.members = newKeyTable(d.names, children)
	for i, name := range d.names {
		if index, ok := elementIndex(name); ok {
			for len(n.elements) <= index {
				n.elements = append(n.elements, nil)
			}
			n.elements[index] = children[i]
		}
	}
	return n
}

// elementIndex reads a token that may name an element.
func elementIndex(token string) (int, bool) {
	index, err := strconv.Atoi(token)
	return index, err == nil && index >= 0 && index < maxElements && strconv.Itoa(index) == token
}

func newTrie(paths [][]string) *trie {
	var d draft
	for _, path := range paths {
		d.add(path)
	}
	t := &trie{}
	t.root = t.build(&d)
	return t
}

// slotOf returns the slot of a path; -1 where newTrie was not given it.
func (t *trie) slotOf(path []string) int {
	n := t.root
	for _, name := range path {
		if n = n.members.find(name); n == nil {
			return -1
		}
	}
	if !n.wanted {
		return -1
	}
	return n.slot
}

// keyTable maps member names to nodes. It is a hash table with a multiplier
// chosen at construction so that, for the names at hand, hardly any two meet:
// a miss, the common case, then costs a multiplication and one comparison of
// lengths.
type keyTable struct {
	entries    []keyEntry // a power of two of them, at least one empty; nil for no members
	multiplier uint32
	shift      uint
}

type keyEntry struct {
	name string
	node *node
}

func newKeyTable(names []string, nodes []*node) keyTable {
	if len(names) == 0 {
		return keyTable{}
	}
	size := 1 << bits.Len(uint(len(names))*2)
	best, fewest := keyTable{}, -1
	for try := range uint32(64) {
		t := keyTable{
			entries:    make([]keyEntry, size),
			multiplier: 0x9e3779b1 + try*0x3c6ef372, // odd, so that no bit of the hash is lost
			shift:      32 - uint(bits.Len(uint(size-1))),
		}
		if met := t.fill(names, nodes); fewest < 0 || met < fewest {
			best, fewest = t, met
		}
		if fewest == 0 {
			break
		}
	}
	return best
}

// fill enters the names and returns how often one met another.
func (t *keyTable) fill(names []string, nodes []*node) (met int) {
	for i, name := range names {
		h := t.hash(name)
		for t.entries[h].node != nil {
			h = (h + 1) & (len(t.entries) - 1)
			met++
		}
		t.entries[h] = keyEntry{name, nodes[i]}
	}
	return met
}

// hash looks at the length and three bytes: enough to tell the names of one
// object apart, and the same cost for each.
func (t *keyTable) hash(name string) int {
	h := uint32(len(name))
	if n := len(name); n > 0 {
		h += uint32(name[0])<<6 ^ uint32(name[n-1])<<14 ^ uint32(name[n/2])<<22
	}
	return int(h * t.multiplier >> t.shift)
}

// find returns the node of a member, or nil.
func (t *keyTable) find(name string) *node {
	if t.entries == nil {
		return nil
	}
	for h := t.hash(name); t.entries[h].node != nil; h = (h + 1) & (len(t.entries) - 1) {
		if t.entries[h].name == name {
			return t.entries[h].node
		}
	}
	return nil
}
