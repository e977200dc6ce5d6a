package counting

import (
	"regexp"
	"slices"
	"strings"
)

// unitsOfUCUM are those of its units that backends translate or that measure
// something a sign-in event can hold.
var unitsOfUCUM = []string{
	"1", "%", "s", "ms", "us", "ns", "min", "h", "d", "wk", "mo", "a",
	"By", "kBy", "MBy", "GBy", "KiBy", "MiBy", "GiBy", "bit",
}

// annotation is what UCUM allows for things that are counted: {attempt}.
var annotation = regexp.MustCompile(`^\{[!-.0-z|~]+\}$`)

// unit checks a unit of UCUM: a unit, an annotation, or one of them per
// another.
func (p *problems) unit(at path, unit string) {
	parts := strings.Split(unit, "/")
	for _, part := range parts {
		if len(parts) <= 2 && (annotation.MatchString(part) || slices.Contains(unitsOfUCUM, part)) {
			continue
		}
		p.fail(at, "%q is no unit of UCUM: write {request} for what is counted, or one of %s", unit, strings.Join(unitsOfUCUM, " "))
		return
	}
}
