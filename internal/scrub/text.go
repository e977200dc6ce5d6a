package scrub

import (
	"math/bits"
	"slices"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
)

// leaf scrubs a string that stands at p; n is its place in the body, as in
// value: a column of JSON may come as a text, and holds what the object would.
// nest counts the JSON texts around it. A changed string is a new one, or a
// constant; it never shares text's memory.
func (w *walker) leaf(text string, n *node, p place, nest int) (string, bool) {
	if text == "" || text == Redacted {
		return text, false
	}
	if kind := p.leafKind(); kind != pii.None {
		return w.known(kind, text, nest)
	}
	return w.searchAt(text, n, nest)
}

// known scrubs a value that is of the kind by the place it stands in.
func (w *walker) known(kind pii.Kind, text string, nest int) (string, bool) {
	action := w.s.actions[kind]
	switch action {
	case Keep: // as what it is; it may hold what is not kept
		w.count(kind, ByField)
		return w.search(text, nest)
	case Drop, Redact:
		if kind == pii.Identity {
			w.learn(text)
		}
		w.count(kind, ByField)
		return w.replacement(kind, text), true
	}
	if w.s.names.Verify(text) {
		return text, false
	}
	if kind == pii.Identity {
		w.learn(text)
	}
	if kind == pii.IP {
		return w.knownIP(text)
	}
	w.count(kind, ByField)
	return w.replacement(kind, text), true
}

// search scrubs what looks like personal data, walking JSON as JSON.
func (w *walker) search(text string, nest int) (string, bool) {
	return w.searchAt(text, nil, nest)
}

func (w *walker) searchAt(text string, n *node, nest int) (string, bool) {
	if w.isID(text) {
		w.count(pii.Identity, BySearch)
		return w.replacement(pii.Identity, text), true
	}
	if looksJSON(text) {
		if nest == maxNested {
			w.count(pii.None, BySearch)
			return Redacted, true
		}
		switch out, changed, code := w.json(text, n, pii.None, nest+1); code {
		case jsonscan.OK:
			return out, changed
		case jsonscan.Syntax, jsonscan.Trailing: // a text in brackets
		default: // JSON that can't be walked
			w.count(pii.None, BySearch)
			return Redacted, true
		}
		return w.searchText(text)
	}
	out, changed := w.searchText(text)
	if changed && out != Redacted && looksJSON(out) {
		out, _ = w.searchAt(out, n, nest) // it was JSON, and an address behind it
	}
	return out, changed
}

// maxPasses bounds searchText. Taking one address out can leave another that
// the first one hid; more than a few of them are made on purpose.
const maxPasses = 4

// searchText scrubs what looks like personal data in a plain text.
func (w *walker) searchText(text string) (string, bool) {
	out, changed := w.pass(text)
	if !changed {
		return text, false
	}
	for range maxPasses {
		again, more := w.pass(out)
		if !more {
			return out, out != text
		}
		out = again
	}
	return Redacted, true
}

// pass replaces each span that is found in text once.
func (w *walker) pass(text string) (string, bool) {
	spans := detect.Find(w.spans[:0], text)
	found := len(spans)
	if len(text) >= bits.TrailingZeros64(w.idLengths) { // most texts are shorter than any id
		if spans = w.findEncodedIDs(w.findIDs(spans, text), text); len(spans) > found {
			spans = detect.Merge(spans, text)
		}
	}
	if len(spans) == 0 {
		return text, false
	}
	w.spans = spans // with what it grew by
	out, from := w.text[:0], 0
	for _, span := range spans {
		replacement := w.replacement(span.Kind, span.Value)
		if replacement != text[span.Start:span.End] || w.s.actions[span.Kind] == Keep {
			w.count(span.Kind, BySearch)
		}
		out = append(out, text[from:span.Start]...)
		out = append(out, replacement...)
		from = span.End
	}
	out = append(out, text[from:]...)
	w.text = out
	if string(out) == text {
		return text, false
	}
	return newText(out), true
}

// key scrubs a name of a member below a value of the outer kind.
func (w *walker) key(name string, outer pii.Kind) (string, bool) {
	if name == "" || name == Redacted {
		return name, false
	}
	if outer != pii.None && looksLike(outer, name) && !w.s.names.Verify(name) && w.s.actions[outer] != Keep {
		w.count(outer, BySearch)
		return w.replacement(outer, name), true
	}
	if w.isID(name) {
		w.count(pii.Identity, BySearch)
		return w.replacement(pii.Identity, name), true
	}
	return w.searchText(name)
}

// looksLike says whether a name below a value of the kind is a value itself:
// {"users":{"<id>":{…}}}. E-mail and IP addresses are found by search.
func looksLike(kind pii.Kind, name string) bool {
	digits := 0
	for _, c := range []byte(name) {
		if '0' <= c && c <= '9' {
			digits++
		}
	}
	switch kind {
	case pii.Phone:
		return digits >= 7
	case pii.Identity:
		return digits == len(name) || len(name) >= 16 && digits > 0
	}
	return false
}

func (w *walker) count(kind pii.Kind, by FoundBy) {
	action := w.s.actions[kind]
	w.stats.Values[kind][action][by][w.place]++
	if action != Keep {
		w.stats.Changed[kind][action][by][w.place]++
	}
}

// looksJSON says whether text may be a JSON object or array, by its ends.
func looksJSON(text string) bool {
	i := jsonscan.Space(text, 0)
	if i == len(text) || text[i] != '{' && text[i] != '[' {
		return false
	}
	last := len(text) - 1
	for slices.Contains([]byte(" \t\r\n"), text[last]) {
		last--
	}
	return last > i && text[last] == text[i]+2 // in ASCII each closes two behind
}
