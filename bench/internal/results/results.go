// Package results keeps results.md, which two commands write: compare all of it
// but one section, and soak that section.
package results

import (
	"errors"
	"io/fs"
	"os"
	"strings"
)

// heading begins the soak's section. The section ends at the next heading of its
// level, or with the file.
const heading = "## Soak\n"

// Renew writes a new text, and keeps the soak's section of the old one behind it.
func Renew(path, text string) error {
	old, err := read(path)
	if err != nil {
		return err
	}
	_, section, _ := split(old)
	return write(path, text, section, "")
}

// SetSoak replaces the soak's section, or adds it at the end. The text is without
// the heading.
func SetSoak(path, text string) error {
	old, err := read(path)
	if err != nil {
		return err
	}
	before, _, after := split(old)
	return write(path, before, heading+"\n"+text, after)
}

// read returns a file's text, "" if there is none.
func read(path string) (string, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return string(text), err
}

// split cuts a text before the soak's section and behind it.
func split(text string) (before, section, after string) {
	lines := strings.SplitAfter(text, "\n")
	begin, end := len(lines), len(lines)
	for i, line := range lines {
		switch {
		case line == heading:
			begin = i
		case strings.HasPrefix(line, "## ") && i > begin && end == len(lines):
			end = i
		}
	}
	return strings.Join(lines[:begin], ""), strings.Join(lines[begin:end], ""), strings.Join(lines[end:], "")
}

// write writes what is not empty of the parts, with a blank line between them.
func write(path string, parts ...string) error {
	var texts []string
	for _, part := range parts {
		if part = strings.Trim(part, "\n"); part != "" {
			texts = append(texts, part+"\n")
		}
	}
	return os.WriteFile(path, []byte(strings.Join(texts, "\n")), 0o644)
}
