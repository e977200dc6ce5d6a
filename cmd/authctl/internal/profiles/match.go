package profiles

import (
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/profiles/sample"
)

// condition is one of a match, or of when an attribute is read: a type, the values
// that there are, or what a value begins with.
type condition struct {
	pointer, jsonType string
	in                []string
	notIn             []string
	prefix            []string
	without           []string // parts that it has not; it may be absent
}

// constants are folded names of fields that tell which program wrote a line.
var constants = []string{
	"app", "application", "program", "service", "servicename", "logger", "loggername", "source", "product", "vendor", "component", "audience",
	"facility", "type", "event", "stream", "channel", "logtype",
}

// matches makes an alternative for each place of the event's name: of conditions
// that hold for all lines that have it.
func matches(all []*field, names []choice, others []choice) [][]condition {
	var out [][]condition
	named := map[int]bool{}
	for _, name := range names {
		lines := map[int]bool{}
		for _, line := range name.field.lines {
			if !named[line] {
				lines[line] = true
				named[line] = true
			}
		}
		conditions := []condition{{pointer: name.field.pointer, jsonType: jsonType(name.field)}}
		conditions = append(conditions, constantOf(all, name.field, lines)...)
		// Each condition may be one that a later line does not fulfil: no more than
		// it takes to tell these lines from others'.
		for _, c := range others {
			if len(conditions) >= 3 {
				break
			}
			has := slices.ContainsFunc(conditions, func(o condition) bool { return o.pointer == c.field.pointer })
			if !has && jsonType(c.field) != "" && c.field.hasAll(lines) {
				conditions = append(conditions, condition{pointer: c.field.pointer, jsonType: jsonType(c.field)})
			}
		}
		if len(conditions) == 1 {
			if split := splitBy(conditions[0], others, lines); split != nil {
				out = append(out, split...)
				continue
			}
		}
		out = append(out, conditions)
	}
	return out
}

// splitBy makes several alternatives of one that has a single condition, and would
// take lines of other sources: one for each place of the time. nil where these do
// not come to nearly all of the lines.
func splitBy(name condition, others []choice, lines map[int]bool) (out [][]condition) {
	covered := map[int]bool{}
	for _, c := range others {
		if c.role != timeRole.name || c.field.pointer == name.pointer {
			continue
		}
		before := len(covered)
		for _, line := range c.field.lines {
			if lines[line] {
				covered[line] = true
			}
		}
		if len(covered) > before {
			out = append(out, []condition{name, {pointer: c.field.pointer, jsonType: jsonType(c.field)}})
		}
	}
	if len(covered)*100 < len(lines)*99 {
		return nil
	}
	return out
}

// constantOf finds the fields that say the same in all of the lines. Of few lines
// nobody can say what is the same in all.
func constantOf(all []*field, name *field, lines map[int]bool) (conditions []condition) {
	for _, f := range all {
		if f == name || f.depth > 2 || !slices.Contains(constants, f.name) || jsonType(f) != sample.Text || len(lines) < 3 || !f.hasAll(lines) {
			continue
		}
		var values []string
		for i, line := range f.lines {
			if lines[line] && !slices.Contains(values, f.of[i]) {
				values = append(values, f.of[i])
			}
		}
		// One of several may have a sister that this sample does not have.
		if len(values) > 1 || slices.ContainsFunc(values, sample.Personal) || f.share(shapeCode, shapeWords) < 1 {
			continue
		}
		slices.Sort(values)
		if conditions = append(conditions, condition{pointer: f.pointer, in: values}); len(conditions) == 2 {
			break
		}
	}
	return conditions
}

// hasAll says whether all of the lines have something in the field.
func (f *field) hasAll(lines map[int]bool) bool {
	has := 0
	for _, line := range f.lines {
		if lines[line] {
			has++
		}
	}
	return has == len(lines)
}

// jsonType is the field's, "" where it has several.
func jsonType(f *field) string {
	found := ""
	for _, name := range []string{sample.Text, sample.Number, sample.Boolean, sample.Object, sample.Array} {
		if f.types[name] == 0 {
			continue
		}
		if found != "" {
			return ""
		}
		found = name
	}
	return found
}

// sentinels are what IdPs write for nobody.
var sentinels = []string{
	"unknown", "anonymous", "anonymous-uuid", "anonymoususer", "<anonymous>", "none", "null", "nil", "-", "n/a", "system", "undefined",
	"nobody", "login", "unauthenticated", "00000000-0000-0000-0000-000000000000",
}

// sentinelsOf lists those that stand in a field.
func sentinelsOf(f *field) (found []string) {
	for value := range f.values {
		if slices.Contains(sentinels, strings.ToLower(value)) {
			found = append(found, value)
		}
	}
	slices.Sort(found)
	return found
}

// sentinelsIn lists those that stand in the sentences of a field, in brackets: a
// word alone may mean something else.
func sentinelsIn(f *field) (found []string) {
	for _, s := range sentinels {
		in := func(text string) bool { return strings.Contains(text, s) }
		if s[0] == '<' && slices.ContainsFunc(f.of, in) {
			found = append(found, s)
		}
	}
	return found
}
