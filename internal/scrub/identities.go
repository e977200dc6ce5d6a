package scrub

import (
	"math"
	"math/bits"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
)

// identity is an id of the record's user, session, visitor or actor.
type identity struct {
	text string
	uuid bool // with its dashes or without
	// anchor is the index of a byte of text that has no case; -1 where all are
	// letters. Others than UUIDs that are too long for it are not folded.
	anchor int
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

// maxIDs bounds the ids that the attributes of a record give, its events and
// exemplars among them: each is looked for in every text of the record. One
// behind them is scrubbed where it stands, and not looked for elsewhere.
const maxIDs = 32

// identities collects the record's own ids, and says whether the record is a
// line that could not be parsed.
func (w *walker) identities(attrs pcommon.Map) (parseError bool) {
	w.forgetIDs()
	var path pcommon.Value
	hasPath := false
	for name, v := range attrs.All() {
		switch name {
		case attr.URLPath:
			path, hasPath = v, v.Type() == pcommon.ValueTypeStr
		case attr.ParseError:
			parseError = true
		default:
			w.addIDOf(name, v)
		}
	}
	if hasPath && w.t.actions[pii.Identity] != Keep && !w.passesAsPath(path.Str(), idPath) {
		client := ""
		if v, ok := attrs.Get(attr.ClientID); ok {
			client = v.Str()
		}
		if !w.addPathIDs(path.Str(), client) {
			w.place = InAttribute
			path.SetStr(Redacted)
			w.count(pii.None, BySearch)
		}
	}
	return parseError
}

// addIDs adds the ids among the attributes of a part of the record: a span's
// event, an exemplar.
func (w *walker) addIDs(attrs pcommon.Map) {
	for name, v := range attrs.All() {
		w.addIDOf(name, v)
	}
}

// addIDOf adds the value of an attribute that is an id of the record's own.
func (w *walker) addIDOf(name string, v pcommon.Value) {
	switch name {
	case attr.UserID, attr.UserName, attr.SessionID, attr.VisitorID, attr.ActorID:
		if len(w.ids) == maxIDs {
			return
		}
		switch v.Type() {
		case pcommon.ValueTypeStr:
			if name == attr.UserID {
				w.user = v.Str()
			}
			w.addID(v.Str())
		case pcommon.ValueTypeInt:
			w.addID(strconv.FormatInt(v.Int(), 10))
		}
	}
}

func (w *walker) addID(id string) {
	if id = strings.TrimSpace(id); id == "" || id == Redacted {
		return
	}
	if w.t.actions[pii.Identity] == Keep || w.exactID(id) != nil || w.names.Verify(id) {
		return
	}
	w.putID(id)
}

// putID adds an id that is none of those yet.
func (w *walker) putID(text string) {
	id := identity{text: text, uuid: isUUID(text)}
	if !id.uuid {
		id.anchor = anchorOf(text)
		if countDigits(text) == 0 {
			w.shortestWord = min(w.shortestWord, len(text))
		} else {
			w.shortestCode = min(w.shortestCode, len(text))
		}
	}
	w.ids = append(w.ids, id)
	if w.idLengths |= 1 << min(len(text), 63); id.uuid {
		w.idLengths |= 1<<uuidLength | 1<<bareLength
	}
	w.numericIDs = w.numericIDs || isNumeric(text)
}

// forgetIDs readies the walker for the next record.
func (w *walker) forgetIDs() {
	w.ids, w.idLengths, w.numericIDs = w.ids[:0], 0, false
	w.shortestWord, w.shortestCode = math.MaxInt, math.MaxInt
	w.learned, w.idText = 0, w.idText[:0]
	w.user, w.member = "", ""
}

// shortestID is how long the shortest id is, at most 63; 64 where there is none.
func (w *walker) shortestID() int { return bits.TrailingZeros64(w.idLengths) }

// isID says whether the whole text is one of the record's ids.
func (w *walker) isID(text string) bool { return w.id(text) != nil }

// id returns the id that the whole text is, in whatever letter case.
func (w *walker) id(text string) *identity {
	if w.idLengths&(1<<min(len(text), 63)) == 0 {
		return nil
	}
	if id := w.exactID(text); id != nil {
		return id
	}
	for i := range w.ids {
		if w.ids[i].equal(text) {
			return &w.ids[i]
		}
	}
	return nil
}

// exactID is id for those places where an id is known by its field: two ids may
// differ by their case alone.
func (w *walker) exactID(text string) *identity {
	if w.idLengths&(1<<min(len(text), 63)) == 0 {
		return nil
	}
	for i := range w.ids {
		if text == w.ids[i].text {
			return &w.ids[i]
		}
	}
	return nil
}

// idToken is the pseudonym of an identity.
func (w *walker) idToken(value string) string {
	id := w.id(value)
	if id == nil {
		return w.names.Token(pii.Identity, value)
	}
	if id.token == "" {
		id.token = w.names.Token(pii.Identity, id.text)
	}
	return id.token
}

// findIDs appends the record's ids inside a longer text, where they are no
// part of a word.
func (w *walker) findIDs(spans []detect.Span, text string) []detect.Span {
	uuids := false
	for i := range w.ids {
		id := &w.ids[i]
		if id.uuid {
			uuids = true
			continue
		}
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
	if uuids {
		spans = w.findBare(w.findDashed(spans, text), text)
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
