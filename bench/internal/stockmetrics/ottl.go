package stockmetrics

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// condition says in OTTL which records a rule counts. The cheapest comes
// first, since OTTL evaluates no further than it has to.
func condition(r definition.Rule) string {
	var all []string
	if r.Source != "" {
		all = append(all, equal(attribute(attr.Source), r.Source))
	}
	all = append(all, anyOf(eventName, r.Events))
	if len(r.Except) > 0 {
		all = append(all, "not "+anyOf(eventName, r.Except))
	}
	for _, c := range r.Conditions {
		one := anyOf(expression(c.Place), c.Values)
		if c.Not {
			one = "not " + one
		}
		all = append(all, one)
	}
	return strings.Join(all, " and ")
}

const eventName = "log.event_name"

// anyOf holds where the value of an expression matches one of the patterns.
func anyOf(value string, patterns []string) string {
	some := make([]string, len(patterns))
	for i, p := range patterns {
		some[i] = matches(value, p)
	}
	return "(" + strings.Join(some, " or ") + ")"
}

func matches(value, pattern string) string {
	prefix, suffix, wildcard := strings.Cut(pattern, "*")
	switch {
	case !wildcard && (pattern == "true" || pattern == "false"): // on the record it is a boolean
		return fmt.Sprintf("(%s == %s or %s)", value, pattern, equal(value, pattern))
	case !wildcard:
		return equal(value, pattern)
	case value == eventName && pattern == "*":
		return value + ` != ""`
	}
	// What has no prefix is an error to HasPrefix.
	all := []string{value + " != nil"}
	if prefix != "" {
		all = append(all, fmt.Sprintf("HasPrefix(%s, %s)", value, strconv.Quote(prefix)))
	}
	if suffix != "" {
		all = append(all, fmt.Sprintf("HasSuffix(%s, %s)", value, strconv.Quote(suffix)))
	}
	return "(" + strings.Join(all, " and ") + ")"
}

func equal(value, text string) string { return value + " == " + strconv.Quote(text) }

func attribute(name string) string { return fmt.Sprintf("log.attributes[%q]", name) }

// expression is where a place's value stands. Bodies are text here.
func expression(p definition.Place) string {
	switch p.In {
	case definition.Resource:
		return fmt.Sprintf("resource.attributes[%q]", p.Name)
	case definition.Body:
		path := "ParseJSON(log.body)"
		for _, key := range strings.Split(strings.TrimPrefix(p.Name, "/"), "/") {
			path += fmt.Sprintf("[%q]", strings.NewReplacer("~1", "/", "~0", "~").Replace(key))
		}
		return path
	default:
		return attribute(p.Name)
	}
}
