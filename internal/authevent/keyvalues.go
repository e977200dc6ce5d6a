package authevent

import (
	"fmt"
	"strings"
)

// keyValueText is a text of key="value", key="value".
type keyValueText struct {
	slot int
	keys keyTable // of the keys that are asked for, to nodes with their slots
}

func (c *compiler) keyValues() []keyValueText {
	var texts []keyValueText
	for i, pointer := range c.p.KeyValues {
		names, slots := c.places.names(pointer)
		nodes := make([]*node, len(slots))
		for i, slot := range slots {
			nodes[i] = &node{slot: slot}
		}
		texts = append(texts, keyValueText{
			slot: c.slot(fmt.Sprintf("key_values[%d]", i), pointer),
			keys: newKeyTable(names, nodes),
		})
	}
	return texts
}

// keyValues notes the values of the keys of s. Pairs are separated by commas,
// white space, or both; a value is quoted, or ends at the next separator; what
// is no pair is stepped over. Of a key that stands twice the first counts:
// sources write their own fields first, and what a client sent behind them.
func (d *decoder) keyValues(s string, keys *keyTable) {
	for i := 0; i < len(s); {
		if isSeparator(s[i]) {
			i++
			continue
		}
		start := i
		for i < len(s) && s[i] != '=' && s[i] != '"' && !isSeparator(s[i]) {
			i++
		}
		if i >= len(s) || s[i] != '=' {
			i++ // a word, or a quote without a key
			continue
		}
		key := s[start:i]
		var value string
		value, i = pairValue(s, i+1)
		if n := keys.find(key); n != nil && d.values[n.slot].kind == absent {
			d.setInner(n.slot, value)
		}
	}
}

func isSeparator(c byte) bool { return c == ',' || c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// pairValue reads the value at s[i] and returns the index behind it.
func pairValue(s string, i int) (value string, end int) {
	if i < len(s) && (s[i] == '"' || s[i] == '\'') {
		if value, end, ok := quotedValue(s, i); ok {
			return value, end
		}
	}
	start := i
	for i < len(s) && s[i] != ' ' && s[i] != '\t' && s[i] != '\n' && s[i] != '\r' {
		i++
	}
	return strings.TrimRight(s[start:i], ","), i // a comma inside, as in a URL, is the value's
}

// quotedValue reads the value between quotes at s[i]. A quote behind a
// backslash is the value's, however many backslashes there are: Keycloak
// escapes quotes, and not backslashes. ok is false where no quote closes it.
func quotedValue(s string, i int) (value string, end int, ok bool) {
	quote := s[i]
	start := i + 1
	escaped := false
	for i = start; i < len(s); i++ {
		if s[i] != quote {
			continue
		}
		if i > start && s[i-1] == '\\' {
			escaped = true
			continue
		}
		value = s[start:i]
		if escaped {
			value = strings.ReplaceAll(value, `\`+string(quote), string(quote))
		}
		return value, i + 1, true
	}
	return "", 0, false
}
