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

// nobody is what Login.gov writes as the id of who is not signed in: it is no one's,
// and stands in a quarter of all lines.
const nobody = "anonymous-uuid"

// learn adds the value of an identity field to the record's own ids: a profile makes
// no attribute of each, and a session's id stands in paths, too.
func (w *walker) learn(text string) { w.learnBehind(text, math.MaxInt) }

// learnHere is learn for the value at hand, around which there are so many JSON texts.
func (w *walker) learnHere(text string, nest int) {
	if nest == 0 {
		w.learnBehind(text, w.levels[0].written())
		return
	}
	w.learn(text) // the text around it is not written yet
}

// learnBehind is learn for a value of a body that is a JSON text: unsearched is how much
// of that was written before, in which the id was not looked for.
func (w *walker) learnBehind(text string, unsearched int) {
	text = strings.TrimSpace(text)
	if text == nobody || w.learned == maxLearned || len(text) < minInText || text == Redacted || w.exactID(text) != nil || w.names.Verify(text) {
		return
	}
	w.learned++
	w.unsearched = max(w.unsearched, unsearched)
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
	end, escaped := jsonscan.String(l.src, i)
	if end < 0 {
		return
	}
	unsearched := math.MaxInt
	if l == &w.levels[0] {
		l.at = i
		unsearched = l.written()
	}
	w.learnBehind(l.unquote(i, end, escaped), unsearched)
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

// learnedBefore is learnedIn for what was walked of a body before an id was learned.
// Behind that the walk has found it. out is what became of the body.
func (w *walker) learnedBefore(out string) bool {
	l := &w.levels[0]
	if l.copied == 0 || string(l.out) == out { // else there is U+FFFD in it, and all is elsewhere
		out = out[:min(len(out), w.unsearched)]
	}
	return w.learnedIn(out)
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
	w.unsearched = 0 // an id that the attributes taught is looked for in all of it
	out, became, code = w.json(text, root, p, 0)
	if code == jsonscan.OK && w.learned > 0 && w.learnedBefore(out) {
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
