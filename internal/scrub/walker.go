package scrub

import (
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// walker scrubs one batch at a time and lends its buffers to it.
type walker struct {
	s     *Scrubber
	stats Stats
	place Place // where the value at hand stands
	// ids are the record's own: those of its attributes, and behind them as
	// many as learned says, of its body. idText holds these.
	ids     []identity
	learned int
	idText  []byte
	// idLengths has the lengths of ids, as bits; all from 63 on are one. Most
	// texts are ruled out by it.
	idLengths uint64
	spans     []detect.Span
	text      []byte // where a text with spans is rewritten
	// levels are the JSON texts being rewritten: the body, a text in it, …
	levels [maxNested + 1]level
}

// maxNested is how many JSON texts in strings of JSON texts are walked.
// Deeper ones are redacted whole.
const maxNested = 4

// place is where a value stands.
type place struct {
	// kind holds for the value and all that is below it.
	kind pii.Kind
	// direct holds for the value alone, and only for a string or a number.
	direct pii.Kind
	// attributes: names here are names of attributes. strict: of ours only.
	attributes, strict bool
}

// leafKind is the kind of a string or number that stands there.
func (p place) leafKind() pii.Kind { return stronger(p.kind, p.direct) }

// maxPooled caps what of a buffer goes back to the pool: one huge body must
// not pin its size for ever. Bodies are 1 KB, so 64 KB keep nearly all.
const maxPooled = 64 << 10

// recyclable readies the walker for the pool, and says whether it may go there.
// It forgets every string of the batch: pdata is not kept behind Consume.
func (w *walker) recyclable() bool {
	clear(w.ids[:cap(w.ids)])
	clear(w.spans[:cap(w.spans)])
	size := cap(w.text) + cap(w.idText) + cap(w.spans)*int(unsafe.Sizeof(detect.Span{}))
	for i := range w.levels {
		l := &w.levels[i]
		l.src = ""
		size += cap(l.out) + cap(l.unescaped)
	}
	return size <= maxPooled
}

// identity is an id of the record's user, session, visitor or actor.
type identity struct {
	text string
	uuid bool // case does not count
	// token is its pseudonym, once it was needed: ids stand in the attributes
	// and in the body.
	token string
}

// minInText is how long an id is at least to be looked for anywhere inside
// texts. A shorter one would be found in words by chance.
const minInText = 8

// minNumber is how many digits an id has at least to be looked for among
// numbers. User 4 must not make pseudonyms of all counters that are 4.
const minNumber = 6

func (w *walker) addID(id string) {
	if id = strings.TrimSpace(id); id == "" || id == Redacted {
		return
	}
	if w.s.actions[pii.Identity] == Keep || w.s.names.Verify(id) {
		return
	}
	w.ids = append(w.ids, identity{text: id, uuid: pseudonym.IsUUID(id)})
	w.idLengths |= 1 << min(len(id), 63)
}

// forgetIDs readies the walker for the next record.
func (w *walker) forgetIDs() {
	w.ids, w.idLengths = w.ids[:0], 0
	w.learned, w.idText = 0, w.idText[:0]
}

// isID says whether the whole text is one of the record's ids.
func (w *walker) isID(text string) bool { return w.id(text) != nil }

func (w *walker) id(text string) *identity {
	if w.idLengths&(1<<min(len(text), 63)) == 0 {
		return nil
	}
	for i := range w.ids {
		if len(text) == len(w.ids[i].text) && w.ids[i].equal(text) {
			return &w.ids[i]
		}
	}
	return nil
}

// idToken is the pseudonym of an identity.
func (w *walker) idToken(value string) string {
	id := w.id(value)
	if id == nil {
		return w.s.names.Token(pii.Identity, value)
	}
	if id.token == "" {
		id.token = w.s.names.Token(pii.Identity, value)
	}
	return id.token
}

func (id *identity) equal(text string) bool {
	return text == id.text || id.uuid && strings.EqualFold(text, id.text)
}

// findIDs appends the record's ids inside a longer text, where they are no
// part of a word.
func (w *walker) findIDs(spans []detect.Span, text string) []detect.Span {
	for i := range w.ids {
		id := &w.ids[i]
		n := len(id.text)
		for from := 0; len(text) >= n; {
			start := id.index(text[from:])
			if start < 0 {
				break
			}
			start += from
			from = start + 1
			if end := start + n; stands(text, start, end) {
				spans = append(spans, detect.Span{Start: start, End: end, Kind: pii.Identity, Value: text[start:end]})
				from = end
			}
		}
	}
	return spans
}

// findEncodedIDs is findIDs for a text with escapes: auth0|61823277 is
// auth0%7C61823277 in a URL.
func (w *walker) findEncodedIDs(spans []detect.Span, text string) []detect.Span {
	if len(w.ids) == 0 {
		return spans
	}
	decoded, origin, ok := detect.Decode(text)
	if !ok {
		return spans
	}
	first := len(spans)
	spans = w.findIDs(spans, decoded)
	for i := first; i < len(spans); i++ {
		spans[i].Start, spans[i].End = int(origin[spans[i].Start]), int(origin[spans[i].End])
	}
	return spans
}

// index is strings.Index but for the case of a UUID's digits; it goes from
// dash to dash, which are rarer than digits.
func (id *identity) index(text string) int {
	if !id.uuid {
		return strings.Index(text, id.text)
	}
	const dash, n = 8, 36
	for from := dash; from+n-dash <= len(text); {
		i := strings.IndexByte(text[from:], '-')
		if i < 0 {
			return -1
		}
		start := from + i - dash
		if start+n > len(text) {
			return -1
		}
		if strings.EqualFold(text[start:start+n], id.text) {
			return start
		}
		from += i + 1
	}
	return -1
}

// maxWord is longer than any word. A longer id is one wherever it is found: to
// look for its next place at each letter of a text would take quadratic time.
const maxWord = 64

// stands says whether an id that is found at text[start:end] is there by more
// than chance: no part of a word; a short one, a whole segment of a path or
// value of a parameter.
func stands(text string, start, end int) bool {
	switch n := end - start; {
	case n == len(text) || n > maxWord:
		return true
	case n < minInText:
		return start > 0 && strings.IndexByte("/=", text[start-1]) >= 0 &&
			(end == len(text) || strings.IndexByte("/?#&; ", text[end]) >= 0)
	}
	return bounded(text, start, end)
}

// bounded says whether no letter or digit touches text[start:end].
func bounded(text string, start, end int) bool {
	return (start == 0 || !isAlnum(text[start-1])) && (end == len(text) || !isAlnum(text[end]))
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// newText copies what was rewritten into a string of its own, valid UTF-8 whatever
// stood around the changes.
func newText(b []byte) string {
	text := string(b)
	if utf8.ValidString(text) {
		return text
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}

// borrow views b as a string without a copy, for the time until b is written
// to again. Nothing that is kept may share it: what scrubbing keeps, it copies.
func borrow(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
