package scrub

import (
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/generalize"
)

// known scrubs a value that is of the kind by the place it stands in.
func (w *walker) known(kind pii.Kind, text string, nest int) (string, fate) {
	action := w.t.actions[kind]
	switch action {
	case Keep: // as what it is; it may hold what is not kept
		w.countKept(kind, ByField)
		return w.search(text, nest)
	case Family, Major, Origin, Template, Registrable, Provider:
		return w.generalized(kind, text, nest)
	case Drop, Redact:
		if kind != pii.IP || w.t.ipKeep == KeepNone {
			return w.knownGone(kind, text, nest)
		}
	}
	if kind == pii.Identity && w.exactID(text) != nil { // which was verified to be no pseudonym
		w.count(kind, ByField)
		return w.replacement(kind, text), changed
	}
	if w.names.Verify(text) {
		return text, same
	}
	switch {
	case kind == pii.IP:
		return w.knownIP(text)
	case action == KeepDomain:
		return w.knownEmail(text)
	case kind == pii.Email:
		text = w.soleEmail(text)
	case kind == pii.Identity:
		w.learnHere(text, nest)
	}
	w.count(kind, ByField)
	return w.replacement(kind, text), changed
}

// knownGone drops or redacts a value.
func (w *walker) knownGone(kind pii.Kind, text string, nest int) (string, fate) {
	if kind == pii.Identity {
		w.learnHere(text, nest)
	}
	w.count(kind, ByField)
	if w.t.actions[kind] == Drop {
		return "", gone
	}
	return Redacted, changed
}

// maxRounds bounds how often a generalized text is searched and generalized
// again. What is not at rest then is made on purpose.
const maxRounds = 3

// generalized leaves of a value what is the same for many people. That is a
// text like any other, and is searched: the host of a URL may be an address.
func (w *walker) generalized(kind pii.Kind, text string, nest int) (string, fate) {
	if len(text) > maxText {
		return w.redactUnseen()
	}
	action := w.t.actions[kind]
	if action == Template && w.isLastRoute(text) {
		return text, same
	}
	out, ok := w.generalize(action, text)
	if !ok {
		w.count(kind, ByField)
		return "", gone
	}
	final := lent
	if action == Family { // of which each text has memory of its own
		final = changed
	}
	if mayHoldMore(action) && !w.isSettled(action, out) {
		out, final = w.atRest(action, text, out, nest)
	}
	if out == text {
		return text, same
	}
	w.count(kind, ByField)
	return out, final
}

// mayHoldMore says whether there may be personal data in what an action leaves;
// what the others do is off a list, or digits.
func mayHoldMore(action Action) bool {
	return action == Origin || action == Template || action == Registrable
}

// atRest searches what the action left of text, and generalizes that again, until
// nothing changes.
func (w *walker) atRest(action Action, text, out string, nest int) (string, fate) {
	final := lent
	for round := 0; ; round++ {
		searched, became := w.search(out, nest)
		if became == same {
			if round == 0 {
				w.settle(action, text, out)
			}
			return out, final
		}
		if round == maxRounds {
			return Redacted, changed
		}
		var ok bool
		if out, ok = w.generalize(action, searched); !ok {
			return "", gone
		}
		if out == searched {
			return out, changed
		}
		final = lent
	}
}

// generalize applies the action to a text; ok is false where nothing is left.
// out may share memory with text or w.general.
func (w *walker) generalize(action Action, text string) (out string, ok bool) {
	switch action {
	case Family:
		out = w.agent.family(text)
	case Template:
		out = w.route(text)
		return out, out == text || out != ""
	case Major:
		out = generalize.Major(text)
	case Origin:
		out = generalize.Origin(text)
	case Registrable:
		out = generalize.Registrable(text)
	case Provider:
		out = generalize.EmailDomain(text)
	}
	return out, out != ""
}

// replacement is what the policy makes of a value of the kind. It never shares
// the value's memory, but where the value is kept.
func (w *walker) replacement(kind pii.Kind, value string) string {
	if kind == pii.IP {
		if addr, ok := parseIP(value); ok {
			return w.address(addr, value)
		}
	}
	switch w.t.actions[kind] {
	case Keep:
		return value
	case Drop:
		return ""
	case Pseudonym:
		return w.token(kind, value)
	case KeepDomain:
		return w.emailDomain(value)
	}
	return Redacted
}

// token is the pseudonym of a value.
func (w *walker) token(kind pii.Kind, value string) string {
	if kind == pii.Identity {
		return w.idToken(value)
	}
	return w.names.Token(kind, value)
}
