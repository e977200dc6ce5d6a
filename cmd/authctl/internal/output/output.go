// Package output is what authctl's commands print alike.
package output

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// ErrFound is the error of a command that looks for something and has found it. It
// says so on standard output itself.
var ErrFound = errors.New("found")

// JSON writes v with indents, and leaves <, > and & as they are. What a terminal obeys
// is escaped.
func JSON(w io.Writer, v any) error { return encode(w, v, "  ") }

// JSONLine is JSON on one line.
func JSONLine(w io.Writer, v any) error { return encode(w, v, "") }

func encode(w io.Writer, v any, indent string) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(Escaped(b.Bytes()))
	return err
}
