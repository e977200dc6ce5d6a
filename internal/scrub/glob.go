package scrub

import "strings"

// glob is a pattern in which * stands for any text: what stands between the
// stars, in order.
type glob struct {
	parts []string // one part: no star
}

func compileGlob(pattern string) glob { return glob{strings.Split(pattern, "*")} }

// match takes time in proportion to the text: each part is looked for once,
// from where the one before it ends.
func (g glob) match(text string) bool {
	first, last := g.parts[0], g.parts[len(g.parts)-1]
	if len(g.parts) == 1 {
		return text == first
	}
	if len(text) < len(first)+len(last) || !strings.HasPrefix(text, first) || !strings.HasSuffix(text, last) {
		return false
	}
	text = text[len(first) : len(text)-len(last)]
	for _, part := range g.parts[1 : len(g.parts)-1] {
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text = text[i+len(part):]
	}
	return true
}
