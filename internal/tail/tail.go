// Package tail gives the lines of files and streams, and is told when they are
// taken.
//
// A line ends at "\n"; the "\n", and a "\r" before it, are no part of it. Bytes
// are handed on as they are: what is no UTF-8, or a byte-order mark, is the
// handler's business.
package tail

import (
	"bytes"
	"context"
	"errors"
)

// errAbandoned says that Shutdown did not wait for a handler's call to return.
var errAbandoned = errors.New("lines are still being handed on, and do not count as taken")

// Origin is where lines come from.
type Origin struct {
	// ID tells inputs apart, also files that stand under one path one after the
	// other. Together with a line's offset it identifies the line: lines that are
	// read again after a restart have the same ID and offset as before.
	ID uint64
	// Name and Path of the file, as it was found last; both are "" for a stream.
	Name, Path string
}

// Line is one line.
type Line struct {
	// Text is the line without its end.
	Text []byte
	// Offset of the line's first byte in the input, decompressed.
	Offset int64
	// Truncated says that the line was longer than the maximum, and that Text is
	// its beginning. The rest is never handed out.
	Truncated bool
}

// Lines are consecutive lines of one input. The struct and the slice are valid
// only until the handler returns, and so are the texts, unless they are Lasting.
type Lines struct {
	Origin Origin
	// Lines may be empty, where all that was read is the rest of a long line.
	Lines []Line
	// Bytes is how much of the input the lines span: with line ends, and with
	// what was cut off or held nothing.
	Bytes int64
	// Lasting says that the memory of the texts is never written to again, so that
	// the handler may keep parts of them without a copy. What it keeps of one line
	// keeps up to bufferSize of the lines around it, or one very long line.
	Lasting bool
	// End says that nothing of this input follows: a compressed file read to its
	// end, a file that was truncated, one that was deleted or rotated out of the
	// patterns and read to its end, a stream at its end or shut down. Lines may
	// be empty. The handler lets go of what it kept.
	End bool

	holding bool
	held    int64
}

// Hold says that the handler keeps the line that begins at offset, and what
// follows it, because the lines that complete it have not come (a CRI log splits
// long lines). offset is that of a line of this call, or of one that an earlier
// call held. The position that is saved stays in front of it until a later call
// does not hold it. Of several calls the least offset counts. It has no effect
// where End is set, nor on a stream.
func (l *Lines) Hold(offset int64) {
	if !l.holding || offset < l.held {
		l.holding, l.held = true, offset
	}
}

// Held returns the least offset that the handler holds, for who hands out lines.
func (l *Lines) Held() (offset int64, held bool) { return l.held, l.holding }

// Opener returns the handler for the lines of one input. It is called when
// reading of that input (that generation of a file) begins; the handler may keep
// state between its calls, and is dropped after the call with End set. Calls may
// overlap.
type Opener func(Origin) Handler

// Handler takes lines. It blocks until they are taken; nil acknowledges them.
// An error means that they are not taken: the position stays in front of them,
// nothing further of that input is handed out before them, and they are read
// again, at the next poll or after a restart. So a handler tries again by
// itself, and gives up only when ctx is done. A call that has not returned when
// Shutdown's own ctx is done is abandoned. Calls for one input follow each other;
// calls for several may overlap.
type Handler func(ctx context.Context, l *Lines) error

// TrimEnd takes the line end off, if there is one, and cuts what is longer than
// maxSize. text is a part of line.
func TrimEnd(line []byte, maxSize int) (text []byte, truncated bool) {
	if n := len(line); n > 0 && line[n-1] == '\n' {
		line = bytes.TrimSuffix(line[:n-1], []byte{'\r'})
	}
	if len(line) > maxSize {
		return line[:maxSize], true
	}
	return line, false
}
