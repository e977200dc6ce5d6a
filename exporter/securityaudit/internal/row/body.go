package row

import (
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// body is all of the record's body.
func (m *Mapper) body(c *layout.Column) any {
	body := m.in.record.Body()
	if body.Type() == pcommon.ValueTypeEmpty {
		return nil
	}
	if c.Type == layout.JSONB && body.Type() == pcommon.ValueTypeStr {
		if text, ok := m.appendJSON(nil, body.Str()); ok {
			return string(text)
		}
	}
	v, _ := m.convert(c, body)
	return v
}

// member is the value at a path into the body.
func (m *Mapper) member(c *layout.Column, path []string) any {
	body := m.in.record.Body()
	switch body.Type() {
	case pcommon.ValueTypeMap:
		v := body
		for _, name := range path {
			if v.Type() != pcommon.ValueTypeMap {
				return nil
			}
			var ok bool
			if v, ok = v.Map().Get(name); !ok {
				return nil
			}
		}
		value, _ := m.convert(c, v)
		return value
	case pcommon.ValueTypeStr:
		raw := find(body.Str(), path)
		if raw == "" || raw == "null" {
			return nil
		}
		return m.convertRaw(c, raw)
	}
	return nil
}

// convertRaw reads a JSON text, which is valid, as the column's type.
func (m *Mapper) convertRaw(c *layout.Column, raw string) any {
	switch {
	case c.Type == layout.JSONB:
		text, ok := m.appendJSON(nil, raw)
		if !ok {
			return nil
		}
		return string(text)
	case raw[0] == '"':
		return m.convertText(c, unquoted(raw))
	case c.Type == layout.BigInt: // 1e3 and 5.0 are whole numbers as well
		if f, err := strconv.ParseFloat(raw, 64); err == nil && strings.ContainsAny(raw, ".eE") {
			v, _ := m.convert(c, pcommon.NewValueDouble(f))
			return v
		}
	}
	return m.convertText(c, raw)
}

// find returns the JSON text of the member that a path leads to in a JSON text,
// or "". Of members of one name the last counts, as it does in jsonb.
func find(s string, path []string) string {
	for _, name := range path {
		if s = memberOf(s, name); s == "" {
			return ""
		}
	}
	return s
}

func memberOf(s, name string) (found string) {
	i := jsonscan.Space(s, 0)
	if i >= len(s) || s[i] != '{' {
		return ""
	}
	if i = jsonscan.Space(s, i+1); i < len(s) && s[i] == '}' {
		return ""
	}
	for more := true; more; {
		if i >= len(s) || s[i] != '"' {
			return ""
		}
		start := i
		end, escaped := jsonscan.String(s, i)
		if end < 0 {
			return ""
		}
		if i = jsonscan.Colon(s, end); i < 0 {
			return ""
		}
		var limits jsonscan.Limits
		stop, code := jsonscan.Value(s, i, &limits)
		if code != jsonscan.OK {
			return ""
		}
		if s[start+1:end-1] == name || escaped && unquoted(s[start:end]) == name {
			found = s[i:stop]
		}
		if i, more = jsonscan.Next(s, stop, '}'); i < 0 {
			return ""
		}
	}
	return found
}

// unquoted is what a valid string literal stands for.
func unquoted(literal string) string {
	inside := literal[1 : len(literal)-1]
	if strings.IndexByte(inside, '\\') < 0 {
		return inside
	}
	return string(jsonscan.AppendUnescaped(nil, inside))
}

// bodyText is the text of a member of the source's object; "" for none. name is
// one that needs no escapes.
func (m *Mapper) bodyText(name string) string {
	body := m.in.record.Body()
	switch body.Type() {
	case pcommon.ValueTypeMap:
		if v, ok := body.Map().Get(name); ok && v.Type() == pcommon.ValueTypeStr {
			return v.Str()
		}
	case pcommon.ValueTypeStr:
		s := body.Str()
		if !strings.Contains(s, name) { // nearly always, and fast
			return ""
		}
		if raw := memberOf(s, name); raw != "" && raw[0] == '"' {
			return unquoted(raw)
		}
	}
	return ""
}
