// Package sample reads samples of events: their lines, and the fields of each.
package sample

import (
	"errors"
	"io"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/input"
	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/wrapper"
)

// maxLine is the receiver's max_line_size by default. Longer lines are cut, and
// are then no events.
const maxLine = 1 << 20

// Lines calls visit with each line of in, taken out of what wraps it as the
// receiver does. A line's text is valid during the call. It stops at the first
// error of visit, and returns that as it is.
func Lines(in io.Reader, visit func(authevent.Line) error) error {
	lines := input.NewLines(in, maxLine)
	u := wrapper.New(wrapper.Auto, maxLine)
	var out []wrapper.Line
	for {
		line, err := lines.Next()
		ended := errors.Is(err, io.EOF)
		switch {
		case ended:
			out = u.Flush(out[:0])
		case err != nil:
			return err
		default:
			out = u.Add(out[:0], line.Text, line.Offset, line.Cut)
		}
		for _, l := range out {
			err := visit(authevent.Line{Text: l.Text, Offset: l.Offset, Index: l.Index, Time: l.Time, Truncated: l.Truncated})
			if err != nil {
				return err
			}
		}
		u.Release()
		if ended {
			return nil
		}
	}
}
