package authevent

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// template is a text with captures, ready to be held against others.
type template struct {
	from     int      // the slot of the text; -1 for a line of plain text
	literals []string // before, between and behind the captures; the outer two may be empty
	slots    []int    // where each capture goes; -1 for nowhere

	// name is the event's: literals before, between and behind the captures
	// whose indices are in captured.
	name     []string
	captured []int
}

// templates compiles the templates of texts in a line, and those of lines.
func (c *compiler) templates() (ofTexts, ofLines []template) {
	for i, rule := range c.p.Templates {
		path := fmt.Sprintf("templates[%d]", i)
		t := template{from: -1}
		var captures []string
		var err error
		if t.literals, captures, err = parseTemplate(rule.Template); err != nil {
			c.fail(path+".template", "%w", err)
			continue
		}
		if rule.Event == "" {
			c.fail(path+".event", "is missing: name the event of the text")
		}
		if t.name, t.captured, err = parseEventName(rule.Event, captures); err != nil {
			c.fail(path+".event", "%w", err)
		}
		for _, name := range captures {
			t.slots = append(t.slots, c.captureSlot(rule.From, name))
		}
		if rule.From == "" {
			ofLines = append(ofLines, t)
			continue
		}
		t.from = c.slot(path+".from", rule.From)
		ofTexts = append(ofTexts, t)
	}
	return ofTexts, ofLines
}

// captureSlot returns where a capture goes; -1 where no rule asks for it.
func (c *compiler) captureSlot(from, name string) int {
	if name == "" {
		return -1
	}
	if from == "" { // a plain line has no JSON: its captures are as its members
		return c.trie.slotOf([]string{name})
	}
	if slot, asked := c.places.inside[from+"/"+name]; asked {
		return slot
	}
	return -1
}

// parseTemplate splits a template into its literals and the names of the
// captures between them, "" for one that captures nothing. {{ and }} stand for
// braces.
func parseTemplate(s string) (literals, captures []string, err error) {
	var literal strings.Builder
	anything := false
	for i := 0; i < len(s); i++ {
		switch {
		case (s[i] == '{' || s[i] == '}') && i+1 < len(s) && s[i+1] == s[i]:
			literal.WriteByte(s[i])
			i++
		case s[i] == '}':
			return nil, nil, errors.New("has a } without a {: write }} for a brace")
		case s[i] == '{':
			end := strings.IndexByte(s[i:], '}')
			if end < 0 {
				return nil, nil, errors.New("has a { without a }: write {{ for a brace")
			}
			name := s[i+1 : i+end]
			if name != "" && (!isCode(name) || strings.ContainsAny(name, "./")) {
				return nil, nil, fmt.Errorf("{%s} is no name: use letters, digits and underscores", name)
			}
			if name != "" && slices.Contains(captures, name) {
				return nil, nil, fmt.Errorf("captures {%s} twice", name)
			}
			if len(captures) > 0 && literal.Len() == 0 {
				return nil, nil, errors.New("has two captures with nothing between them: where the one ends would be a guess")
			}
			literals, captures = append(literals, literal.String()), append(captures, name)
			anything = anything || literal.Len() > 0
			literal.Reset()
			i += end
		default:
			literal.WriteByte(s[i])
		}
	}
	if !anything && literal.Len() == 0 {
		return nil, nil, errors.New("has no literal text, and would fit everything")
	}
	return append(literals, literal.String()), captures, nil
}

// parseEventName splits an event's name in the same way. captures are those of
// the template.
func parseEventName(s string, captures []string) (literals []string, captured []int, err error) {
	// The name may be all captures, and two may stand side by side.
	for {
		before, rest, found := strings.Cut(s, "{")
		literals = append(literals, before)
		if !found {
			return literals, captured, nil
		}
		name, rest, closed := strings.Cut(rest, "}")
		i := slices.Index(captures, name)
		if !closed || name == "" || i < 0 {
			return nil, nil, fmt.Errorf("{%s} is not captured by the template", name)
		}
		captured = append(captured, i)
		s = rest
	}
}

// fit finds the first template that fits its text, notes what it captures and
// the name of the event. A last literal has to end the text; where its first
// occurrence does not, no template fits in the first round. In the second one
// the capture before it runs on to the end: else a user named o'brien, in
// quotes, would make a failed sign-in unknown.
func (d *decoder) fit(templates []template) bool {
	begun := false
	for _, toEnd := range [...]bool{false, true} {
		from, text := -2, "" // no template's
		for i := range templates {
			t := &templates[i]
			if t.from != from {
				from = t.from
				text = d.templateText(from)
			}
			if !strings.HasPrefix(text, t.literals[0]) {
				continue
			}
			begun = true
			if d.match(t, text, toEnd) && d.setEvent(t) {
				for i, slot := range t.slots {
					if slot >= 0 {
						d.setInner(slot, d.captures[i])
					}
				}
				return true
			}
		}
		if !begun {
			break
		}
	}
	return false
}

func (d *decoder) templateText(from int) string {
	if from < 0 {
		return d.line
	}
	if d.values[from].kind != text {
		return ""
	}
	s, _ := d.text(from)
	return s
}

// match holds a text that begins with the first literal against the rest of
// the template. What it captures is in d.captures.
func (d *decoder) match(t *template, text string, toEnd bool) bool {
	d.captures = d.captures[:0]
	rest := text[len(t.literals[0]):]
	last := len(t.literals) - 1
	for i := 1; i <= last; i++ {
		literal := t.literals[i]
		var at int
		switch {
		case i == last && literal == "":
			at = len(rest)
		case i == last && toEnd:
			if at = len(rest) - len(literal); at < 0 || rest[at:] != literal {
				return false
			}
		default:
			at = strings.Index(rest, literal)
		}
		if at < 0 {
			return false
		}
		d.captures = append(d.captures, rest[:at])
		rest = rest[at+len(literal):]
	}
	return rest == ""
}

// setEvent notes the name of a template's event. What was captured must be a
// code where it is part of the name: free text never becomes one.
func (d *decoder) setEvent(t *template) bool {
	d.eventCaptured = len(t.captured) > 0
	if !d.eventCaptured {
		d.event = t.name[0]
		return true
	}
	for _, capture := range t.captured {
		if !isCode(d.captures[capture]) {
			return false
		}
	}
	var b strings.Builder
	for i, literal := range t.name {
		b.WriteString(literal)
		if i < len(t.captured) {
			b.WriteString(d.captures[t.captured[i]])
		}
	}
	d.event = b.String()
	return true
}
