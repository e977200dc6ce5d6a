package scrub

import (
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// spot is what is known of a value by where it stands.
type spot struct {
	// kind holds for the value and all that is below it.
	kind pii.Kind
	// direct holds for the value alone, and only for a string or a number.
	direct pii.Kind
	// below is what the name of an object that nobody lists says of the strings
	// and numbers in it: of {"cookies":{"sid":"…"}} and {"phone":{"number":"…"}}.
	below pii.Kind
	// wrapped is what the name beside an object says of the value that it wraps,
	// see pair; role is the part of the value's own name in one.
	wrapped pii.Kind
	role    role
	// listed: somebody says what is here. noted: that nobody does is counted.
	listed, noted bool
	// attributes: names here are names of attributes.
	attributes bool
}

// A spot is eight bytes that are written one by one. To copy it whole right then
// makes the processor wait until all have arrived, which costs more than the rest
// of what is done for a member: the walk over a text hands on where it stands.

// leafKind is the kind of a string or number that stands there. What a name
// says of a person counts where nobody says more.
func (p *spot) leafKind() pii.Kind {
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
func (p *spot) boolKind() pii.Kind {
	if p.kind == pii.None || p.kind == pii.Public {
		return p.kind
	}
	return p.leafKind()
}

// saysNothing says whether nothing is said of a member below p, but whether it is
// listed.
func (p *spot) saysNothing() bool {
	return (p.kind == pii.None || p.kind == pii.Public) && p.wrapped == pii.None && p.below == pii.None
}

// member is the spot of a member below p; n is its place in the body.
func (p *spot) member(n *node, name string) (below spot) {
	p.toMember(&below, n, name)
	return below
}

// toMember sets below to the spot of a member below p.
func (p *spot) toMember(below *spot, n *node, name string) {
	if n != nil && n.literal && p.kind == pii.None && p.wrapped == pii.None { // nearly always
		*below = n.own
		below.listed = below.listed || p.listed
		below.noted = p.noted
		return
	}
	*below = p.odd(n, name)
}

// odd is member where more than the node's own word counts.
func (p *spot) odd(n *node, name string) spot {
	if n == nil {
		info := infoOf(name)
		return spot{kind: p.kind, role: info.role, listed: p.listed, noted: p.noted}.named(name, info.kind, p.below).unwrapped(p.wrapped)
	}
	below := spot{kind: n.kind, direct: n.direct, role: n.role, listed: p.listed || n.listed, noted: p.noted}
	below.kind = narrower(p.kind, n.kind)
	if !n.literal {
		info := infoOf(name)
		below.direct, below.role = info.kind, info.role
	}
	if n.kind == pii.None {
		below = below.unwrapped(p.wrapped)
	}
	return below
}

// unwrapped is p below an object that wraps a value of the kind.
func (p spot) unwrapped(kind pii.Kind) spot {
	if kind != pii.None && p.role&wraps != 0 {
		p.direct, p.wrapped = stronger(p.direct, kind), kind
	}
	return p
}

// named is p under a name that is of the kind by itself, in an object by the
// name of which its strings and numbers are of the kind below.
func (p spot) named(name string, kind, below pii.Kind) spot {
	p.direct, p.below = kind, below
	switch {
	case below != pii.None:
		p.direct = stronger(kind, below)
	case (kind == pii.Secret || kind == pii.Phone) && !isLoose(name):
		p.below = kind
	}
	return p
}

// isLoose says whether a name that means a secret or a number, where these
// stand, means an object of another kind as often: {"state":{"from":"locked"}}.
func isLoose(name string) bool {
	for _, loose := range [...]string{"code", "state", "pin", "mobile", "challenge", "token", "tokens", "otp", "totp"} {
		if strings.EqualFold(name, loose) {
			return true
		}
	}
	return false
}

// element is the spot of an element of an array at p. A name says of a list
// of strings what it says of a string.
func (p *spot) element(n *node) spot {
	return spot{
		kind: n.below(p.kind), direct: p.direct, below: p.below, wrapped: p.wrapped, role: inList,
		listed: p.listed || n != nil && n.listed, noted: p.noted, attributes: p.attributes,
	}
}
