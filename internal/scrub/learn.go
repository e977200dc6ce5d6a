package scrub

import (
	"math"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
)

// maxLearned bounds the ids that a record's body adds to those of its
// attributes. Each is looked for in every text of the record.
const maxLearned = 8

// learn adds the value of a body's identity field to the record's own ids: a
// profile makes no attribute of each, and a session's id stands in paths, too.
func (w *walker) learn(text string) {
	text = strings.TrimSpace(text)
	if w.learned == maxLearned || len(text) < minInText || text == Redacted || w.exactID(text) != nil || w.names.Verify(text) {
		return
	}
	w.learned++
	// A copy: text may be borrowed. What outgrows the buffer stays where it is.
	start := len(w.idText)
	w.idText = append(w.idText, text...)
	text = borrow(w.idText[start:])
	w.putID(text)
}

// learnDropped learns the string at l.src[i], which is dropped unseen: it may
// stand elsewhere.
func (w *walker) learnDropped(l *level, i int, kind pii.Kind) {
	if kind != pii.Identity || l.src[i] != '"' {
		return
	}
	if end, escaped := jsonscan.String(l.src, i); end > 0 {
		w.learn(l.unquote(i, end, escaped))
	}
}

// learnedIn says whether an id that was learned may stand in text: before the
// field that it was learned from. Where there are escapes it may be written with
// them: CORP\\alice in JSON, auth0%7C61823277 in a URL.
func (w *walker) learnedIn(text string) bool {
	learned := w.ids[len(w.ids)-w.learned:]
	uuids := false
	for i := range learned {
		if learned[i].index(text) >= 0 {
			return true
		}
		uuids = uuids || learned[i].uuid
	}
	if uuids {
		if w.spans = w.findBare(w.spans[:0], text); len(w.spans) > 0 {
			return true
		}
	}
	return detect.HasEscape(text)
}

// learnedBelow is learnedIn for all that is in a map or slice, names and numbers
// as well. To look for a few ids costs far less than a second walk.
func (w *walker) learnedBelow(v pcommon.Value) bool {
	shortest := math.MaxInt
	learned := w.ids[len(w.ids)-w.learned:]
	for i := range learned {
		if isNumeric(learned[i].text) { // there is a number in nearly every body
			return true
		}
		shortest = min(shortest, learned[i].shortest())
	}
	return w.anyLearned(v, shortest)
}

// anyLearned is learnedBelow where no id is shorter: an escape is never shorter
// than what it stands for, so that a shorter text can't hold one. The first walk
// has left no more levels than jsonscan.MaxDepth.
func (w *walker) anyLearned(v pcommon.Value, shortest int) bool {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		text := v.Str()
		return len(text) >= shortest && w.learnedIn(text)
	case pcommon.ValueTypeBytes:
		return v.Bytes().Len() >= shortest // no profile makes them: not worth a copy
	case pcommon.ValueTypeMap:
		for name, member := range v.Map().All() {
			if len(name) >= shortest && w.learnedIn(name) || w.anyLearned(member, shortest) {
				return true
			}
		}
	case pcommon.ValueTypeSlice:
		for _, element := range v.Slice().All() {
			if w.anyLearned(element, shortest) {
				return true
			}
		}
	}
	return false
}

// onlyIDs forgets what was tallied since the mark but the ids that were found:
// the second walk over a text counts these alone.
func (t *tallies) onlyIDs(m mark) {
	found := t.found[:m.found]
	for _, one := range t.found[m.found:] {
		if one.kind == pii.Identity && one.by == BySearch {
			found = append(found, one)
		}
	}
	t.found, t.unlisted = found, m.unlisted
}

// twice runs f, a second walk over what was walked already, and counts only the
// ids that it finds. It may see as many members as the first one.
func (w *walker) twice(f func()) {
	mark, rewalk, left := w.tallies.mark(), w.rewalk, w.left
	w.rewalk, w.left = true, maxMembers
	f()
	w.rewalk, w.left = rewalk, left
	w.tallies.onlyIDs(mark)
}

// jsonBody scrubs a body that is a JSON text.
func (w *walker) jsonBody(text string, root *node) (out string, became fate, code jsonscan.Code) {
	p := spot{kind: root.kind, listed: root.listed}
	out, became, code = w.json(text, root, p, 0)
	if code == jsonscan.OK && w.learned > 0 && w.learnedIn(out) {
		w.twice(func() {
			if more, again, _ := w.json(out, root, p, 0); again != same {
				out, became = more, changed
			}
		})
	}
	return out, became, code
}

// mapBody scrubs a body that is a map, a slice or a scalar.
func (w *walker) mapBody(body pcommon.Value, root *node) {
	p := spot{kind: root.kind, listed: root.listed}
	if !w.value(body, root, p, 0) {
		body.SetStr(Redacted)
		return
	}
	if w.learned > 0 && w.learnedBelow(body) {
		w.twice(func() { w.value(body, root, p, 0) })
	}
}
