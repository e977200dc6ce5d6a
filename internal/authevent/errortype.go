package authevent

import (
	"fmt"
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// otherErrorType stands for a reason that is free text.
const otherErrorType = "_OTHER"

// maxCode is how long a code may be. What is longer is text.
const maxCode = 64

// errorType finds the class of a failure: never free text, since that may
// hold anything, and no one could count by it.
func (p *compiled) errorType(d *decoder) string {
	for i := range p.errorPhrases {
		if code := d.phraseOf(&p.errorPhrases[i]); code != "" {
			return code
		}
	}
	freeText := false
	for _, slot := range p.errorKeys {
		if t := d.firstKeyPath(slot); t != "" {
			return t
		}
		freeText = freeText || d.values[slot].kind == array
	}
	for _, slot := range p.errorCodes {
		if s, ok := d.text(slot); ok && s != "" {
			if isCode(s) {
				return s
			}
			freeText = true
		}
	}
	for _, slot := range p.errorClasses {
		if s, ok := d.text(slot); ok && s != "" {
			if class := exceptionClass(s); class != "" {
				return class
			}
			freeText = true
		}
	}
	if freeText {
		return otherErrorType
	}
	return ""
}

// phrase is a part of a sentence, and the code for what it says.
type phrase struct {
	slots    []int
	contains string
	code     string
}

func (d *decoder) phraseOf(p *phrase) string {
	for _, slot := range p.slots {
		if s, ok := d.text(slot); ok && strings.Contains(s, p.contains) {
			return p.code
		}
	}
	return ""
}

func (c *compiler) phrases() []phrase {
	var phrases []phrase
	for i, rule := range c.p.ErrorType.Phrases {
		path := fmt.Sprintf("error_type.phrases[%d]", i)
		if rule.Contains == "" || !isCode(rule.Is) || len(rule.From) == 0 {
			c.fail(path, "needs from, contains, and a code under is")
		}
		phrases = append(phrases, phrase{c.slots(path+".from", rule.From), rule.Contains, rule.Is})
	}
	return phrases
}

// isCode tells codes such as in_hibp or urn:x:y from free text.
func isCode(s string) bool {
	if s == "" || len(s) > maxCode {
		return false
	}
	for i := range len(s) {
		if !isCodeByte(s[i]) {
			return false
		}
	}
	return true
}

func isCodeByte(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return c == '_' || c == '.' || c == ':' || c == '-' || c == '/'
}

// exceptionClass returns the class name that a message such as
// "Telephony::OptOutError - opted out" begins with, or "".
func exceptionClass(s string) string {
	end := 0
	for end < len(s) && isCodeByte(s[end]) && s[end] != '-' && s[end] != '/' {
		end++
	}
	class := strings.TrimRight(s[:end], ":.")
	if class == "" || len(class) > maxCode || class[0] < 'A' || class[0] > 'Z' {
		return ""
	}
	// One word alone may begin a sentence; a namespace or an ending tells.
	if strings.Contains(class, "::") || strings.HasSuffix(class, "Error") || strings.HasSuffix(class, "Exception") {
		return class
	}
	return ""
}

// firstKeyPath returns the path of an object's first member that leads to
// something, names sorted at each level and joined by dots; or the class that
// a text at its end begins with. It returns "" for what is no object, or empty.
func (d *decoder) firstKeyPath(slot int) string {
	v := d.values[slot]
	if v.kind != object {
		return ""
	}
	var path []string
	i := int(v.start)
	for {
		name, at, ok := d.firstMember(i)
		if !ok {
			break
		}
		path = append(path, name)
		if d.line[at] == '"' {
			end, escaped := jsonscan.String(d.line, at)
			if class := exceptionClass(d.inside(at, end, escaped)); class != "" {
				return class
			}
		}
		if d.line[at] != '{' {
			break
		}
		i = at
	}
	if len(path) == 0 {
		return ""
	}
	// Joined by dots, addresses are none that a search would find.
	if slices.ContainsFunc(path, isAddress) {
		return otherErrorType
	}
	if s := strings.Join(path, "."); isCode(s) {
		return s
	}
	return otherErrorType
}

// firstMember returns the member of the object at line[i] whose name sorts
// first, and where its value stands. The object is valid: it was decoded.
func (d *decoder) firstMember(i int) (name string, at int, ok bool) {
	s := d.line
	var l jsonscan.Limits
	for i = jsonscan.Space(s, i+1); s[i] == '"'; {
		end, escaped := jsonscan.String(s, i)
		key := d.inside(i, end, escaped)
		i = jsonscan.Colon(s, end)
		if !ok || key < name {
			name, at, ok = key, i, true
		}
		i, _ = jsonscan.Value(s, i, &l)
		i, _ = jsonscan.Next(s, i, '}')
		if i >= len(s) {
			break
		}
	}
	return name, at, ok
}
