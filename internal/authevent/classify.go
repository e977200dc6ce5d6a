package authevent

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// classify returns a kind for each field that the profile lists under pii, and
// for each that it reads and pii says nothing of, so that none is forgotten. The
// fields are sorted by pointer, and no pointer stands there twice.
func (p *profile) classify(places *places) ([]FieldInfo, error) {
	c := classifier{p: p, places: places, at: map[string]string{}}
	c.listed()
	c.read()
	slices.SortFunc(c.fields, func(a, b FieldInfo) int { return cmp.Compare(a.Pointer, b.Pointer) })
	return c.fields, errors.Join(c.errs...)
}

type classifier struct {
	p      *profile
	places *places
	fields []FieldInfo
	at     map[string]string // where each pointer stands under pii
	errs   []error
}

func (c *classifier) fail(path, format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf("%s.%s: %w", pathOf(c.p.Name), path, fmt.Errorf(format, args...)))
}

// listed takes the fields under pii.
func (c *classifier) listed() {
	for _, name := range sortedKeys(c.p.PII) {
		kind, err := pii.ParseKind(name)
		if err != nil {
			c.fail("pii["+name+"]", "%w", err)
			continue
		}
		for i, pointer := range c.p.PII[name] {
			c.list(fmt.Sprintf("pii[%s][%d]", name, i), pointer, kind)
		}
	}
}

func (c *classifier) list(at, pointer string, kind pii.Kind) {
	if _, err := pii.ParsePointer(pointer); err != nil {
		c.fail(at, "%q: %w", pointer, err)
		return
	}
	if text, inside := c.places.textAbove(pointer); inside {
		c.fail(at, "%q is inside the text %s, which is scrubbed whole: classify %s", pointer, text, text)
	}
	if before, twice := c.at[pointer]; twice {
		c.fail(at, "%q stands under %s as well: a field has one kind", pointer, before)
		return
	}
	c.at[pointer] = at
	c.fields = append(c.fields, FieldInfo{pointer, kind})
}

// read takes the places that the profile reads, each with the kind of what it
// is read for.
func (c *classifier) read() {
	wild := slices.DeleteFunc(slices.Clone(c.fields), func(f FieldInfo) bool { return !strings.Contains(f.Pointer, "*") })
	found := map[string]pii.Kind{}
	c.p.eachRead(func(pointer string, kind pii.Kind) {
		// Of two uses of a place the one that is personal counts, and else the first.
		if before, known := found[pointer]; !known || before == pii.Public {
			found[pointer] = kind
		}
	})
	for _, pointer := range sortedKeys(found) {
		kind := found[pointer]
		if _, inside := c.places.textAbove(pointer); inside || c.covered(wild, pointer) {
			continue
		}
		// What is public holds for all below, and nobody has looked at that.
		if kind == pii.Public && c.isObject(pointer) {
			continue
		}
		c.fields = append(c.fields, FieldInfo{pointer, kind})
	}
}

// isObject says whether the profile knows of a place below this one.
func (c *classifier) isObject(pointer string) bool {
	below := func(other string) bool { return strings.HasPrefix(other, pointer+"/") }
	for _, f := range c.fields {
		if below(f.Pointer) {
			return true
		}
	}
	found := false
	c.p.eachPlace(func(_, other string) { found = found || below(other) })
	return found
}

// eachRead calls visit with each place that the profile reads, and what stands
// there by its use. Places that are read in several ways are visited as often.
func (p *profile) eachRead(visit func(pointer string, kind pii.Kind)) {
	list := func(pointers []string, kind pii.Kind) {
		for _, pointer := range pointers {
			visit(pointer, kind)
		}
	}
	for _, rule := range p.Attributes {
		kind, _ := attr.KindOf(rule.Name)
		switch {
		case rule.After != "": // one segment is meant, the rest is a path
			kind = pii.Path
		case kind == pii.None:
			kind = pii.Public
		}
		list(rule.From, kind)
		for _, pointer := range sortedKeys(rule.When) {
			if rule.When[pointer].isScalar() {
				visit(pointer, pii.Public)
			}
		}
	}
	list(p.TraceID, pii.TraceID)
	// Texts in which names are found, and what may be a class or a sentence.
	list(p.KeyValues, pii.Text)
	for _, rule := range p.Templates {
		if rule.From != "" {
			visit(rule.From, pii.Text)
		}
	}
	list(p.ErrorType.Codes, pii.Text)
	list(p.ErrorType.Keys, pii.Text)
	list(p.ErrorType.Classes, pii.Text)
	list(p.Severity.Exceptions, pii.Text)
	event := pii.Public
	if p.UnknownEvent != "" { // the source writes free text there
		event = pii.Text
	}
	list(p.EventName, event)
	list(p.Time, pii.Public)
	list(p.UID, pii.Public)
	list(p.Environment, pii.Public)
	list(p.Outcome, pii.Public)
	for _, alternative := range p.Match {
		for _, pointer := range sortedKeys(alternative) {
			if alternative[pointer].isScalar() {
				visit(pointer, pii.Public)
			}
		}
	}
}

// isScalar says whether the condition holds for no object and no array.
func (c condition) isScalar() bool {
	return len(c.In)+len(c.Prefix) > 0 || c.Type != "" && c.Type != "object" && c.Type != "array"
}

// covered says whether one of the fields that are listed is the place, or one
// above it; wild are those with a * in them.
func (c *classifier) covered(wild []FieldInfo, place string) bool {
	for above, more := place, true; more; {
		if _, listed := c.at[above]; listed {
			return true
		}
		end := strings.LastIndexByte(above, '/')
		if more = end >= 0; more {
			above = above[:end]
		}
	}
	return slices.ContainsFunc(wild, func(f FieldInfo) bool { return isAbove(f.Pointer, place) })
}

// isAbove says whether field, in which * stands for any token, is place or one
// above it.
func isAbove(field, place string) bool {
	for {
		token, rest, more := strings.Cut(field, "/")
		other, below, deeper := strings.Cut(place, "/")
		switch {
		case token != "*" && token != other:
			return false
		case !more:
			return true
		case !deeper:
			return false
		}
		field, place = rest, below
	}
}
