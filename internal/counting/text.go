package counting

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxValueLength is in bytes; the engine folds what is longer.
const maxValueLength = 128

// texts makes texts of the scalars of a YAML list: of true what the record's
// boolean reads as.
func (p *problems) texts(at path, list []any) []string {
	var out []string
	for i, value := range list {
		switch value := value.(type) {
		case string:
			if p.value(at.index(i), value) {
				out = append(out, value)
			}
		case bool, int, int64, uint64, float64:
			out = append(out, fmt.Sprint(value))
		default:
			p.fail(at.index(i), "must be a text, a number or true or false")
		}
	}
	return out
}

// value checks a text that stands on a point, or that is compared with one.
func (p *problems) value(at path, text string) bool {
	unprintable := func(r rune) bool { return !unicode.IsPrint(r) }
	switch {
	case text == "":
		p.fail(at, "is empty: give a text")
	case len(text) > maxValueLength:
		p.fail(at, "is longer than %d bytes: shorten it", maxValueLength)
	case !utf8.ValidString(text) || strings.ContainsFunc(text, unprintable):
		p.fail(at, "holds characters that do not print: leave them out")
	default:
		return true
	}
	return false
}

// pattern checks a text in which one * may stand for any text.
func (p *problems) pattern(at path, text string) {
	if p.value(at, text) && strings.Count(text, "*") > 1 {
		p.fail(at, "%q has several *: use one at most, and several patterns", text)
	}
}

func (p *problems) patterns(at path, list []string) {
	for i, text := range list {
		p.pattern(at.index(i), text)
	}
}

// attributeName is what the semantic conventions write, and what is common
// beside them. What else a name may hold would collide after translation.
var attributeName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.\-]*$`)

// names checks a list of attributes that are read.
func (p *problems) names(at path, list []string) {
	seen := map[string]bool{}
	for i, name := range list {
		switch {
		case !attributeName.MatchString(name):
			p.fail(at.index(i), "%q is no attribute: use letters, digits, dots and underscores", name)
		case seen[name]:
			p.fail(at.index(i), "%q stands there twice: leave one out", name)
		}
		seen[name] = true
	}
}

// nearest lists the three names that are most like the one that was meant.
func nearest(name string, names []string) string {
	type candidate struct {
		name     string
		distance int
	}
	candidates := make([]candidate, len(names))
	for i, n := range names {
		candidates[i] = candidate{n, distance(name, n)}
	}
	slices.SortFunc(candidates, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.name, b.name))
	})
	var list []string
	for _, c := range candidates[:min(3, len(candidates))] {
		list = append(list, c.name)
	}
	if len(list) == 0 {
		return "there is none"
	}
	return "the nearest are " + strings.Join(list, ", ")
}

// distance is Levenshtein's: how many bytes have to be put in, taken out or
// changed to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
