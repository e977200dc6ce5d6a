package scrub

import (
	"net/url"
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/generalize"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// maxPathIDs bounds the ids of one path: each is looked for in every text of
// the record. No route has as many.
const maxPathIDs = 8

// addPathIDs adds the ids that stand in a url.path to the record's own. No
// profile knows all routes of an IdP, and of /admin/sessions/<id> the path is
// all that says which session. client is auth.client.id, which is to stay.
// It returns false where the path has too many.
func (w *walker) addPathIDs(path, client string) bool {
	if w.interned.routes.has(path) { // an id would have become {id}
		return true
	}
	ids := 0
	for rest, more := path, true; more; {
		var segment string
		segment, rest, more = cutSegment(rest)
		id, ok := pathID(segment)
		if !ok || id == client || w.isID(id) {
			continue
		}
		if ids++; ids > maxPathIDs {
			return false
		}
		w.addID(id)
	}
	return true
}

// isLastRoute says whether a path is the url.path that passed last, which is the
// record's own nearly always.
func (w *walker) isLastRoute(path string) bool {
	latest := &w.clean.latest[idPath]
	return latest.route && latest.text == path && w.passes(path, latest)
}

// cutSegment cuts the first segment, or path parameter (;jsessionid=), off.
func cutSegment(path string) (segment, rest string, more bool) {
	i := strings.IndexAny(path, "/;=")
	if i < 0 {
		return path, "", false
	}
	return path[:i], path[i+1:], true
}

// pathID returns, without its percent-encoding, an id in a path that tells enough
// to be looked for in other texts: of what Template takes for an id, a UUID,
// provider|id as Auth0 has it, a number too long for a page or a version, and
// whatever is long with digits in it, but for the names of files.
func pathID(segment string) (string, bool) {
	if !generalize.IsID(segment) {
		return "", false
	}
	if strings.IndexByte(segment, '%') >= 0 {
		if decoded, err := url.PathUnescape(segment); err == nil {
			segment = decoded
		}
	}
	digits := 0
	for _, c := range []byte(segment) {
		switch {
		case '0' <= c && c <= '9':
			digits++
		case c == '|':
			return segment, true
		case c == '.':
			return "", false
		}
	}
	if digits == len(segment) {
		return segment, digits >= minNumber
	}
	return segment, pseudonym.IsUUID(segment) || digits > 1 && looksLike(pii.Identity, segment)
}
