package input

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Line is a line of an input.
type Line struct {
	// Text is without the line's end, and valid until the next is read. Of a line that
	// is longer than what the reader may hold it is the beginning, and Cut is set.
	Text []byte
	Cut  bool
	// Number is from 1, Offset in bytes of what was unpacked.
	Number, Offset int64
}

// Lines reads one line after another. However long these are, it holds no more than
// most bytes of one.
type Lines struct {
	in     *Input
	most   int
	text   []byte // lent to who reads the line, and used again for the next
	number int64
	offset int64
}

// NewLines reads the lines of in, and counts them with its meter if in is an Input.
func NewLines(in io.Reader, most int) *Lines {
	opened, ok := in.(*Input)
	if !ok {
		opened = &Input{Reader: bufio.NewReaderSize(in, bufferSize)}
	}
	return &Lines{in: opened, most: most}
}

// Next returns the next line, the last one also if it has no end, and then io.EOF. Any
// other error names the input and the line.
func (l *Lines) Next() (Line, error) {
	line := Line{Number: l.number + 1, Offset: l.offset}
	l.text = l.text[:0]
	size, length, carriage := 0, 0, false
	for {
		part, err := l.in.ReadSlice('\n')
		size += len(part)
		if part = bytes.TrimSuffix(part, []byte("\n")); len(part) > 0 {
			length += len(part)
			carriage = part[len(part)-1] == '\r'
			l.text = append(l.text, part[:min(len(part), l.most+1-len(l.text))]...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err == nil || errors.Is(err, io.EOF) && size > 0:
		case errors.Is(err, io.EOF):
			return Line{}, io.EOF
		default:
			return Line{}, l.At(line.Number, err)
		}
		break
	}
	if carriage {
		length--
	}
	l.number++
	l.offset += int64(size)
	l.in.meter.Line()
	line.Cut = length > l.most
	line.Text = l.text[:min(length, l.most)]
	return line, nil
}

// Whole is Next, but that a line that would be cut is an error.
func (l *Lines) Whole() (Line, error) {
	line, err := l.Next()
	if err == nil && line.Cut {
		return Line{}, l.At(line.Number, fmt.Errorf("is longer than %d bytes: take it out, or break it up", l.most))
	}
	return line, err
}

// At is an error about the line of that number.
func (l *Lines) At(number int64, err error) error {
	return l.in.Named(fmt.Errorf("line %d: %w", number, err))
}
