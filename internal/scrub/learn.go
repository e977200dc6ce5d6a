package scrub

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// maxLearned bounds the ids that a record's body adds to those of its
// attributes. Each is looked for in every text of the record.
const maxLearned = 8

// learn adds the value of a body's identity field to the record's own ids: a
// profile makes no attribute of each, and a session's id stands in paths, too.
func (w *walker) learn(text string) {
	text = strings.TrimSpace(text)
	if w.learned == maxLearned || len(text) < minInText || w.isID(text) || w.s.names.Verify(text) {
		return
	}
	w.learned++
	// A copy: text may be borrowed. What outgrows the buffer stays where it is.
	start := len(w.idText)
	w.idText = append(w.idText, text...)
	text = borrow(w.idText[start:])
	w.ids = append(w.ids, identity{text: text, uuid: pseudonym.IsUUID(text)})
	w.idLengths |= 1 << min(len(text), 63)
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

func (w *walker) learnDroppedValue(v pcommon.Value, kind pii.Kind) {
	if kind == pii.Identity && v.Type() == pcommon.ValueTypeStr {
		w.learn(v.Str())
	}
}

// learnedIn says whether an id that was learned stands in text: before the
// field that it was learned from.
func (w *walker) learnedIn(text string) bool {
	for _, id := range w.ids[len(w.ids)-w.learned:] {
		if strings.Contains(text, id.text) {
			return true
		}
	}
	return false
}

// again runs f, a second walk over what is scrubbed already, and counts only
// the ids that it finds.
func (w *walker) again(f func()) {
	before := w.stats
	f()
	action := w.s.actions[pii.Identity]
	found, changed := w.stats.Values[pii.Identity][action][BySearch], w.stats.Changed[pii.Identity][action][BySearch]
	w.stats = before
	w.stats.Values[pii.Identity][action][BySearch] = found
	w.stats.Changed[pii.Identity][action][BySearch] = changed
}

// jsonBody scrubs a body that is a JSON text.
func (w *walker) jsonBody(text string, plan *node) (out string, changed bool, code jsonscan.Code) {
	out, changed, code = w.json(text, plan, plan.kind, 0)
	if code == jsonscan.OK && w.learnedIn(out) {
		w.again(func() {
			if more, again, _ := w.json(out, plan, plan.kind, 0); again {
				out, changed = more, true
			}
		})
	}
	return out, changed, code
}

// mapBody scrubs a body that is a map, a slice or a scalar.
func (w *walker) mapBody(body pcommon.Value, plan *node) {
	w.value(body, plan, place{kind: plan.kind}, 0)
	if w.learned > 0 {
		w.again(func() { w.value(body, plan, place{kind: plan.kind}, 0) })
	}
}
