package leakscan

import (
	"bytes"
	"sort"
	"strings"
)

// unit is what is looked at at once: a line, a record of a table, or a part of a
// document.
type unit struct {
	file string
	// line counts from 1; 0 in a document.
	line int
	// column is where text begins in the line, in bytes, from 0.
	column int
	// pointer is where text stands in its document, and place the same without
	// indexes.
	pointer, place string
	text           string
	// json says that text is a JSON object or array.
	json bool
	// cells say where in the file the members of a text stand that was composed
	// here. In their order.
	cells []cell
}

// cell is a member of a composed text.
type cell struct {
	// offset is where its name begins in the text.
	offset int
	// line and column are where its value stands, both from 1.
	line, column int
	// name is what the file calls it, and as what it is called in the text.
	name, as string
}

// cell is the index of the one that an offset of the text is in; -1 of none.
func (u unit) cell(offset int) int {
	return sort.Search(len(u.cells), func(i int) bool { return u.cells[i].offset > offset }) - 1
}

// at is where something stands in the file. An offset of -1 is nowhere.
func (u unit) at(offset int, pointer string) Location {
	l := Location{File: u.file, Line: u.line, Pointer: pointer}
	switch i := u.cell(offset); {
	case u.line == 0 || offset < 0:
	case i >= 0:
		l.Line, l.Column = u.cells[i].line, u.cells[i].column
	default:
		l.Column = u.column + offset + 1
	}
	return l
}

// named is a pointer or place below root with the name that the file has.
func (u unit) named(root, pointer string, cell int) string {
	if cell < 0 || u.cells[cell].as == u.cells[cell].name {
		return pointer
	}
	rest, ok := strings.CutPrefix(pointer, root+"/"+escaper.Replace(u.cells[cell].as))
	if !ok { // a name that held something is another one here
		return pointer
	}
	return root + "/" + escaper.Replace(u.cells[cell].name) + rest
}

// bom is the byte-order mark of UTF-8, which Windows' tools write.
const bom = "\xEF\xBB\xBF"

// trimmed is a line without the byte-order mark and the white space around it,
// and how much stood before.
func trimmed(line []byte) (text []byte, before int) {
	text = bytes.TrimPrefix(line, []byte(bom))
	text = bytes.TrimLeft(text, " \t\r\n")
	before = len(line) - len(text)
	return bytes.TrimRight(text, " \t\r\n"), before
}
