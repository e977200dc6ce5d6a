package eventsampler

import "strings"

// pattern is a text in which each * stands for any text, also none.
type pattern struct {
	// parts are what stands between the stars: one where there is none.
	parts []string
}

func newPattern(text string) pattern { return pattern{strings.Split(text, "*")} }

// matches looks for the first part at the beginning, the last at the end, and
// takes each other one where it comes first: if that way fails, all do.
func (p *pattern) matches(name string) bool {
	last := len(p.parts) - 1
	if last == 0 {
		return name == p.parts[0]
	}
	rest, found := strings.CutPrefix(name, p.parts[0])
	for _, part := range p.parts[1:last] {
		if !found {
			return false
		}
		_, rest, found = strings.Cut(rest, part)
	}
	return found && strings.HasSuffix(rest, p.parts[last])
}
