// Package sample reads samples of events: their lines, and the fields of each.
package sample

import (
	"bufio"
	"errors"
	"fmt"
	"io"

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
	r := bufio.NewReaderSize(in, 64<<10)
	u := wrapper.New(wrapper.Auto, maxLine)
	var out []wrapper.Line
	var text []byte
	var offset int64
	each := func() error {
		for _, l := range out {
			line := authevent.Line{Text: l.Text, Offset: l.Offset, Index: l.Index, Time: l.Time, Truncated: l.Truncated}
			if err := visit(line); err != nil {
				return err
			}
		}
		out = out[:0]
		u.Release()
		return nil
	}
	for {
		var size int64
		var cut bool
		var err error
		text, size, cut, err = readLine(r, text[:0])
		if size > 0 {
			out = u.Add(out, text, offset, cut)
			offset += size
			if err := each(); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			out = u.Flush(out)
			return each()
		}
		if err != nil {
			return fmt.Errorf("the sample: %w", err)
		}
	}
}

// readLine appends the next line to dst, without its end and no more than maxLine
// bytes of it. size is what it took of r.
func readLine(r *bufio.Reader, dst []byte) (line []byte, size int64, cut bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		size += int64(len(part))
		if n := len(part); n > 0 && part[n-1] == '\n' {
			part = part[:n-1]
		}
		if room := maxLine - len(dst); len(part) > room {
			part, cut = part[:room], true
		}
		dst = append(dst, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			if n := len(dst); n > 0 && dst[n-1] == '\r' {
				dst = dst[:n-1]
			}
			return dst, size, cut, err
		}
	}
}
