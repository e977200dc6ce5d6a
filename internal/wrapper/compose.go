package wrapper

import "strings"

// compose reads what docker compose logs, podman-compose logs, docker logs and
// podman logs write, with or without the option -t, with or without colours:
//
//	ciam-hera-1  | {…}
//	ciam-hera-1  | 2026-05-20T10:00:00.000000000Z {…}
//	[ciam-hera] | {…}
//	0123456789ab {…}
//	2026-05-20T10:00:00.000000000+02:00 {…}
//
// With strict, what remains must look like a line of a log with events: plain
// text that only has a bar in it stays whole.
func compose(text []byte, strict bool) (p piece, ok bool) {
	s, end := view(text), len(text)
	colour := skipColours(s, 0)
	i, bracket := barPrefix(s, colour)
	named := i > 0
	if !named {
		i = colour
	}
	painted := false
	if bracket || !named && colour > 0 {
		if i, end, painted = unpaint(s, i, colour > 0 && !named); !named && !painted {
			return piece{}, false // the application's own colour
		}
	}
	if !named && isContainerID(s[i:end]) {
		named, i = true, i+idLength+1
	}
	timed := false
	t, length, fraction := stamp(s[i:end])
	if strict && length == 0 && !beginsWith(s[i:end], '{') && !beginsWith(s[i:end], '[') {
		return piece{}, false
	}
	if behind := i + length; length > 0 && isOptionTime(s[behind:end], fraction) {
		timed, p.time, i = true, t, behind
		if beginsWith(s[i:end], ' ') { // docker compose up -t writes none
			i++
		}
	}
	// Without a name, it is the time or podman's colour that tells.
	switch first := s[i:end]; {
	case named, beginsWith(first, '{') && (timed || painted), beginsWith(first, '[') && timed, timed && !strict:
		p.text = text[i:end:end]
		return p, true
	}
	return piece{}, false
}

// isOptionTime tells the time that the option -t puts in front from one that
// the application's own text begins with. The option's always has nine digits
// of a fraction, and an event's object has no time in front of it.
func isOptionTime(behind string, fraction int) bool {
	return fraction == 9 || beginsWith(behind, '{') || strings.HasPrefix(behind, " {")
}

func beginsWith(s string, c byte) bool { return s != "" && s[0] == c }

// nameByte has the bytes of names of services and containers.
var nameByte = func() (set [256]bool) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-") {
		set[c] = true
	}
	return set
}()

// maxName bounds the search for a name's end in plain text. Names of containers
// that resolve in DNS have at most 63 bytes; 255 leaves room for others.
const maxName = 255

// barPrefix returns the index behind "name  | " or "[name] | " at s[i], 0 where
// there is none. Where the prefix has a colour (i > 0), the colour ends in front
// of the last space (podman-compose, older docker compose) or behind it.
func barPrefix(s string, i int) (behind int, bracket bool) {
	coloured := i > 0
	if bracket = i < len(s) && s[i] == '['; bracket {
		i++
	}
	start := i
	for i < len(s) && i-start <= maxName && nameByte[s[i]] {
		i++
	}
	if i == start || i >= len(s) {
		return 0, false
	}
	if bracket {
		if s[i] != ']' {
			return 0, false
		}
		i++
	} else if s[i] != ' ' {
		return 0, false
	}
	for i < len(s) && s[i] == ' ' {
		i++
	}
	if i >= len(s) || s[i] != '|' {
		return 0, false
	}
	i++
	off := coloured && strings.HasPrefix(s[i:], colourOff)
	if off {
		i += len(colourOff)
	}
	if i == len(s) { // an empty text, and who removes trailing spaces
		return i, bracket
	}
	if s[i] != ' ' {
		return 0, false
	}
	i++
	if coloured && !off && strings.HasPrefix(s[i:], colourOff) {
		i += len(colourOff)
	}
	return i, bracket
}

// idLength is how many digits of a container's id podman logs shows.
const idLength = 12

// isContainerID says whether s begins with an id and a space.
func isContainerID(s string) bool {
	if len(s) <= idLength || s[idLength] != ' ' {
		return false
	}
	for _, c := range []byte(s[:idLength]) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
