package e2etest

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"strings"
)

// Forms returns a text and what it decodes to. What decodes to text is decoded
// again, some rounds deep.
func Forms(text string) map[string]string {
	out := map[string]string{"raw": text}
	var decoded strings.Builder
	for line := range strings.Lines(text) {
		decodeInto(&decoded, line, 4)
	}
	out["decoded"] = decoded.String()
	return out
}

var (
	base64Run = regexp.MustCompile(`[A-Za-z0-9+/_-]{12,}={0,2}`)
	hexRun    = regexp.MustCompile(`[0-9A-Fa-f]{16,}`)
)

func decodeInto(b *strings.Builder, s string, rounds int) {
	if rounds == 0 {
		return
	}
	var v any
	if json.Unmarshal([]byte(s), &v) == nil {
		eachString(v, func(inner string) {
			b.WriteString(inner + "\n")
			if inner != s {
				decodeInto(b, inner, rounds-1)
			}
		})
	}
	if strings.Contains(s, `\u`) { // an escape that stands in no JSON
		var inner string
		if json.Unmarshal([]byte(`"`+strings.ReplaceAll(s, `"`, `\"`)+`"`), &inner) == nil && inner != s {
			b.WriteString(inner + "\n")
		}
	}
	if strings.Contains(s, "&") { // the pages are HTML
		if inner := html.UnescapeString(s); inner != s {
			b.WriteString(inner + "\n")
			decodeInto(b, inner, rounds-1)
		}
	}
	if strings.Contains(s, "%") {
		if inner, err := url.QueryUnescape(s); err == nil && inner != s {
			b.WriteString(inner + "\n")
			decodeInto(b, inner, rounds-1)
		}
	}
	for _, run := range base64Run.FindAllString(s, -1) {
		// What was encoded need not begin where the run does: a run is decoded
		// from each place of its first four characters.
		for skipped := range 4 {
			if inner, ok := decodeBase64(run[skipped:]); ok {
				b.WriteString(inner + "\n")
			}
		}
	}
	for _, run := range hexRun.FindAllString(s, -1) {
		for skipped := range 2 {
			if inner, err := hex.DecodeString(run[skipped : len(run)-(len(run)-skipped)%2]); err == nil {
				b.Write(inner)
				b.WriteByte('\n')
			}
		}
	}
}

// eachString visits all texts of a decoded JSON value, names included.
func eachString(v any, visit func(string)) {
	switch v := v.(type) {
	case string:
		visit(v)
	case []any:
		for _, inner := range v {
			eachString(inner, visit)
		}
	case map[string]any:
		for name, inner := range v {
			visit(name)
			eachString(inner, visit)
		}
	}
}

// decodeBase64 decodes s in whichever alphabet fits.
func decodeBase64(s string) (string, bool) {
	s = strings.TrimRight(s, "=")
	if len(s)%4 == 1 { // a character by itself holds no byte
		s = s[:len(s)-1]
	}
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if out, err := enc.DecodeString(s); err == nil {
			return string(out), true
		}
	}
	return "", false
}
