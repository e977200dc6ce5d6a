//go:build unix

package e2e

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// search looks for canaries in texts: as they stand, and in what they decode
// to as JSON, percent-encoding, base64 and hex. It returns
// where each was found, by value.
func search(texts map[string]string, planted []canary) map[string]string {
	found := map[string]string{}
	byStart := needlesByStart(planted)
	for name, text := range texts {
		for form, haystack := range e2etest.Forms(text) {
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
