package eventmetrics

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// pattern is a text, or what stands before and after its "*".
type pattern struct {
	prefix, suffix string
	wildcard       bool
	// number is what a whole text stands for among integers.
	number   int64
	isNumber bool
}

func compilePattern(name string) (pattern, error) {
	prefix, suffix, wildcard := strings.Cut(name, "*")
	if strings.Contains(suffix, "*") {
		return pattern{}, fmt.Errorf("%q has more than one *: write a pattern for each", name)
	}
	p := pattern{prefix: prefix, suffix: suffix, wildcard: wildcard}
	if n, err := strconv.ParseInt(name, 10, 64); err == nil && strconv.FormatInt(n, 10) == name {
		p.number, p.isNumber = n, true
	}
	return p, nil
}

func (p *pattern) matches(name string) bool {
	if !p.wildcard {
		return name == p.prefix
	}
	return len(name) >= len(p.prefix)+len(p.suffix) &&
		strings.HasPrefix(name, p.prefix) && strings.HasSuffix(name, p.suffix)
}

// matchesValue compares without making a text of an integer, unless it has to
// look for a part of one. What is most frequent comes first.
func (p *pattern) matchesValue(v *value) bool {
	switch {
	case v.kind == textual && !p.wildcard:
		return v.text == p.prefix
	case v.kind == absent:
		return false
	case p.wildcard && p.prefix == "" && p.suffix == "":
		return true // there is a value
	case v.kind == integer && !p.wildcard:
		return p.isNumber && p.number == int64(v.bits)
	case v.kind == opaque:
		return false
	}
	return p.matches(v.label())
}

func anyMatches(patterns []pattern, name string) bool {
	for i := range patterns {
		if patterns[i].matches(name) {
			return true
		}
	}
	return false
}

// condition is a definition.Condition made ready.
type condition struct {
	field  field
	values []pattern
	not    bool
}

func (c *condition) equals(other *condition) bool {
	return c.field == other.field && c.not == other.not && slices.Equal(c.values, other.values)
}

// holds is given the value of the condition's field.
func (c *condition) holds(v *value) bool {
	for i := range c.values {
		if c.values[i].matchesValue(v) {
			return !c.not
		}
	}
	return c.not
}
