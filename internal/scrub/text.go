package scrub

import (
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
)

// leaf scrubs a string that stands at p; n is its place in the body, as in value: a
// column of JSON may come as a text, and holds what the object would. nest JSON texts
// are around it. It may note in p that nobody lists the value.
func (w *walker) leaf(text string, n *node, p *spot, nest int) (string, fate) {
	kind := p.leafKind()
	searched := kind == pii.None || kind == pii.Public
	if !p.listed && !p.noted && (!searched || text == Redacted || !looksJSON(text)) && w.goes(p) {
		return "", gone
	}
	if text == "" || text == Redacted {
		return text, same
	}
	if !searched {
		return w.known(kind, text, nest)
	}
	return w.searchAt(text, n, p, nest)
}

// search scrubs what looks like personal data, walking JSON as JSON.
func (w *walker) search(text string, nest int) (string, fate) {
	return w.searchAt(text, nil, &spot{listed: true}, nest)
}

func (w *walker) searchAt(text string, n *node, p *spot, nest int) (string, fate) {
	if w.isID(text) {
		return w.replaceID(text)
	}
	if !looksJSON(text) {
		out, fate := w.searchText(text)
		if fate != same && out != Redacted && looksJSON(out) {
			out, _ = w.searchAt(out, n, p, nest) // it was JSON, and an address behind it
		}
		return out, fate
	}
	if nest == maxNested {
		return w.redactUnseen()
	}
	member := w.member
	switch out, fate, code := w.json(text, n, spot{role: p.role & rawHeaders, listed: p.listed, noted: p.noted}, nest+1); code {
	case jsonscan.OK:
		return out, fate
	case jsonscan.Syntax, jsonscan.Trailing: // a text in brackets
	default: // JSON that can't be walked
		return w.redactUnseen()
	}
	w.member = member // not one of those in a text that is no JSON
	if w.goes(p) {
		return "", gone
	}
	return w.searchText(text)
}

// redactUnseen redacts what can't be walked.
func (w *walker) redactUnseen() (string, fate) {
	w.count(pii.None, BySearch)
	return Redacted, changed
}

// replaceID replaces a text that is one of the record's own ids.
func (w *walker) replaceID(text string) (string, fate) {
	w.count(pii.Identity, BySearch)
	return w.replacement(pii.Identity, text), changed
}

// goes says whether the value at p, a leaf or something of which nothing is
// listed, is to go because nobody lists it, and counts that once.
func (w *walker) goes(p *spot) bool {
	if p.listed || p.noted {
		return false
	}
	p.noted = true
	w.tallies.unlisted[w.plan.unlisted]++
	w.tellUnlisted()
	return w.plan.unlisted == DropUnlisted
}

// maxPasses bounds searchText. Taking one address out can leave another that
// the first one hid; more than a few of them are made on purpose.
const maxPasses = 4

// searchText scrubs what looks like personal data in a plain text.
func (w *walker) searchText(text string) (string, fate) {
	if len(text) > maxText {
		return w.redactUnseen()
	}
	w.mapped = w.mapped[:0]
	out, changes := w.pass(text)
	if !changes {
		return text, same
	}
	for range maxPasses {
		again, more := w.pass(out)
		if !more {
			if out == text {
				return text, same
			}
			return out, changed
		}
		out = again
	}
	return Redacted, changed
}

// pass replaces each span that is found in text once. What it returns, if it
// is another text, shares no memory with it.
func (w *walker) pass(text string) (string, bool) {
	set := detect.SetOf(text)
	spans := w.s.finder.FindIn(w.spans[:0], text, set)
	found := len(spans)
	if len(text) >= w.shortestID() { // most texts are shorter than any id
		spans = w.findIDs(spans, text)
		if detect.MayHaveEscape(set) {
			spans = w.findEncodedIDs(spans, text)
		}
		if len(spans) > found {
			spans = detect.Merge(spans, text)
		}
	}
	if len(spans) == 0 {
		return text, false
	}
	w.spans = spans // with what it grew by
	mapping := w.t.actions[pii.IP] == PrefixPreserving
	if span := spans[0]; len(spans) == 1 && span.Start == 0 && span.End == len(text) && !mapping {
		replacement := w.replaced(span, text)
		return replacement, replacement != text
	}
	out, from, before := w.text[:0], 0, len(w.mapped)
	for _, span := range spans {
		out = append(out, text[from:span.Start]...)
		replacement := ""
		if mapping && span.Kind == pii.IP {
			replacement = w.mappedOnce(span, text, len(out), w.mapped[:before])
		} else {
			replacement = w.replaced(span, text[span.Start:span.End])
		}
		out = append(out, replacement...)
		from = span.End
	}
	w.mapped = append(w.mapped[:0], w.mapped[before:]...)
	out = append(out, text[from:]...)
	w.text = out
	if string(out) == text {
		return text, false
	}
	return newText(out), true
}

// replaced counts the span, which is written so, and returns what replaces it.
func (w *walker) replaced(span detect.Span, written string) string {
	replacement := w.replacement(span.Kind, span.Value)
	switch {
	case w.t.actions[span.Kind] == Keep:
		w.countKept(span.Kind, BySearch)
		return written
	case replacement != written:
		w.count(span.Kind, BySearch)
	}
	return replacement
}

// key scrubs a name of a member below a value of the outer kind.
func (w *walker) key(name string, outer pii.Kind) (string, bool) {
	if name == "" || name == Redacted {
		return name, false
	}
	if outer != pii.None && looksLike(outer, name) && !w.isScrubbed(withoutSuffix(name)) && w.t.actions[outer] != Keep {
		w.count(outer, BySearch)
		return w.replacement(outer, name), true
	}
	if w.isID(name) {
		w.count(pii.Identity, BySearch)
		return w.replacement(pii.Identity, name), true
	}
	out, fate := w.searchText(name)
	return out, fate != same
}

// isScrubbed says whether a name is what an earlier hop made of one.
func (w *walker) isScrubbed(name string) bool {
	domain, found := strings.CutPrefix(name, hidden)
	return found && isDomain(domain) || w.names.Verify(name)
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
