package explain

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// lineReader reads one line after another, and of a line that is too long its
// beginning: however long lines are, no more than that is held.
type lineReader struct {
	in   *bufio.Reader
	most int
	line []byte
}

func newLineReader(in io.Reader, most int) *lineReader {
	return &lineReader{in: bufio.NewReaderSize(in, 64<<10), most: most}
}

// next returns the next line without its end, and how many bytes it had with it.
// Of a line of more than most bytes there is one byte more than that, so that it is
// seen to be cut. The line is valid until the next call.
func (r *lineReader) next() (line []byte, size int, err error) {
	r.line = r.line[:0]
	for {
		part, err := r.in.ReadSlice('\n')
		size += len(part)
		r.line = append(r.line, part[:min(len(part), r.most+2-len(r.line))]...)
		switch {
		case err == nil || errors.Is(err, io.EOF) && size > 0:
			line = bytes.TrimSuffix(bytes.TrimSuffix(r.line, []byte("\n")), []byte("\r"))
			return line[:min(len(line), r.most+1)], size, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, 0, err
		}
	}
}
