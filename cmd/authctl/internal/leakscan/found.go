package leakscan

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub"
)

// finding is a kind of personal data in a value.
type finding struct {
	kind  string
	place string
	at    Location
	n     int
	// pointer is as in difference, and cell that of the unit; -1 for none.
	pointer string
	cell    int
}

// tell reports what was found.
func (s *scanner) tell(found []finding) {
	for _, f := range found {
		s.report.add(f.kind, f.place, f.at, f.n)
	}
}

// compare is what of before the scrubber changed, and what its texts hold by themselves.
func (s *scanner) compare(u unit, before, after string, stats *scrub.Stats, fields []pii.Field, otlp bool) (found []finding) {
	var differences []difference
	root := spot{pointer: u.pointer, place: u.place}
	w := words{s: s, u: u}
	c := comparer{
		otlp: otlp, outer: -1,
		visit: func(d difference) { differences = append(differences, d) },
	}
	if hasText(before, mayHold) {
		c.text = func(at spot, offset int, text string) {
			if otlp { // it was written anew
				offset = -1
			}
			w.text(at, offset, text)
		}
	}
	if err := c.texts(root, before, after); err != nil {
		differences = append(differences, difference{pointer: u.pointer, place: u.place, offset: -1, whole: true})
	}
	kinds := make([]map[pii.Kind]int, len(differences))
	left := map[pii.Kind]int{} // what the scrubber counted, and no value alone shows
	for _, k := range pii.Kinds() {
		left[k] = changesOf(stats, k)
	}
	for i, d := range differences {
		kinds[i] = s.kinds(d, fieldKind(fields, u.inside(d.pointer, otlp)))
		for k := range kinds[i] {
			delete(left, k)
		}
	}
	rest := restOf(left)
	for i, d := range differences {
		if otlp { // it was written anew
			d.offset = -1
		}
		cell := u.cell(d.offset)
		place := u.named(u.place, d.place, cell)
		if place == "" {
			place = "/"
		}
		add := func(kind string, n int) {
			at := u.at(d.offset, u.named(u.pointer, d.pointer, cell))
			found = append(found, finding{kind, place, at, n, d.pointer, cell})
		}
		switch {
		case d.whole:
			add(unsearched, 1)
		case len(kinds[i]) == 0:
			add(rest.String(), 1)
		}
		for _, k := range pii.Kinds() {
			if n := kinds[i][k]; n > 0 {
				add(k.String(), n)
			}
		}
	}
	return w.and(found)
}

// inside is a pointer as the fields of a profile have it: of OTLP into the body, and
// else into the unit and through the JSON texts in it.
func (u unit) inside(pointer string, otlp bool) string {
	if otlp {
		_, inside, _ := strings.Cut(pointer, "#")
		return inside
	}
	return strings.ReplaceAll(strings.TrimPrefix(pointer, u.pointer), "#/", "/")
}

// kinds are those of a value, with how many there are: by its field, or else by
// its name and by itself. None of what is one of the record's own ids.
func (s *scanner) kinds(d difference, byField pii.Kind) map[pii.Kind]int {
	if d.whole {
		return nil
	}
	if byField != pii.None && byField != pii.Public {
		return map[pii.Kind]int{byField: 1}
	}
	ld, attrs := oneRecord()
	value := d.before
	if strings.HasSuffix(d.pointer, "/bytesValue") {
		if raw, err := base64.StdEncoding.DecodeString(value); err == nil {
			value = string(raw)
		}
	}
	attrs.PutStr(d.name, value)
	stats := s.scrubber.Logs(ld)
	kinds := map[pii.Kind]int{}
	for _, k := range pii.Kinds() {
		if n := changesOf(&stats, k); n > 0 {
			kinds[k] = n
		}
	}
	return kinds
}

// fieldKind is the kind of the field that is nearest around a place of a body.
func fieldKind(fields []pii.Field, pointer string) (kind pii.Kind) {
	tokens, err := pii.ParsePointer(pointer)
	if err != nil {
		return pii.None
	}
	longest := -1
	for _, f := range fields {
		if len(f.Path) > longest && len(f.Path) <= len(tokens) && matches(f.Path, tokens) {
			longest, kind = len(f.Path), f.Kind
		}
	}
	return kind
}

func matches(path, tokens []string) bool {
	for i, token := range path {
		if token != "*" && token != tokens[i] {
			return false
		}
	}
	return true
}

// restOf is the kind of what no value alone shows: where several are, an id,
// which is what records repeat.
func restOf(left map[pii.Kind]int) pii.Kind {
	rest := pii.Identity
	kinds := slices.DeleteFunc(pii.Kinds(), func(k pii.Kind) bool { return left[k] == 0 })
	if len(kinds) == 1 {
		rest = kinds[0]
	}
	return rest
}
