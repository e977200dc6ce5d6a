package leakscan

import (
	"strings"
	"unicode/utf8"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// pairAt is key=value of logfmt in a text.
type pairAt struct {
	key, value string
	// start and end are where the value stands, its quotes included.
	start, end int
}

// maxPairs bounds the pairs of a text; what is behind is searched as text alone.
const maxPairs = 1000

// pairsIn are the pairs of logfmt in a text, wherever they stand in it:
// key=value and key="value".
func pairsIn(text string) (pairs []pairAt) {
	for from := 0; len(pairs) < maxPairs; {
		i := strings.IndexByte(text[from:], '=')
		if i < 0 {
			break
		}
		i += from
		start := i
		for start > from && isKeyByte(text[start-1]) {
			start--
		}
		from = i + 1
		if start == i || start > 0 && !isBreak(text[start-1]) {
			continue
		}
		p := pairAt{key: text[start:i], start: from}
		p.value, p.end = valueAt(text, from)
		if !nothings[p.value] { // composer.add takes all of the others
			pairs = append(pairs, p)
		}
		from = p.end
	}
	return pairs
}

// valueAt reads the value at i, and where it ends.
func valueAt(text string, i int) (value string, end int) {
	if i < len(text) && text[i] == '"' {
		if value, end, ok := quotedAt(text, i); ok {
			return value, end
		}
	}
	end = i
	for end < len(text) && text[end] > ' ' && text[end] != ',' && text[end] != ';' {
		end++
	}
	return strings.TrimRight(text[i:end], ")]}|\""), end
}

// quotedAt reads a value in quotes, in which a backslash stands before a quote. ok
// is false where the quotes don't close.
func quotedAt(text string, i int) (value string, end int, ok bool) {
	for end = i + 1; end < len(text); end++ {
		switch text[end] {
		case '\\':
			end++
		case '"':
			inside := text[i+1 : end]
			if strings.IndexByte(inside, '\\') < 0 {
				return inside, end + 1, true
			}
			// What JSON does not know is left as it is.
			if strict, _ := jsonscan.String(text, i); strict == end+1 {
				return string(jsonscan.AppendUnescaped(nil, inside)), end + 1, true
			}
			return strings.ReplaceAll(inside, `\"`, `"`), end + 1, true
		}
	}
	return "", i, false
}

func isKeyByte(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '_' || c == '-' || c == '.' || c == '@' || c >= utf8.RuneSelf
}

// isBreak says whether a key may begin behind c.
func isBreak(c byte) bool { return c <= ' ' || strings.IndexByte(`,;|([{"'`, c) >= 0 }
