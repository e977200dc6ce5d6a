package profiles

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/profiles/sample"
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// userPath is a place whose values are paths with a user's id in them, such as
// users/47/groups.
type userPath struct {
	field *field
	after []string       // what stands before the id, the most frequent first
	ids   map[int]string // by line
}

// collections are folded segments of paths behind which a user's id stands.
var collections = []string{"user", "users", "identity", "identities", "account", "accounts", "member", "members", "people", "customers", "principals"}

// pathNames are parts of the names of fields with paths.
var pathNames = []string{"path", "uri", "url", "resource", "route", "endpoint"}

// maxAfter bounds the beginnings of one place.
const maxAfter = 4

// userPaths finds the places with users' ids in paths.
func userPaths(all []*field) (list []userPath) {
	for _, f := range all {
		if !f.isPlace() || !slices.ContainsFunc(pathNames, func(n string) bool { return strings.Contains(f.name, n) }) {
			continue
		}
		if p := (userPath{field: f, ids: map[int]string{}}); p.find() {
			list = append(list, p)
		}
	}
	return list
}

func (p *userPath) find() bool {
	users := map[string]map[string]bool{} // by what stands before the ids
	for i, line := range p.field.lines {
		if after, id := idInPath(p.field.of[i]); id != "" {
			p.ids[line] = id
			if users[after] == nil {
				users[after] = map[string]bool{}
			}
			users[after][id] = true
		}
	}
	// It is shown: a path of one user alone might begin with somebody's name.
	maps.DeleteFunc(users, func(after string, ids map[string]bool) bool { return len(ids) < 2 && !isCommon(after) })
	p.after = slices.SortedFunc(maps.Keys(users), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(users[b]), len(users[a])), cmp.Compare(a, b))
	})
	p.after = p.after[:min(maxAfter, len(p.after))]
	maps.DeleteFunc(p.ids, func(line int, _ string) bool {
		value := p.field.of[slices.Index(p.field.lines, line)]
		return !slices.ContainsFunc(p.after, func(after string) bool { return strings.HasPrefix(value, after) })
	})
	return len(p.ids) > 0
}

// commonSegments begin the paths of many programs.
var commonSegments = append([]string{"", "api", "admin", "rest", "core", "management", "scim", "internal", "iam", "auth", "v1", "v2", "v3", "v4"}, collections...)

// isCommon says whether a path's beginning is of such segments alone.
func isCommon(after string) bool {
	for segment := range strings.SplitSeq(after, "/") {
		if !slices.Contains(commonSegments, segment) {
			return false
		}
	}
	return true
}

// idInPath returns the first segment behind a collection of users, if it is an id,
// and all before it. Nothing before it may be an id, too: it would be somebody's.
func idInPath(path string) (after, id string) {
	path, _, _ = strings.Cut(path, "?")
	begin, previous := 0, ""
	for {
		segment, _, more := strings.Cut(path[begin:], "/")
		decoded, err := url.PathUnescape(segment)
		isUserID := err == nil && isSegmentID(decoded)
		switch {
		case isUserID && slices.Contains(collections, fold(previous)):
			return path[:begin], decoded
		case !more || isUserID || sample.Personal(segment):
			return "", ""
		}
		begin, previous = begin+len(segment)+1, segment
	}
}

// isSegmentID knows generated ids, also with a provider's name before them
// (auth0|6455a1b2c3d4), and numbers.
func isSegmentID(s string) bool {
	_, behind, found := strings.Cut(s, "|")
	if found {
		s = behind
	}
	return s != "" && (pseudonym.IsUUID(s) || sample.Opaque(s) || strings.Trim(s, "0123456789") == "")
}

// isAnother says whether the ids in paths are mostly those of others than the user
// that the line has elsewhere.
func (d *draft) isAnother(p *userPath) bool {
	same := 0
	for _, c := range d.attributes {
		if c.role != attr.UserID || c.isBehalf() {
			continue
		}
		for i, line := range c.field.lines {
			if c.field.of[i] == p.ids[line] {
				same++
			}
		}
	}
	return same*2 < len(p.ids)
}

// aboutPath reads the user of a path, and takes the one whom such a line has
// elsewhere for the actor. Where all such events are an administrator's, all of
// these are read so.
func (d *draft) aboutPath(p *userPath) {
	onlyAdmins := d.hasAdmins()
	for line := range p.ids {
		onlyAdmins = onlyAdmins && d.category(line) == adminCategory
	}
	lines := make([]int, 0, len(p.ids))
	for line := range p.ids {
		lines = append(lines, line)
	}
	// Its lines, not all of the field's, are those that have an id.
	at := *p.field
	at.lines = lines
	var about, doers []choice
	for _, after := range p.after {
		c := choice{role: attr.UserID, field: &at, fits: 1, rank: unranked / 2, limit: limit{after: after}}
		if onlyAdmins {
			c.categories = []string{adminCategory}
		} else {
			c.when = []condition{{pointer: p.field.pointer, prefix: []string{after}}}
		}
		about = append(about, c)
	}
	inPath := limit{when: []condition{{pointer: p.field.pointer, prefix: p.after}}}
	elsewhere := limit{when: []condition{{pointer: p.field.pointer, without: p.after}}}
	if onlyAdmins {
		inPath, elsewhere = limit{categories: []string{adminCategory}}, limit{notCategories: []string{adminCategory}}
	}
	for i := range d.attributes {
		c := &d.attributes[i]
		if d.isBesideID(c) {
			doers = append(doers, c.asActor(inPath))
			c.limit = limit{notCategories: elsewhere.notCategories, when: append(c.when, elsewhere.when...)}
		}
	}
	d.put(about, doers)
}
