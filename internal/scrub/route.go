package scrub

import (
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// scrubName scrubs the name of a span, and says whether it became another. Spans
// of requests should be named for their routes, and many are for their paths:
// GET /users/alice. Such a path is treated as one in url.path.
func (w *walker) scrubName(name string) (string, bool) {
	method, path := splitRoute(name)
	if path == "" || path == Redacted || w.t.actions[pii.Path] == Keep {
		return w.scrubText(name)
	}
	out, became := w.known(pii.Path, path, 0)
	switch {
	case became == same:
		return name, false
	case became == gone && method == "":
		return Redacted, true
	case became == gone:
		return strings.Clone(strings.TrimSuffix(method, " ")), true
	}
	return strings.Clone(method + out), true
}

// splitRoute cuts a name such as GET /users/42 in two: the method with the space
// behind it, "" where there is none, and the path or URL; "" where it is none.
func splitRoute(name string) (method, path string) {
	if i := strings.IndexByte(name, ' '); i > 0 {
		switch name[:i] {
		case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY", "HTTP", "_OTHER":
			method, name = name[:i+1], name[i+1:]
			if further, rest := splitRoute(name); method == "HTTP " && further != "" { // HTTP GET /users/42
				return method + further, rest
			}
		}
	}
	if strings.HasPrefix(name, "/") || method != "" && strings.Contains(name, "://") {
		return method, name
	}
	return method, ""
}
