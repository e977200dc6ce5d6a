package detect

import (
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// maxParam bounds the search for a parameter's name before its '='. It is
// longer than any of secretNames.
const maxParam = 48

// params appends the values of query and form parameters, and of settings in
// running text, whose names say that they are secrets or phone numbers.
func params(dst []Span, s string) []Span {
	for from := 0; ; {
		eq := strings.IndexByte(s[from:], '=')
		if eq < 0 {
			return dst
		}
		eq += from
		from = eq + 1
		kind := paramKind(s, eq)
		if kind == pii.None {
			continue
		}
		value := eq + 1
		switch {
		case value < len(s) && s[value] == '>': // Ruby's "password"=>"hunter2"
			value = skipBlanks(s, value+1)
		case eq > 0 && s[eq-1] == ' ': // password = hunter2
			value = skipBlanks(s, value)
		}
		start, end := paramValue(s, value)
		dst = appendSetting(dst, s, Span{Start: start, End: end, Kind: kind})
		from = max(from, end)
	}
}

// paramKind returns the kind that the name before the '=' at eq stands for.
func paramKind(s string, eq int) pii.Kind {
	end := eq
	if end > 1 && s[end-2] == '[' && s[end-1] == ']' { // password[]=
		end -= len("[]")
	}
	for end > 0 && s[end-1] == ']' { // user[password]=
		end--
	}
	for blank := end; blank > 0 && eq-blank < maxParam; blank-- { // "password" =>
		if isQuote(s[blank-1]) {
			return settingKind(s, blank-1)
		}
		if s[blank-1] != ' ' {
			if blank < end && (eq+1 == len(s) || s[eq+1] != '=') { // no comparison
				name := s[nameStart(s, blank):blank]
				return kindInText(name, SecretName(name))
			}
			break
		}
	}
	start := nameStart(s, end)
	kind := SecretName(s[start:end])
	if kind == pii.None || start == 0 || strings.IndexByte("?&#;[", s[start-1]) >= 0 {
		return kind
	}
	return kindInText(s[start:end], kind)
}

// nameStart returns where the name that ends before s[end] begins.
func nameStart(s string, end int) int {
	start := end
	for start > 0 && end-start <= maxParam && isNameByte(s[start-1]) {
		start--
	}
	return start
}

// settingKind returns the kind that the quoted name before the quote at end
// stands for.
func settingKind(s string, end int) pii.Kind {
	start := nameStart(s, end)
	if start == 0 || s[start-1] != s[end] {
		return pii.None
	}
	return kindInText(s[start:end], SecretName(s[start:end]))
}

// kindInText is the kind that a name stands for outside of a query, a form and
// a JSON text. In running text some names are other things.
func kindInText(name string, kind pii.Kind) pii.Kind {
	if kind != pii.None {
		switch strings.ToLower(name) {
		case "code", "state", "pin", "cookie", "mobile", "ticket", "sig":
			return pii.None
		}
	}
	return kind
}

func isNameByte(c byte) bool { return isBase64URL(c) || c == '.' }

// paramValue returns where the value that begins at i, quoted or not, stands.
func paramValue(s string, i int) (start, end int) {
	if i < len(s) && isQuote(s[i]) {
		if closing := strings.IndexByte(s[i+1:], s[i]); closing >= 0 {
			return i + 1, i + 1 + closing
		}
		return i + 1, len(s)
	}
	for end = i; end < len(s); end++ {
		if c := s[end]; isSpace(c) || strings.IndexByte("&#;\"'<>\\", c) >= 0 {
			break
		}
	}
	return i, end
}
