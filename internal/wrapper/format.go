// Package wrapper takes off what carries a line: what a container runtime, a
// log driver, a terminal command or a cloud service has put round the line that
// an identity provider wrote. Lines in, lines out; it parses no event.
//
// With Auto each line is judged by itself, by rules that a line of an identity
// provider does not meet by chance:
//
//   - docker (json-file): an object with the members log, stream and time, once
//     each, perhaps attrs, and no other; log is a string, stream is stdout or
//     stderr, time is RFC 3339. Any other member, and the line is not Docker's.
//   - cri: an RFC 3339 time, stdout or stderr, tags of which the first is P or
//     F, one space between them; then the text.
//   - compose: a name of [A-Za-z0-9_.-], spaces, and "| "; or "[name]", perhaps
//     spaces, and "| " (podman-compose); or twelve hexadecimal digits and a
//     space (podman logs of several containers). What follows begins with "{",
//     "[" or an RFC 3339 time. So "a | b" is plain text.
//   - the same without a name, by the time of the option -t: RFC 3339, and "{";
//     or with nine digits of a fraction, as Docker and podman write it, and "[".
//   - journald (journalctl -o json): an object whose names are all of [A-Z0-9_],
//     among them __CURSOR, __REALTIME_TIMESTAMP in digits, and MESSAGE. The form
//     of journalctl -o export takes several lines for an entry and is not read.
//   - cloudwatch: an object whose messageType is DATA_MESSAGE or
//     CONTROL_MESSAGE, with a string logGroup and an array logEvents.
//   - okta_event_hook: an object whose eventType is com.okta.event_hook, with
//     an array data.events.
//
// Whatever does not meet its rule to the last byte passes unchanged, also where
// a wrapper is set by name: nothing is lost, and the parser says what is wrong
// with the line.
package wrapper

import (
	"fmt"
	"slices"
	"strings"
)

// Format is a way to wrap lines.
type Format string

// The formats, by the names that a configuration has for them.
const (
	Auto          Format = "auto" // decided line by line
	None          Format = "none" // lines stay as they are
	Docker        Format = "docker"
	CRI           Format = "cri"
	Compose       Format = "compose" // also what docker logs -t and podman logs write
	Journald      Format = "journald"
	CloudWatch    Format = "cloudwatch"
	OktaEventHook Format = "okta_event_hook"
)

// ParseFormat returns the format of that name. The error lists the names.
func ParseFormat(name string) (Format, error) {
	known := []string{
		string(Auto), string(None), string(Docker), string(CRI), string(Compose),
		string(Journald), string(CloudWatch), string(OktaEventHook),
	}
	if !slices.Contains(known, name) {
		return "", fmt.Errorf("wrapper must be one of %s (got %q)", strings.Join(known, ", "), name)
	}
	return Format(name), nil
}
