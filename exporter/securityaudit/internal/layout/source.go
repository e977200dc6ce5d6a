package layout

import (
	"fmt"
	"strings"
)

// Kind says which part of a record a column's value is taken from.
type Kind uint8

// The kinds. Those behind FromBody are fields of the record, or worked out from
// several; `from` names them as fieldNames does.
const (
	FromAttribute Kind = iota // of the record
	FromResource              // an attribute of the resource
	FromScope                 // an attribute of the scope
	FromBody                  // a member of the source's JSON object

	ID             // a UUID made of log.record.uid, or of the content
	UID            // log.record.uid, or what stands in for it
	EventType      // the event's name; unparsed, or unknown
	Time           // the record's time, or else when it was observed
	ObservedTime   // when it was observed
	SeverityText   // INFO, WARN, ERROR
	SeverityNumber // 1 to 24
	TraceID        // 32 hexadecimal digits
	SpanID         // 16 hexadecimal digits
	Body           // the whole body
	Metadata       // all that has no column of its own
	Domain         // auth.domain, else the configured domain
	Identifier     // the name that the user signs in by: user.name, user.email
	ActorID        // who acted: the administrator, else the user
	ActorType      // user, admin, system
	TargetID       // whom or what it was done to, where that is not who acted
)

var fieldNames = [...]string{
	ID: "id", UID: "uid", EventType: "event_name", Time: "time", ObservedTime: "observed_time",
	SeverityText: "severity_text", SeverityNumber: "severity_number", TraceID: "trace_id", SpanID: "span_id",
	Body: "body", Metadata: "metadata", Domain: "domain", Identifier: "identifier",
	ActorID: "actor_id", ActorType: "actor_type", TargetID: "target_id",
}

var prefixes = [...]string{FromAttribute: "attribute:", FromResource: "resource:", FromScope: "scope:", FromBody: "body:"}

// Source is where a column's value comes from.
type Source struct {
	Kind Kind
	// Name is an attribute's.
	Name string
	// Path leads to a member of the body.
	Path []string
}

// parseSource reads the value of the key from.
func parseSource(from string) (Source, error) {
	for kind, prefix := range prefixes {
		rest, found := strings.CutPrefix(from, prefix)
		if !found {
			continue
		}
		if Kind(kind) != FromBody {
			if rest == "" {
				return Source{}, fmt.Errorf("%q names no attribute: write it behind the colon, as in attribute:user.id", from)
			}
			return Source{Kind: Kind(kind), Name: rest}, nil
		}
		path, ok := parsePath(rest)
		if !ok {
			return Source{}, fmt.Errorf("%q is no path into the body: write /member or /outer/inner behind the colon", from)
		}
		return Source{Kind: FromBody, Path: path}, nil
	}
	for kind, name := range fieldNames {
		if name != "" && name == from {
			return Source{Kind: Kind(kind)}, nil
		}
	}
	return Source{}, fmt.Errorf("unknown source %q: use %s<name>, %s<name>, %s<name>, %s/<path>, or one of %s", from,
		prefixes[FromAttribute], prefixes[FromResource], prefixes[FromScope], prefixes[FromBody], strings.Join(fieldNames[ID:], ", "))
}

// parsePath reads a JSON pointer (RFC 6901), /outer/inner: ~1 is a slash and ~0
// a tilde within a name.
func parsePath(s string) ([]string, bool) {
	if !strings.HasPrefix(s, "/") {
		return nil, false
	}
	path := strings.Split(s[1:], "/")
	for i, name := range path {
		if name == "" {
			return nil, false
		}
		path[i] = strings.ReplaceAll(strings.ReplaceAll(name, "~1", "/"), "~0", "~")
	}
	return path, true
}

// types are those that a column of the source may have; nil for every one that
// a text can be read as.
func (s Source) types() []Type {
	switch s.Kind {
	case ID:
		return []Type{UUID, Text}
	case Time, ObservedTime:
		return []Type{TimestampTZ}
	case Metadata:
		return []Type{JSONB}
	case Body:
		return []Type{JSONB, Text}
	case SeverityNumber:
		return []Type{BigInt, Text}
	}
	return nil
}
