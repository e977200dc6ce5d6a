//go:build unix

package e2e

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// search looks for canaries in texts: as they stand, and in what they decode
// to as JSON, percent-encoding, base64 and hex. It returns
// where each was found, by value.
func search(texts map[string]string, planted []canary) map[string]string {
	found := map[string]string{}
	byStart := needlesByStart(planted)
	for name, text := range texts {
		for form, haystack := range forms(text) {
			haystack = strings.ToLower(haystack)
			for at := range len(haystack) - needleStart + 1 {
				for _, n := range byStart[haystack[at:at+needleStart]] {
					if strings.HasPrefix(haystack[at:], n.text) {
						found[n.value] = name + ", " + form
					}
				}
			}
		}
	}
	return found
}

// needle is a text to look for, and the value of the canary that it tells.
type needle struct{ text, value string }

// needleStart is how many characters tell that a needle may be here: one pass
// over a text finds a thousand of them.
const needleStart = 6

func needlesByStart(planted []canary) map[string][]needle {
	byStart := map[string][]needle{}
	for _, c := range planted {
		for _, text := range c.needles {
			text = strings.ToLower(text)
			start := text[:needleStart]
			byStart[start] = append(byStart[start], needle{text, c.value})
		}
	}
	return byStart
}

// forms returns a text and what it decodes to. What decodes to text is decoded
// again, some rounds deep.
func forms(text string) map[string]string {
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

// TestSearchFinds: the search sees through every encoding that it claims to.
func TestSearchFinds(t *testing.T) {
	c := newCanary("email", 7)
	texts := map[string]string{
		"raw":                     "x " + c.value + " y",
		"JSON":                    `{"a":["` + jsonEscaped(c.value) + `"]}`,
		"JSON in a string":        `{"a":"{\"b\":\"` + strings.ReplaceAll(jsonEscaped(c.value), `\`, `\\`) + `\"}"}`,
		"percent":                 "u=" + url.QueryEscape(c.value),
		"percent twice":           url.QueryEscape(url.QueryEscape(c.value)),
		"percent in JSON":         `{"a":"` + url.QueryEscape(c.value) + `"}`,
		"HTML":                    "<td>" + strings.ReplaceAll(c.value, "c", "&#99;") + "</td>",
		"another letter case":     strings.ToUpper(c.value),
		"a name of a JSON object": `{"` + jsonEscaped(c.value) + `":1}`,
		"hex":                     "0x" + hex.EncodeToString([]byte(c.value)),
		"upper-case hex":          `{"a":"` + strings.ToUpper(hex.EncodeToString([]byte("x"+c.value))) + `"}`,
	}
	for _, before := range []string{"", "?", "??", "???"} { // the value may stand anywhere in what is encoded
		text := before + c.value + "?>"
		texts["base64 behind "+before] = `{"a":"` + base64.StdEncoding.EncodeToString([]byte(text)) + `"}`
		texts["base64 of URLs behind "+before] = "t=" + base64.RawURLEncoding.EncodeToString([]byte(text))
		texts["base64 in a word, behind "+before] = "key/" + base64.RawStdEncoding.EncodeToString([]byte(text))
	}
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			assert.Contains(t, search(map[string]string{"out": text}, []canary{c}), c.value)
		})
	}
	assert.Empty(t, search(map[string]string{"out": "identity_k1_0123456789abcdef"}, []canary{c}))
}
