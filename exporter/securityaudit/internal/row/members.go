package row

import "github.com/authevents/otelcol-auth/internal/jsonscan"

// addMembers adds the members of the JSON object s that no column holds, copied
// as they stand. It says whether s is a JSON object and nothing else; where it
// is not, what it added has to be taken back.
func (m *Mapper) addMembers(s string) bool {
	s = m.cleanJSON(s)
	c := copier{s: s, dst: m.buf}
	end, ok := m.copyMembers(&c, jsonscan.Space(s, 0))
	m.buf = c.dst // it may have grown
	if !ok || jsonscan.Space(s, end) != len(s) {
		return false
	}
	m.stats.Repaired += c.repaired
	return true
}

func (m *Mapper) copyMembers(c *copier, i int) (end int, ok bool) {
	c.limits.Enter() // the first level is never too deep
	s := c.s
	if i = jsonscan.Space(s, i+1); i < len(s) && s[i] == '}' {
		return i + 1, true
	}
	for more := true; more; {
		if c.limits.Member() != jsonscan.OK {
			return 0, false
		}
		if i, ok = m.copyMember(c, i); !ok {
			return 0, false
		}
		if i, more = jsonscan.Next(s, i, '}'); i < 0 {
			return 0, false
		}
	}
	return i, true
}

// copyMember copies the member at i with a comma behind it, or leaves it out.
func (m *Mapper) copyMember(c *copier, i int) (end int, ok bool) {
	s, before := c.s, len(c.dst)
	if i >= len(s) || s[i] != '"' {
		return 0, false
	}
	nameEnd, escaped := jsonscan.String(s, i)
	if nameEnd < 0 {
		return 0, false
	}
	name := s[i+1 : nameEnd-1]
	if escaped {
		name = unquoted(s[i:nameEnd])
	}
	c.from = i
	if isOurs(name) {
		c.dst = append(append(c.dst, '"'), sourcePrefix...)
		c.from++ // the quote is there
	}
	value, ok := c.name(i)
	if !ok {
		return 0, false
	}
	if end, ok = c.value(value); !ok {
		return 0, false
	}
	if s[value] == '"' && m.inColumn(name, s[value+1:end-1]) {
		c.dst = c.dst[:before]
		return end, true
	}
	c.dst = append(append(c.dst, s[c.from:end]...), ',')
	return end, true
}
