package scrub

import (
	"hash/maphash"
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
)

// cleanTexts are texts that were searched and hold nothing: event names,
// categories, browsers, clients. They come again and again, and a look at this
// set costs less than a search does.
//
// It outlives the batch. What it holds leaves as it came in any case, and looks
// like nobody's id.
type cleanTexts struct {
	seed  maphash.Seed // the texts are the sender's
	slots []cleanText  // cleanSlots of them, at most half of them taken
	taken int
	// left is how many texts the batch may yet add: values that come once each must
	// not cost a second search and a copy each.
	left int
}

// cleanText is one of them; "" where there is none. digits: it has some.
type cleanText struct {
	text   string
	digits bool
}

const (
	cleanSlots = 1024
	// maxCleanText is how long a text is at most that is kept: what comes again and
	// again is shorter.
	maxCleanText = 64
	// maxCleanAdded bounds what a batch adds.
	maxCleanAdded = 64
)

// slot is where the text, which isn't "", is or would be.
func (c *cleanTexts) slot(text string) *cleanText {
	i := maphash.String(c.seed, text)
	for {
		if s := &c.slots[i%cleanSlots]; s.text == text || s.text == "" {
			return s
		}
		i++
	}
}

// add keeps a copy of a text that isClean. A full set starts anew, so that what is
// in use comes back.
func (c *cleanTexts) add(text string) {
	c.left--
	switch {
	case c.slots == nil:
		c.seed, c.slots = maphash.MakeSeed(), make([]cleanText, cleanSlots)
	case c.taken == cleanSlots/2:
		clear(c.slots)
		c.taken = 0
	}
	if s := c.slot(text); s.text == "" {
		*s = cleanText{strings.Clone(text), countDigits(text) > 0}
		c.taken++
	}
}

// passes says whether a text, which isn't "", stays as it is: it is known to be
// clean, and none of the record's ids can stand in it, whatever their forms. One
// with a digit can't where there is none.
func (w *walker) passes(text string) bool {
	if w.clean.taken == 0 || len(text) > maxCleanText || len(text) >= w.shortestWord {
		return false
	}
	s := w.clean.slot(text)
	return s.text != "" && (!s.digits || len(text) < w.shortestCode)
}

// searchAgain is search for a text of the kind that comes again and again.
func (w *walker) searchAgain(text string) (out string, became fate) {
	if text == "" || text == Redacted || w.passes(text) || w.isForeign(text) {
		return text, same
	}
	out, became = w.search(text, 0)
	if became == same && w.clean.left > 0 && w.isClean(text) {
		w.clean.add(text)
	}
	return out, became
}

// isForeign says whether a text is a UUID that is not the record's, as uids are, in
// which nothing is to be found: it is an id whole or not at all.
func (w *walker) isForeign(text string) bool {
	if !isUUID(text) || len(text) >= min(w.shortestWord, w.shortestCode) || w.isID(text) {
		return false
	}
	w.spans = w.s.find(w.spans[:0], text)
	return len(w.spans) == 0
}

// isClean says whether there is nothing in a text to be found, whatever the record
// and its ids are, but for ids that passes rules out. That holds of a text in which
// no search finds anything, that is no JSON, and has no escape and no UUID in it.
// What looks like an id comes once, or is somebody's.
func (w *walker) isClean(text string) bool {
	const fewDigits = 3 // 2FA, S256, SAML:2.0
	if text == "" || len(text) > maxCleanText || looksLike(pii.Identity, text) && countDigits(text) > fewDigits {
		return false
	}
	return !looksJSON(text) && !detect.HasEscape(text) && !holdsUUID(text) && len(w.s.find(nil, text)) == 0
}

func countDigits(text string) (n int) {
	for i := range len(text) {
		if '0' <= text[i] && text[i] <= '9' {
			n++
		}
	}
	return n
}

// holdsUUID says whether there is a UUID in text, with its dashes or without.
func holdsUUID(text string) bool {
	if nextUUID(text, 0) >= 0 {
		return true
	}
	run := 0
	for i := range len(text) {
		if run++; !isHexDigit(text[i]) {
			run = 0
		}
		if run == bareLength {
			return true
		}
	}
	return false
}
