package authevent

import (
	"slices"
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/xpdata"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// setMap parses the text of a valid JSON object into a map.
func setMap(v pcommon.Value, body string) {
	m := mapper{s: body}
	m.object(0, v.SetEmptyMap())
}

// mapper builds pdata from a text that was validated before, so that it needs
// to look for no error.
type mapper struct {
	s     string
	names []string // of the members of all objects that are open, innermost last
}

// object appends members without looking for duplicates, which a pcommon.Map
// does for each by searching all before it, and removes them when it is done.
func (m *mapper) object(i int, into pcommon.Map) int {
	if i = jsonscan.Space(m.s, i+1); m.s[i] == '}' {
		return i + 1
	}
	var b xpdata.MapBuilder
	b.EnsureCapacity(8)
	base := len(m.names)
	for more := true; more; {
		end, escaped := jsonscan.String(m.s, i)
		name := m.text(i, end, escaped)
		m.names = append(m.names, name)
		// The value is filled before the next append, which may move it.
		i = m.value(jsonscan.Colon(m.s, end), b.AppendEmpty(name))
		i, more = jsonscan.Next(m.s, i, '}')
	}
	b.UnsafeIntoMap(into)
	keepLast(into, m.names[base:])
	m.names = m.names[:base]
	return i
}

// fewNames is up to how many names comparing each with each is faster than a
// Go map.
const fewNames = 24

// keepLast removes all but the last of the members that share a name. names
// are those of m, in order.
func keepLast(m pcommon.Map, names []string) {
	if !haveDuplicates(names) {
		return
	}
	last := make(map[string]int, len(names))
	for i, name := range names {
		last[name] = i
	}
	i := -1
	m.RemoveIf(func(name string, _ pcommon.Value) bool {
		i++
		return last[name] != i
	})
}

func haveDuplicates(names []string) bool {
	if len(names) > fewNames {
		set := make(map[string]struct{}, len(names))
		for _, name := range names {
			set[name] = struct{}{}
		}
		return len(set) < len(names)
	}
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return true
		}
	}
	return false
}

func (m *mapper) array(i int, into pcommon.Slice) int {
	s := m.s
	if i = jsonscan.Space(s, i+1); s[i] == ']' {
		return i + 1
	}
	for more := true; more; {
		i = m.value(i, into.AppendEmpty())
		i, more = jsonscan.Next(s, i, ']')
	}
	return i
}

func (m *mapper) value(i int, into pcommon.Value) int {
	s := m.s
	switch s[i] {
	case '{':
		return m.object(i, into.SetEmptyMap())
	case '[':
		return m.array(i, into.SetEmptySlice())
	case '"':
		end, escaped := jsonscan.String(s, i)
		into.SetStr(m.text(i, end, escaped))
		return end
	case 't', 'f':
		into.SetBool(s[i] == 't')
		return jsonscan.Literal(s, i)
	case 'n':
		return jsonscan.Literal(s, i) // an empty value is null
	}
	end, whole, _ := jsonscan.Number(s, i)
	setNumber(into, s[i:end], whole)
	return end
}

// setNumber keeps a number exact: an integer that fits no int64 stays text.
func setNumber(into pcommon.Value, s string, whole bool) {
	if whole {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			into.SetInt(n)
		} else {
			into.SetStr(s)
		}
		return
	}
	f, _ := strconv.ParseFloat(s, 64) // in range: it was validated
	into.SetDouble(f)
}

func (m *mapper) text(start, end int, escaped bool) string {
	inside := m.s[start+1 : end-1]
	if !escaped {
		return inside
	}
	return string(jsonscan.AppendUnescaped(nil, inside))
}
