//go:build unix

package e2e

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// search looks for canaries in texts: as they stand, and in what they decode
// to as JSON, percent-encoding and base64. It returns where each was found.
func search(texts map[string]string, planted []canary) map[string]string {
	found := map[string]string{}
	for name, text := range texts {
		for form, haystack := range forms(text) {
			haystack = strings.ToLower(haystack)
			for _, c := range planted {
				if strings.Contains(haystack, strings.ToLower(c.needle)) {
					found[c.needle] = name + ", " + form
				}
			}
		}
	}
	return found
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

var base64Run = regexp.MustCompile(`[A-Za-z0-9+/_-]{12,}={0,2}`)

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
	if strings.Contains(s, "%") {
		if inner, err := url.QueryUnescape(s); err == nil && inner != s {
			b.WriteString(inner + "\n")
			decodeInto(b, inner, rounds-1)
		}
	}
	for _, run := range base64Run.FindAllString(s, -1) {
		if inner, ok := decodeBase64(run); ok {
			b.WriteString(inner + "\n")
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
	for name, text := range map[string]string{
		"raw":                     "x " + c.value + " y",
		"JSON":                    `{"a":["` + jsonEscaped(c.value) + `"]}`,
		"JSON in a string":        `{"a":"{\"b\":\"` + strings.ReplaceAll(jsonEscaped(c.value), `\`, `\\`) + `\"}"}`,
		"percent":                 "u=" + url.QueryEscape(c.value),
		"percent twice":           url.QueryEscape(url.QueryEscape(c.value)),
		"base64":                  `{"a":"Y2FuYXJ5MDA3K3hAbmVzdDAwNy5leGFtcGxl"}`,
		"percent in JSON":         `{"a":"` + url.QueryEscape(c.value) + `"}`,
		"another letter case":     strings.ToUpper(c.value),
		"a name of a JSON object": `{"` + jsonEscaped(c.value) + `":1}`,
	} {
		t.Run(name, func(t *testing.T) {
			assert.Contains(t, search(map[string]string{"out": text}, []canary{c}), c.needle)
		})
	}
	assert.Empty(t, search(map[string]string{"out": "identity_k1_0123456789abcdef"}, []canary{c}))
}
