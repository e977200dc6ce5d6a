package profiles

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

func list(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = quote(text)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// quote writes a text as YAML reads it back, also in brackets.
func quote(s string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	reserved := []string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
	begins := s != "" && strings.ContainsRune(plain+"/", rune(s[0]))
	if begins && strings.Trim(s, plain+"0123456789_-./~") == "" && !slices.Contains(reserved, strings.ToLower(s)) {
		return s
	}
	return jsonText(s)
}

func jsonText(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always marshals
	}
	var b strings.Builder
	for _, r := range string(text) {
		if unicode.IsPrint(r) {
			b.WriteRune(r)
		} else { // YAML has no room for control characters, nor has a terminal
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	return b.String()
}
