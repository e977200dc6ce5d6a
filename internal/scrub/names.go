package scrub

import (
	"strconv"
	"strings"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// nameSet are the names in one object, with the suffix that the next changed
// name of the same text gets. Two names that become equal must not lose a value.
type nameSet map[string]int

// free returns name, or name with a suffix, that is not taken yet, and takes it.
func (s nameSet) free(name string) string {
	n, taken := s[name]
	if !taken {
		s[name] = 1
		return name
	}
	for {
		n++
		next := name + "_" + strconv.Itoa(n)
		if _, taken := s[next]; !taken {
			s[name], s[next] = n, 1
			return next
		}
	}
}

// isRedactedName says whether a name is Redacted, as free makes it, so that it is
// at rest in a second walk.
func isRedactedName(name string) bool {
	suffix, ok := strings.CutPrefix(name, Redacted)
	if !ok || suffix == "" {
		return ok
	}
	const mostDigits = 7 // of the members of any map that a request has room for
	if suffix[0] != '_' || len(suffix) > 1+mostDigits {
		return false
	}
	return strings.Trim(suffix[1:], "0123456789") == ""
}

// release gives back what free returned for name.
func (s nameSet) release(name, got string) {
	delete(s, got)
	if got != name {
		s[name]--
	}
}

// withoutSuffix returns a name without what free has put behind it.
func withoutSuffix(name string) string {
	i := len(name)
	for i > 0 && '0' <= name[i-1] && name[i-1] <= '9' {
		i--
	}
	if i == 0 || i == len(name) || name[i-1] != '_' {
		return name
	}
	return name[:i-1]
}

// jsonNames collects the names of the object at src[i], which is scanned a
// second time for it: few objects have a name that changes.
func jsonNames(src string, i int) nameSet {
	set := nameSet{}
	var limits jsonscan.Limits
	i = jsonscan.Space(src, i+1)
	for i < len(src) && src[i] == '"' {
		end, _ := jsonscan.String(src, i)
		if end < 0 {
			break // the walk will come upon it, too
		}
		set[string(jsonscan.AppendUnescaped(nil, src[i+1:end-1]))] = 1
		value := jsonscan.Colon(src, end)
		if value < 0 {
			break
		}
		if i, _ = jsonscan.Value(src, value, &limits); i < 0 {
			break
		}
		var more bool
		if i, more = jsonscan.Next(src, i, '}'); !more {
			break
		}
	}
	return set
}
