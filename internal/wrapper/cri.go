package wrapper

import "strings"

// cri reads a line of a Kubernetes container log, which podman's k8s-file
// driver writes too:
//
//	2016-10-06T00:17:09.669794202Z stdout P the text's beginning
//	2016-10-06T00:17:09.669794202Z stdout F , and its end
//
// The tags are one word, colons between them. The first says whether the line
// is full, F, or goes on in the stream's next one, P.
func cri(text []byte) (p piece, ok bool) {
	s := view(text)
	t, i, _ := stamp(s)
	if i == 0 || i == len(s) || s[i] != ' ' {
		return piece{}, false
	}
	name, rest, _ := strings.Cut(s[i+1:], " ")
	p.stream, ok = streamOf(name)
	if !ok {
		return piece{}, false
	}
	// A runtime writes a space also in front of an empty text; an editor, or
	// who else removes trailing spaces, does not.
	tags, content, _ := strings.Cut(rest, " ")
	first, _, _ := strings.Cut(tags, ":")
	if first != "P" && first != "F" {
		return piece{}, false
	}
	p.time, p.partial = t, first == "P"
	p.text = text[len(text)-len(content):]
	return p, true
}
