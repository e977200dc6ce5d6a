package detect

import (
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// mayHoldMember says whether a text whose set is m may hold what members finds.
func mayHoldMember(m set) bool {
	return m.has(needCookie) || m.has(needAuthorization) || m.has(needQuotedName) || m.has(colon|space)
}

// members appends what stands behind a colon and is a secret by the name before
// it: a header's (Cookie:, Set-Cookie:, Authorization:), up to the end of the
// line; or a quoted one, as in JSON that is cut off or part of a sentence; or
// any other, up to the end of the word.
func members(dst []Span, s string) []Span {
	for from := 0; ; {
		c := strings.IndexByte(s[from:], ':')
		if c < 0 {
			return dst
		}
		c += from
		from = c + 1
		name := c // behind the name
		for name > 0 && (s[name-1] == ' ' || isQuote(s[name-1])) {
			name--
		}
		span := Span{Kind: pii.Secret}
		if hasSuffixFold(s[:name], "cookie") || hasSuffixFold(s[:name], "authorization") {
			span.Start, span.End = lineBehind(s, c+1)
		} else if name < c && isQuote(s[name]) {
			span.Kind = settingKind(s, name)
			if span.Kind == pii.None {
				continue
			}
			span.Start, span.End = memberValue(s, c+1)
		} else {
			word := s[nameStart(s, c):c]
			span.Kind = kindInText(word, SecretName(word))
			if span.Kind == pii.None {
				continue
			}
			span.Start, span.End = wordBehind(s, c+1)
		}
		dst = appendSetting(dst, s, span)
		from = max(from, span.End)
	}
}

// appendSetting appends a span, but where nothing is in it, or what has been
// redacted.
func appendSetting(dst []Span, s string, span Span) []Span {
	span.Value = s[span.Start:span.End]
	if span.Value == "" || span.Value == Redacted {
		return dst
	}
	return append(dst, span)
}

func skipBlanks(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
		i++
	}
	return i
}

// lineBehind returns what stands from s[i] on up to the end of the line.
func lineBehind(s string, i int) (start, end int) {
	start = skipBlanks(s, i)
	if eol := strings.IndexAny(s[start:], "\r\n"); eol >= 0 {
		return start, start + eol
	}
	return start, len(s)
}

// wordBehind returns where the word behind a colon stands (X-Api-Key: 4f0c…,
// password: hunter2), quoted or with a digit in it; else nothing: in running
// text a word such as "token: expired" is no secret.
func wordBehind(s string, i int) (start, end int) {
	const shortest, longest = 4, 256
	start = skipBlanks(s, i)
	switch {
	case start == len(s) || s[start] == ':': // Telephony::Error
		return start, start
	case isQuote(s[start]):
		return paramValue(s, start)
	}
	// What is refused is read again behind the next colon: it is bounded.
	if _, end = paramValue(s[:min(len(s), start+longest)], start); !strings.ContainsAny(s[start:end], "0123456789") {
		return start, start
	}
	start, end = paramValue(s, start)
	for end > start && strings.IndexByte(".,:)]}", s[end-1]) >= 0 { // of the sentence
		end--
	}
	if end-start < shortest {
		return start, start
	}
	return start, end
}

// memberValue returns where the string or number behind a colon stands; of a
// list or an object, or a word such as null, nothing.
func memberValue(s string, i int) (start, end int) {
	start = skipBlanks(s, i)
	if start < len(s) && isQuote(s[start]) {
		return paramValue(s, start)
	}
	for end = start; end < len(s) && isDigit(s[end]); end++ {
	}
	return start, end
}

// authorities appends what is personal in the authorities of the URLs in s: a
// user name with a password, https://alice:hunter2@example.com/, and a host
// that is an address written as one number, http://3221225985/. A user name
// alone is an e-mail address by its looks.
func authorities(dst []Span, s string, m set) []Span {
	const mark = "://"
	for from := 0; ; {
		p := strings.Index(s[from:], mark)
		if p < 0 {
			return dst
		}
		start := from + p + len(mark)
		if m&at == 0 && (start == len(s) || !isDigit(s[start])) {
			from = start
			continue
		}
		end, last := start, start
		for end < len(s) && !endsAuthority[s[end]] {
			if s[end] == '@' {
				last = end
			}
			end++
		}
		if strings.IndexByte(s[start:last], ':') >= 0 {
			dst = append(dst, Span{start, last, pii.Secret, s[start:last]})
		}
		host := start
		if last > start {
			host = last + 1
		}
		if span, ok := numberHost(s, host, end); ok {
			dst = append(dst, span)
		}
		from = end
	}
}

var endsAuthority = func() (table [256]bool) {
	for _, c := range []byte("/?#&,;|\"'<>()\\ \t\n\v\f\r") {
		table[c] = true
	}
	return table
}()
