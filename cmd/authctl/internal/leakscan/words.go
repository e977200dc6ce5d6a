package leakscan

import "strings"

// words looks through the texts in a unit that are no JSON, for what only their own
// names tell: logfmt, or JSON behind other words. What tells itself is found with the
// unit.
type words struct {
	s     *scanner
	u     unit
	found []finding
}

// mayHold says whether a text in JSON is to be looked through.
func mayHold(inside string, escaped bool) bool {
	return strings.IndexByte(inside, '=') > 0 || escaped && inside[0] != '{' && strings.Contains(inside, `{\"`)
}

// text looks through a text. at is where it is, and offset where in the unit's text.
func (w *words) text(at spot, offset int, text string) {
	head, tail := text, jsonTail(text)
	if tail >= 0 {
		head = text[:tail]
	}
	pairs := pairsIn(head)
	if tail < 0 && len(pairs) == 0 {
		return
	}
	// Of both, no more is known than where the text is.
	where, i := w.u.at(offset, ""), w.u.cell(offset)
	u := unit{
		file: w.u.file, line: where.Line,
		pointer: w.u.named(w.u.pointer, at.pointer, i) + "#",
		place:   w.u.named(w.u.place, at.place, i) + "#",
	}
	if tail >= 0 {
		u.text, u.cells = text[tail:], []cell{{line: where.Line, column: where.Column}}
		w.add(w.s.object(u), at)
	}
	var c composer
	for _, p := range pairs {
		c.add(p.key, p.value, where.Line, where.Column)
	}
	w.add(w.s.composed(&c, u), at)
}

// add keeps findings, each as one of the text that it is in.
func (w *words) add(found []finding, text spot) {
	for _, f := range found {
		f.pointer = text.pointer
		w.found = append(w.found, f)
	}
}

// and is what was found in the texts and in the whole unit, each once.
func (w *words) and(found []finding) []finding {
	type kindIn struct{ pointer, kind string }
	known := map[kindIn]int{}
	for _, f := range w.found {
		known[kindIn{f.pointer, f.kind}] += f.n
	}
	all := w.found
	for _, f := range found {
		key := kindIn{f.pointer, f.kind}
		both := min(known[key], f.n)
		known[key] -= both
		if f.n -= both; f.n > 0 {
			all = append(all, f)
		}
	}
	return all
}
