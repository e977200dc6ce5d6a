package scrub

import "github.com/authevents/otelcol-auth/internal/pii"

// spot is what is known of a value by where it stands.
type spot struct {
	// kind holds for the value and all that is below it.
	kind pii.Kind
	// direct holds for the value alone, and only for a string or a number.
	direct pii.Kind
	// listed: somebody says what is here. noted: that nobody does is counted.
	listed, noted bool
	// attributes: names here are names of attributes.
	attributes bool
}

// leafKind is the kind of a string or number that stands there. What a name
// says of a person counts where nobody says more.
func (p spot) leafKind() pii.Kind {
	switch p.direct {
	case pii.None:
		return p.kind
	case pii.Secret, pii.Phone:
		return stronger(p.kind, p.direct)
	}
	if p.kind == pii.None || p.kind == pii.Public {
		return p.direct
	}
	return p.kind
}

// boolKind is the kind of a truth value that stands there. A name alone says
// nothing of one; but what replaces it is a string, which the next hop sees.
func (p spot) boolKind() pii.Kind {
	if p.kind == pii.None || p.kind == pii.Public {
		return p.kind
	}
	return p.leafKind()
}

// member is the spot of a member below p; n is its place in the body.
func (p spot) member(n *node, name string) spot {
	switch {
	case n == nil:
		return spot{kind: p.kind, direct: nameKind(name), listed: p.listed, noted: p.noted}
	case n.literal && p.kind == pii.None: // nearly always
		return spot{kind: n.kind, direct: n.direct, listed: p.listed || n.listed, noted: p.noted}
	}
	below := spot{kind: narrower(p.kind, n.kind), direct: n.direct, listed: p.listed || n.listed, noted: p.noted}
	if !n.literal {
		below.direct = nameKind(name)
	}
	return below
}

// element is the spot of an element of an array at p. A name says of a list
// of strings what it says of a string.
func (p spot) element(n *node) spot {
	return spot{
		kind: n.below(p.kind), direct: p.direct, listed: p.listed || n != nil && n.listed, noted: p.noted,
		attributes: p.attributes,
	}
}
