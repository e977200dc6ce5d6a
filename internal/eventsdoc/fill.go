package main

import (
	"bytes"
	"fmt"
)

// section is a generated part of a page that is written by hand. It stands
// between two comments, which stay.
type section struct {
	name string
	text []byte
}

// fill puts the sections in the place of what the page has between their marks.
func fill(page []byte, sections []section) ([]byte, error) {
	for _, s := range sections {
		begin := fmt.Appendf(nil, "<!-- %s: written by go generate ./internal/eventsdoc -->\n", s.name)
		end := fmt.Appendf(nil, "<!-- end of %s -->\n", s.name)
		before, rest, found := bytes.Cut(page, begin)
		_, after, closed := bytes.Cut(rest, end)
		if !found || !closed {
			return nil, fmt.Errorf("the marks of %q are missing: the page needs the lines %q and %q", s.name, begin, end)
		}
		page = bytes.Join([][]byte{before, begin, []byte("\n"), s.text, []byte("\n"), end, after}, nil)
	}
	return page, nil
}
