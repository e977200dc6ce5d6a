package authevent

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// places are all the places that a profile reads: those in the line's JSON,
// and those inside its texts (key_values, templates), which have slots of
// their own, since another profile may find an object there.
type places struct {
	paths [][]string // in the JSON
	errs  []error
	// texts are the texts that are read further, by pointer.
	texts map[string]innerText
	// inside are the slots of the places inside texts, by pointer.
	inside map[string]int
}

// innerText says what stands inside a text.
type innerText struct {
	anyKey   bool // of key_values
	captures []string
}

// collectPlaces lists the places of p, and what is wrong with them. Those of
// pii are not among them: the scrubber reads these.
func collectPlaces(p *profile) *places {
	out := &places{texts: map[string]innerText{}, inside: map[string]int{}}
	for _, rule := range p.Templates {
		if rule.From != "" {
			_, captures, _ := parseTemplate(rule.Template) // an error is reported by templates
			out.texts[rule.From] = innerText{captures: append(out.texts[rule.From].captures, captures...)}
		}
	}
	for _, pointer := range p.KeyValues {
		out.texts[pointer] = innerText{anyKey: true}
	}
	p.eachPlace(func(path, pointer string) {
		tokens, err := parsePlace(pointer)
		if err != nil {
			out.errs = append(out.errs, fmt.Errorf("%s.%s: %q: %w", pathOf(p.Name), path, pointer, err))
			return
		}
		if _, inside := out.textAbove(pointer); !inside {
			out.paths = append(out.paths, tokens)
		}
	})
	return out
}

// parsePlace splits a pointer to a place that is read.
func parsePlace(pointer string) ([]string, error) {
	tokens, err := pii.ParsePointer(pointer)
	switch {
	case err != nil || len(tokens) == 0:
		return nil, errors.New("is no place in a line: write a JSON Pointer such as /properties/user_id")
	case slices.Contains(tokens, "*"):
		return nil, errors.New("a * stands for any name under pii alone: name the member, or the element by its number")
	}
	return tokens, nil
}

// eachPlace calls visit with every pointer of the profile, and where it stands
// in the YAML.
func (p *profile) eachPlace(visit func(path, pointer string)) {
	list := func(path string, pointers []string) {
		for i, pointer := range pointers {
			visit(fmt.Sprintf("%s[%d]", path, i), pointer)
		}
	}
	for i, alternative := range p.Match {
		for _, pointer := range sortedKeys(alternative) {
			visit(fmt.Sprintf("match[%d]", i), pointer)
		}
	}
	list("event_name", p.EventName)
	list("time", p.Time)
	list("uid", p.UID)
	list("trace_id", p.TraceID)
	list("environment", p.Environment)
	list("outcome", p.Outcome)
	list("error_type.codes", p.ErrorType.Codes)
	list("error_type.keys", p.ErrorType.Keys)
	list("error_type.classes", p.ErrorType.Classes)
	for i, rule := range p.ErrorType.Phrases {
		list(fmt.Sprintf("error_type.phrases[%d].from", i), rule.From)
	}
	list("severity.exceptions", p.Severity.Exceptions)
	list("key_values", p.KeyValues)
	for i, rule := range p.Attributes {
		list(fmt.Sprintf("attributes[%d].from", i), rule.From)
		list(fmt.Sprintf("attributes[%d].unlike", i), rule.Unlike)
		for _, pointer := range sortedKeys(rule.When) {
			visit(fmt.Sprintf("attributes[%d].when", i), pointer)
		}
	}
	for i, rule := range p.Templates {
		if rule.From != "" {
			visit(fmt.Sprintf("templates[%d].from", i), rule.From)
		}
	}
	for _, pointer := range sortedKeys(p.Types) {
		visit("types", pointer)
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// textAbove returns the text that a place is inside of, if it is.
func (s *places) textAbove(pointer string) (text string, inside bool) {
	for i := len(pointer) - 1; i > 0; i-- {
		if pointer[i] != '/' {
			continue
		}
		if _, isText := s.texts[pointer[:i]]; isText {
			return pointer[:i], true
		}
	}
	return "", false
}

// slot returns the slot of a place that collectPlaces has seen. Those inside
// texts are numbered when they are first asked for, behind those of the trie.
func (s *places) slot(t *trie, pointer string) (int, error) {
	tokens, _ := parsePlace(pointer)
	if tokens == nil { // collectPlaces has reported it
		return 0, nil
	}
	text, inside := s.textAbove(pointer)
	if !inside {
		return t.slotOf(tokens), nil
	}
	if slot, known := s.inside[pointer]; known {
		return slot, nil
	}
	name := pointer[len(text)+1:]
	if strings.Contains(name, "/") {
		return 0, fmt.Errorf("%q: the text %s has values alone, and nothing below them", pointer, text)
	}
	last := tokens[len(tokens)-1]
	if t := s.texts[text]; !t.anyKey && !slices.Contains(t.captures, last) {
		return 0, fmt.Errorf("%q: no template of %s captures {%s}", pointer, text, last)
	}
	slot := t.slots + t.inside
	t.inside++
	s.inside[pointer] = slot
	return slot, nil
}

// names returns the places inside a text that were asked for: their names,
// sorted, and their slots.
func (s *places) names(text string) (names []string, slots []int) {
	for _, pointer := range sortedKeys(s.inside) {
		if above, _ := s.textAbove(pointer); above == text {
			tokens, _ := parsePlace(pointer) // parsed before
			names = append(names, tokens[len(tokens)-1])
			slots = append(slots, s.inside[pointer])
		}
	}
	return names, slots
}
