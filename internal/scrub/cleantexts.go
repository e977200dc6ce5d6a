package scrub

import (
	"hash/maphash"
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
	"github.com/authevents/otelcol-auth/internal/scrub/generalize"
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
	// latest has for each attribute the one that it had last, which is the next one
	// as often as not, and is found without its hash.
	latest [numLatest]cleanText
	// left is how many texts the batch may yet try: values that come once each must
	// not cost a second search each.
	left int
}

// The numbers of what is no attribute, from the end: those are counted from 0.
const (
	eventName    = numLatest - 1
	severityText = numLatest - 2
	idPath       = numLatest - 3 // url.path, where ids are collected
)

// cleanText is one of them; "" where there is none. digits: it has some. route:
// as a path it has no ids in it.
type cleanText struct {
	text          string
	digits, route bool
}

const (
	cleanSlots = 1024
	// numLatest is more than the attributes of the vocabulary. Two may share a place.
	numLatest = 128
	// maxCleanText is how long a text is at most that is kept: what comes again and
	// again is shorter.
	maxCleanText = 64
	// maxCleanTried bounds what a batch tries to add.
	maxCleanTried = 64
)

// find returns what is known of a text, which isn't ""; nil where nothing is.
func (c *cleanTexts) find(text string) *cleanText {
	if c.taken == 0 || len(text) > maxCleanText {
		return nil
	}
	if s := c.slot(text); s.text != "" {
		return s
	}
	return nil
}

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
	switch {
	case c.slots == nil:
		c.seed, c.slots = maphash.MakeSeed(), make([]cleanText, cleanSlots)
	case c.taken == cleanSlots/2:
		clear(c.slots)
		c.taken = 0
	}
	if s := c.slot(text); s.text == "" {
		*s = cleanText{strings.Clone(text), countDigits(text) > 0, isRoute(text)}
		c.taken++
	}
}

// passes says whether a text, which isn't "", stays as it is: it is known to be
// clean, and none of the record's ids stands in it.
func (w *walker) passes(text string, latest *cleanText) bool {
	if latest.text != text {
		s := w.clean.find(text)
		if s == nil {
			return false
		}
		*latest = *s
	}
	return w.isNobodys(latest)
}

// isNobodys says whether none of the record's ids stands in a clean text, whatever
// their forms are. One with a digit can't where there is none.
func (w *walker) isNobodys(c *cleanText) bool {
	return len(c.text) < w.shortestWord && (!c.digits || len(c.text) < w.shortestCode) || w.holdsNoID(c.text)
}

// holdsNoID says whether none of the record's ids stands in a text in which there is
// no escape and no UUID.
func (w *walker) holdsNoID(text string) bool {
	for i := range w.ids {
		id := &w.ids[i]
		if id.uuid || len(id.text) > len(text) {
			continue
		}
		if len(id.text) < minInText || len(id.text) > maxFolded || id.index(text) >= 0 { // of these index knows one spelling
			return false
		}
	}
	return true
}

// comesAgain is passes for a text of a body.
func (w *walker) comesAgain(text string) bool {
	if w.isForeign(text) {
		return true
	}
	if s := w.clean.find(text); s != nil {
		return w.isNobodys(s)
	}
	w.try(text)
	return false
}

// isQuietText says whether a search leaves a text alone, by what is known of it
// without one: it is the value of the attribute by that number.
func (w *walker) isQuietText(text string, number int) bool {
	if text == "" || text == Redacted || w.isForeign(text) || w.passes(text, &w.clean.latest[number%numLatest]) {
		return true
	}
	w.try(text)
	return false
}

// searchAgain is search for a text of the kind that comes again and again.
func (w *walker) searchAgain(text string, number int) (out string, became fate) {
	if w.isQuietText(text, number) {
		return text, same
	}
	return w.search(text, 0)
}

// try adds a text that isClean.
func (w *walker) try(text string) {
	if w.clean.left == 0 || !mayBeClean(text) {
		return
	}
	w.clean.left--
	if w.isClean(text) {
		w.clean.add(text)
	}
}

// passesAsPath is passes for a path, which must be one that Template leaves alone.
// No id is to be learned from that.
func (w *walker) passesAsPath(path string, number int) bool {
	if path == "" || w.t.actions[pii.Path] != Template {
		return false
	}
	latest := &w.clean.latest[number%numLatest]
	if w.passes(path, latest) {
		return latest.route
	}
	w.try(path)
	return false
}

// isForeign says whether a text is a UUID that is not the record's, as uids are: an
// id whole or not at all, in which a search finds nothing but what is encoded.
func (w *walker) isForeign(text string) bool {
	return isUUID(text) && !w.s.finder.DecodeTokens && !w.isID(text) && w.holdsNoID(text)
}

// isClean says whether there is nothing in a text to be found, whatever the record
// and its ids are, but for ids that passes rules out. That holds of a text in which
// no search finds anything, that is no JSON, and has no escape and no UUID in it.
// What looks like an id comes once, or is somebody's.
func (w *walker) isClean(text string) bool {
	return mayBeClean(text) && !looksJSON(text) && !detect.HasEscape(text) && !holdsUUID(text) && len(w.s.find(nil, text)) == 0
}

// mayBeClean is isClean by a text's length and its digits.
func mayBeClean(text string) bool {
	const fewDigits = 3 // 2FA, S256, SAML:2.0
	return text != "" && len(text) <= maxCleanText && (!looksLike(pii.Identity, text) || countDigits(text) <= fewDigits)
}

// isRoute says whether a path has no ids in it: neither such as Template replaces,
// nor such as addPathIDs finds.
func isRoute(path string) bool {
	if string(generalize.AppendPath(nil, path)) != path {
		return false
	}
	for rest, more := path, true; more; {
		var segment string
		segment, rest, more = cutSegment(rest)
		if _, ok := pathID(segment); ok {
			return false
		}
	}
	return true
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
