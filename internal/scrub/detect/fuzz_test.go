package detect

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// maxPasses is how often s may be searched, with what was found redacted, until
// nothing more is found. What a span hid can only be seen without it. Quotes and
// double colons mean what their neighbours make them mean, so a text made of
// them may give up one after the other.
func maxPasses(s string) int {
	if strings.Contains(s, "::") || strings.Contains(s, `"`) || hasEscape(s, setOf(s)) {
		return len(s) + 3
	}
	return 3
}

func seed(f *testing.F) {
	for _, row := range readCorpus[leak](f, "leaks.jsonl") {
		if text, ok := row.Value.(string); ok {
			f.Add(text)
		}
	}
	for _, text := range append(readLines(f, "keep.txt"), planted...) {
		f.Add(text)
	}
	for _, spelling := range spellings {
		f.Add(spelling.write("al/ice@example.com, fe80::1%eth0 & 192.0.2.44"))
	}
	f.Add(`%u0040\ud83d\ude00&#x10ffff;&#xD800;Cookie: x`)
	f.Add("Bearer abcdef123456 \"password\"=>\"x\" -----BEGIN PRIVATE KEY----- eyJa.b.c")
	f.Add("aHR0cHM6Ly9hOmJAMTkyLjAuMi40NC8_eD1hbGljZUBleGFtcGxlLmNvbQ==")
}

func checkSpans(t *testing.T, s string, spans []Span) {
	from := 0
	for _, span := range spans {
		if span.Start < from || span.End <= span.Start || span.End > len(s) || span.Kind == pii.None || span.Value == "" {
			t.Fatalf("span %v behind %d in %.100q", span, from, s)
		}
		from = span.End
	}
}

func redact(s string, spans []Span) string {
	var b strings.Builder
	from := 0
	for _, span := range spans {
		b.WriteString(s[from:span.Start] + Redacted)
		from = span.End
	}
	return b.String() + s[from:]
}

// FuzzFind: spans are in order, in range and apart; what has been redacted is
// not found again, and what is left soon holds nothing.
func FuzzFind(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, s string) {
		for _, o := range []Options{{}, {DecodeTokens: true}} {
			spans := o.Find(nil, s)
			checkSpans(t, s, spans)
			text := s
			for range maxPasses(s) {
				if len(spans) == 0 {
					break
				}
				text = redact(text, spans)
				spans = o.Find(nil, text)
				checkSpans(t, text, spans)
			}
			if len(spans) > 0 {
				t.Fatalf("%q became %q, in which %q is found", s, text, spans[0].Value)
			}
		}
	})
}

// FuzzPlanted: an address is found whatever stands around it, as long as that
// can't be part of it, nor hides it: an open quote, a URL, a longer secret.
func FuzzPlanted(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) || strings.ContainsAny(s, "\"%\\&") {
			return
		}
		for _, canary := range []string{"canary.q7@example.com", "203.0.113.77", "2001:db8::ca7a:77", "ip-203-0-113-77.ec2.internal"} {
			for _, gap := range []string{" ", "\n", " (", "<"} {
				text := s + gap + canary + strings.NewReplacer("(", ")", "<", ">").Replace(gap) + s
				start := len(s) + len(gap)
				found := false
				for _, span := range Find(nil, text) {
					found = found || span.Start <= start+len("ip-") && span.End >= start+len("203.0.113.77")
				}
				if !found {
					t.Fatalf("lost %s in %q", canary, text)
				}
			}
		}
	})
}
