package wrapper

import "strings"

// colourOff ends a colour on a terminal.
const colourOff = "\x1b[0m"

// skipColours returns the index behind the colour codes (ESC [ digits m) that
// begin at s[i].
func skipColours(s string, i int) int {
	for strings.HasPrefix(s[i:], "\x1b[") {
		end := i + 2
		for end < len(s) && ('0' <= s[end] && s[end] <= '9' || s[end] == ';') {
			end++
		}
		if end == len(s) || s[end] != 'm' {
			return i
		}
		i = end + 1
	}
	return i
}

// unpaint takes off the colour in which podman shows a whole line; its code
// stands in front of i if begun, else at i. painted is false, and start and end
// are the text's, where there is none. A colour behind the prefix of docker
// compose is not podman's: that one the application has written itself.
func unpaint(s string, i int, begun bool) (start, end int, painted bool) {
	inside, found := strings.CutSuffix(s[i:], colourOff)
	if !found {
		return i, len(s), false
	}
	end = i + len(inside)
	if start = skipColours(s[:end], i); start == i && !begun {
		return i, len(s), false
	}
	return start, end, true
}
