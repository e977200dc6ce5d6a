package main

import (
	"bytes"
	"strings"
)

// table is a Markdown table.
type table struct {
	header []string
	rows   [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) write(b *bytes.Buffer) {
	row := func(cells []string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	row(t.header)
	b.WriteString(strings.Repeat("|---", len(t.header)) + "|\n")
	for _, cells := range t.rows {
		row(cells)
	}
}

func (t *table) bytes() []byte {
	var b bytes.Buffer
	t.write(&b)
	return b.Bytes()
}

// code renders a text as code, also in a table. A text with a backtick in it
// takes two around it.
func code(s string) string {
	if s == "" {
		return ""
	}
	s = strings.ReplaceAll(s, "|", `\|`)
	if strings.Contains(s, "`") {
		return "`` " + s + " ``"
	}
	return "`" + s + "`"
}

func coded(texts []string) []string {
	out := make([]string, len(texts))
	for i, s := range texts {
		out[i] = code(s)
	}
	return out
}

func codes(texts []string) string { return strings.Join(coded(texts), ", ") }
