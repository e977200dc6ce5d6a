// Package output is what authctl's commands print alike.
package output

import (
	"encoding/json"
	"errors"
	"io"
)

// ErrFound is the error of a command that looks for something and has found it. It
// says so on standard output itself.
var ErrFound = errors.New("found")

// JSON writes v with indents, and leaves <, > and & as they are.
func JSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
