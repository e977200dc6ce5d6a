package scrub

import (
	"maps"
	"strconv"
	"sync/atomic"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
)

// node is a place in a body: what kind of value it is, and what is below it.
// A nil node is a place that no field names.
type node struct {
	// What each member asks for comes first, in one line of the processor's cache.

	// opening is the name as JSON writes it, with the colon behind it; "" where more
	// is to be known of the member than its place and its value. passes: a string or
	// number here is only searched, and a truth value stays. leaf: else it is of this
	// kind. See walker.simpleMembers.
	opening string
	// first and next are guesses: the member that an object began with once, and
	// the one that once followed this one. See level.expect.
	first, next atomic.Pointer[node]
	passes      bool
	leaf        pii.Kind
	// listed: somebody says what is here. open: or of something below it.
	listed, open bool
	// deeper: something below it is of a kind of its own, so that it does not go
	// whole where its own kind does.
	deeper bool
	kind   pii.Kind
	// direct is what the name says by itself of a string or number here; None
	// where a field says what it is: that is known, the name is a guess.
	direct pii.Kind
	role   role // by the name, too
	own    spot // of a member here, of which what is around it says nothing
	// literal: name is a field's own word, and stands here. plain: and there is
	// nothing in it to find. bare: and JSON writes it as it is.
	literal, plain, bare bool
	name                 string
	children             map[string]*node // by member name or array index, when compiling; then nil
	named                nameTable[*node] // the same, when scrubbing
	any                  *node            // below "*"
}

// child returns the node of the named member.
func (n *node) child(name string) *node {
	if n == nil {
		return nil
	}
	if child, ok := n.named.get(name); ok {
		return child
	}
	return n.any
}

// childNext is child for a member of a map, whose members come in the same order
// again and again: guess is what may have stood here before, see level.member. It
// returns the guess for the member behind it as well.
func (n *node) childNext(name string, guess *atomic.Pointer[node]) (child *node, next *atomic.Pointer[node]) {
	if n == nil {
		return nil, nil
	}
	if guess == nil {
		child = n.child(name)
	} else if want := guess.Load(); want != nil && want.name == name {
		child = want
	} else {
		child = n.child(name)
		remember(guess, child)
	}
	if child != nil && child.literal {
		next = &child.next
	}
	return child, next
}

// isFree says whether no field names anything below the place.
func (n *node) isFree() bool { return n == nil || len(n.named.slots) == 0 && n.any == nil }

// element returns the node of the i-th element.
func (n *node) element(i int) *node {
	if n == nil {
		return nil
	}
	if len(n.named.slots) == 0 {
		return n.any
	}
	var stack [20]byte
	if child, ok := n.named.get(borrow(strconv.AppendInt(stack[:0], int64(i), 10))); ok {
		return child
	}
	return n.any
}

// below returns the kind of the node's value where the value around it is of
// the outer kind. What is redacted under every policy wins; else the more
// precise one does.
func (n *node) below(outer pii.Kind) pii.Kind {
	if n == nil {
		return outer
	}
	return narrower(outer, n.kind)
}

// narrower returns the kind of what two fields name, a narrower and a wider one.
func narrower(wide, narrow pii.Kind) pii.Kind {
	if narrow == pii.None || rank[wide] >= rank[pii.Phone] && rank[wide] > rank[narrow] {
		return wide
	}
	return narrow
}

// rank orders the kinds by how much harm a value does, for a place that two
// fields name.
var rank = [pii.NumKinds]uint8{
	pii.None: 0, pii.Public: 1, pii.Version: 2, pii.EmailDomain: 3, pii.Path: 4, pii.UserAgent: 5, pii.URL: 6,
	pii.TraceID: 7, pii.IP: 8, pii.Email: 9, pii.Identity: 10, pii.QuasiIdentifier: 11, pii.VendorID: 12,
	pii.Name: 13, pii.Text: 14, pii.Phone: 15, pii.Secret: 16,
}

func stronger(a, b pii.Kind) pii.Kind {
	if rank[b] > rank[a] {
		return b
	}
	return a
}

// at returns the place of the field's path, grown where it is new.
func (n *node) at(path []string) *node {
	for _, token := range path {
		n = n.grow(token)
	}
	return n
}

func (n *node) grow(token string) *node {
	if token == "*" {
		if n.any == nil {
			n.any = &node{}
		}
		return n.any
	}
	child, ok := n.children[token]
	if !ok {
		if n.children == nil {
			n.children = make(map[string]*node)
		}
		child = &node{}
		n.children[token] = child
	}
	return child
}

// planner makes the trie deterministic: what is below "*" holds below every
// named sibling as well, so that scrubbing follows one node only. Merging
// copies nodes; left bounds the copies.
type planner struct{ left int }

func (p *planner) resolve(n *node) *node {
	if n == nil || p.left < 0 {
		return nil
	}
	p.left--
	out := &node{kind: n.kind, listed: n.listed, any: p.resolve(n.any)}
	out.open, out.deeper = out.any.opens(), out.any.speaks()
	for token, child := range n.children {
		if out.children == nil {
			out.children = make(map[string]*node, len(n.children))
		}
		resolved := p.resolve(p.merge(child, n.any))
		if resolved == nil {
			return out // the bound is reached
		}
		info := infoOf(token)
		resolved.role = info.role
		if child.kind == pii.None { // of the name itself, not of a "*" beside it
			resolved.direct = info.kind
		}
		resolved.name, resolved.literal = token, true
		resolved.bare = len(jsonscan.AppendQuoted(nil, token)) == len(`""`)+len(token)
		resolved.plain = len(detect.Find(nil, token)) == 0
		resolved.settle()
		out.children[token] = resolved
		out.open, out.deeper = out.open || resolved.opens(), out.deeper || resolved.speaks()
	}
	out.named, out.children = newNameTable(out.children), nil
	return out
}

// settle says what a member is by its place alone.
func (n *node) settle() {
	if n.plain && n.bare && n.role&holdsValue == 0 {
		n.opening = `"` + n.name + `":`
	}
	n.own = spot{kind: n.kind, direct: n.direct, role: n.role, listed: n.listed}
	n.leaf = n.own.leafKind()
	n.passes = (n.kind == pii.None || n.kind == pii.Public) && (n.leaf == pii.None || n.leaf == pii.Public)
}

// count is how many places a resolved node is and has below it.
func (n *node) count() int {
	if n == nil {
		return 0
	}
	places := 1 + n.any.count()
	for i := range n.named.slots {
		places += n.named.slots[i].value.count()
	}
	return places
}

// opens says whether there is something to keep at the node or below it.
func (n *node) opens() bool { return n != nil && (n.listed || n.open) }

// speaks says whether the node or something below it has a kind.
func (n *node) speaks() bool { return n != nil && (n.kind != pii.None || n.deeper) }

// merge joins a named place with the "*" beside it. The name is more precise.
func (p *planner) merge(a, b *node) *node {
	if a == nil {
		return b
	}
	if b == nil || p.left < 0 {
		return a
	}
	p.left--
	out := &node{kind: narrower(b.kind, a.kind), listed: a.listed || b.listed, any: p.merge(a.any, b.any), children: maps.Clone(a.children)}
	for token, child := range b.children {
		if out.children == nil {
			out.children = make(map[string]*node, len(b.children))
		}
		out.children[token] = p.merge(out.children[token], child)
	}
	return out
}
