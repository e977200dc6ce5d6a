package profiles

import (
	"maps"
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/profiles/sample"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// Bounds of what a draft looks at: places of the sample, and values of a place.
const (
	maxFields = 2048
	maxValues = 2000
)

// field is a place of the sample, and what stands there.
type field struct {
	pointer string
	// names are the last name in the pointer and, before it, that of the object
	// that it is in, folded.
	name, parent string
	depth        int    // 1 for a member of the line itself
	besideName   bool   // in the object in which the event's name stands
	inside       string // the text of key="value" that it is in

	lines  []int    // that have something there, by number
	of     []string // the value in each of lines, as long as there are few
	shapes [numShapes]int
	types  map[string]int
	values map[string]int // with how many lines; maxValues of them
	pairs  int            // values that are lists of key="value"
}

// fields are the places of the sample.
type fields struct {
	lines     int
	text      int // lines that are no JSON object
	refused   int // values at places beyond maxFields
	byPointer map[string]*field
	objects   [][]byte // the lines, by number
}

// add takes a line, and keeps it.
func (f *fields) add(line []byte) {
	number := f.lines
	err := sample.Walk(line, func(v sample.Value) {
		at := f.at(v.Pointer, "")
		if at == nil {
			return
		}
		at.add(number, v)
		if v.Type != sample.Text {
			return
		}
		pairs := keyValues(v.Text)
		if len(pairs) < 3 {
			return
		}
		at.pairs++
		for _, p := range pairs {
			name := sample.Value{Pointer: v.Pointer + "/" + p.key, Type: sample.Text, Text: p.value}
			if inner := f.at(name.Pointer, v.Pointer); inner != nil && p.value != "null" {
				inner.add(number, name)
			}
		}
	})
	if err != nil {
		f.text++
		return
	}
	f.lines++
	f.objects = append(f.objects, line)
}

func (f *fields) at(pointer, inside string) *field {
	at := f.byPointer[pointer]
	if at != nil {
		return at
	}
	if len(f.byPointer) >= maxFields {
		f.refused++
		return nil
	}
	if f.byPointer == nil {
		f.byPointer = map[string]*field{}
	}
	parent := ""
	if i := strings.LastIndexByte(pointer, '/'); i > 0 {
		parent = fold(sample.Name(pointer[:i]))
	}
	at = &field{
		pointer: pointer, name: fold(sample.Name(pointer)), parent: parent, depth: strings.Count(pointer, "/"), inside: inside,
		types: map[string]int{}, values: map[string]int{},
	}
	f.byPointer[pointer] = at
	return at
}

func (f *field) add(line int, v sample.Value) {
	f.types[v.Type]++
	shape := shapeOf(v)
	if shape == shapeEmpty {
		return
	}
	f.shapes[shape]++
	if n := len(f.lines); n > 0 && f.lines[n-1] == line {
		return // another element behind *
	}
	f.lines = append(f.lines, line)
	if _, known := f.values[v.Text]; known || len(f.values) < maxValues {
		f.values[v.Text]++
	}
	f.of = append(f.of, v.Text)
}

// sorted returns the places by pointer, without the insides of texts that are no
// lists of key="value" in most lines.
func (f *fields) sorted() []*field {
	var out []*field
	for _, pointer := range slices.Sorted(maps.Keys(f.byPointer)) {
		at := f.byPointer[pointer]
		if at.inside != "" && !f.byPointer[at.inside].isKeyValues() {
			continue
		}
		out = append(out, at)
	}
	return out
}

func (f *field) isKeyValues() bool { return f.isPlace() && f.pairs > 0 && f.pairs*10 >= len(f.lines)*8 }

// share is how many of the values have one of the shapes, 0 to 1.
func (f *field) share(shapes ...shape) float64 {
	all, have := 0, 0
	for s, n := range f.shapes {
		all += n
		if slices.Contains(shapes, shape(s)) {
			have += n
		}
	}
	if all == 0 {
		return 0
	}
	return float64(have) / float64(all)
}

// isPlace says whether a profile can read it: * is no place.
func (f *field) isPlace() bool {
	return !strings.Contains(f.pointer+"/", "/*/") && f.types[sample.Object]+f.types[sample.Array] == 0
}

// pair is a key and its value in a text.
type pair struct{ key, value string }

// keyValues reads key="value", key="value" as the parser does; it stops at a word
// that is no pair, so that a sentence yields none.
func keyValues(s string) (pairs []pair) {
	for s = strings.TrimLeft(s, ", "); s != ""; s = strings.TrimLeft(s, ", ") {
		key, rest, ok := strings.Cut(s, "=")
		if !ok || key == "" || strings.ContainsAny(key, " ,\"/~*") || sample.Personal(key) {
			break
		}
		var value string
		if strings.HasPrefix(rest, `"`) {
			value, s, ok = strings.Cut(rest[1:], `"`)
			if !ok {
				break
			}
		} else {
			value, s, _ = strings.Cut(rest, ",")
		}
		if !slices.ContainsFunc(pairs, func(p pair) bool { return p.key == key }) {
			pairs = append(pairs, pair{key, value})
		}
	}
	return pairs
}

// kindByName asks the scrubber what a name says of a value.
func (f *field) kindByName() pii.Kind { return kindOfName(sample.Name(f.pointer)) }
