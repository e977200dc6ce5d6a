package main

import (
	"fmt"
	"strings"
)

// defect is a line that is to be refused.
type defect struct {
	name, line string
}

// asked and other are members of a Login.gov line: one that is asked for, and
// one that is not.
const (
	asked = `"visit_id":`
	other = `"locale":`
)

// tooDeep is more than any limit that a library has, and little enough that a
// recursion without limit does not end the process.
const tooDeep = 100_000

var defects = []defect{
	{"no end", `{"name":"a","properties":{`},
	{"trailing data", `{"name":"a"} {"name":"b"}`},
	{"trailing comma", `{"name":"a",}`},
	{"missing comma", `{"name":"a" ` + asked + `"b"}`},
	{"control character in a text", `{"name":"a",` + asked + "\"b\x01c\"}"},
	{"the same in one not asked for", `{"name":"a",` + other + "\"b\x01c\"}"},
	{`\q`, `{"name":"a",` + asked + `"b\qc"}`},
	{`\q in one not asked for`, `{"name":"a",` + other + `"b\qc"}`},
	{`\u12 in one not asked for`, `{"name":"a",` + other + `"b\u12"}`},
	{"bad UTF-8", `{"name":"a",` + asked + "\"b\xffc\"}"},
	{"nul", `{"name":"a",` + other + `nul}`},
	{"01", `{"name":"a",` + asked + `01}`},
	{"01 in one not asked for", `{"name":"a",` + other + `01}`},
	{"1e999", `{"name":"a",` + other + `1e999}`},
	{"65 levels", deep(65)},
	{"100,000 levels", deep(tooDeep)},
	{"20,001 members", `{"name":"a"` + strings.Repeat(`,"x":1`, 20_000) + `}`},
}

func deep(levels int) string {
	return `{"name":"a",` + other + strings.Repeat("[", levels-1) + strings.Repeat("]", levels-1) + `}`
}

// duplicates has a member twice, and an object twice.
const duplicates = `{"name":"a","visit_id":"first","visit_id":"last","properties":{"path":"first"},"properties":{"pid":7}}`

// refusals is a table of what each way takes that is to be refused, and of what
// it does with duplicate members.
func refusals() (string, error) {
	s, err := sourceOf("login_gov")
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("| way | takes as valid | of duplicate members counts |\n|---|---|---|\n")
	for _, name := range append([]string{oursName}, names()...) {
		taken, counts, err := lenience(name, s)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", name, strings.Join(taken, ", "), counts)
	}
	return b.String(), nil
}

// lenience returns the names of the defects that a way takes, and which of
// duplicate members counts.
func lenience(name string, s *source) (taken []string, counts string, err error) {
	for _, d := range defects {
		m, err := newMaker(name, s)
		if err != nil {
			return nil, "", err
		}
		if accepts(m, d.line) {
			taken = append(taken, d.name)
		}
	}
	m, err := newMaker(name, s)
	if err != nil {
		return nil, "", err
	}
	if !accepts(m, duplicates) {
		return taken, "refused", nil
	}
	return taken, whichCounts(m), nil
}

// accepts says whether a way makes a record of a line.
func accepts(m maker, line string) bool {
	m.begin(1, len(line))
	return m.add([]byte(line)) == nil
}

// whichCounts says which of the members in duplicates the record shows.
func whichCounts(m maker) string {
	attrs := m.take().ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes()
	shown := map[string]bool{}
	for _, v := range attrs.All() {
		shown[v.AsString()] = true
	}
	// properties/path stands in the first of the two objects, properties/pid in the last
	switch first, pid := shown["first"], shown["7"]; {
	case shown["last"] && !first:
		return "the last"
	case shown["last"]:
		return "the last; objects are merged"
	case pid:
		return "the first; objects are merged"
	default:
		return "the first"
	}
}
