package bench

import (
	"bytes"
	_ "embed" // sample.ndjson
	"errors"
	"fmt"
	"io"
	"os"
)

// A batch is what the receiver reads at once: so many lines, or so many bytes.
const (
	batchLines = 1000
	batchBytes = 512 << 10
)

// maxSample bounds what is read of a sample, in bytes: it is in memory as long as
// it is measured.
const maxSample = 64 << 20

// builtIn is the head of both files of testdata/sample.
//
//go:embed sample.ndjson
var builtIn []byte

// Sample is the lines that are measured with.
type Sample struct {
	// Files are its files; none for the built-in sample.
	Files []string `json:"files,omitempty"`
	Lines int      `json:"lines"`
	Bytes int      `json:"bytes"`
	// Cut says that there was more than is kept in memory.
	Cut bool `json:"cut,omitempty"`
	// Batches is how many calls of the parser take it in once.
	Batches int `json:"batches"`

	batches [][]byte
}

// readSample reads the files, of which - is in, or takes the built-in sample if
// there are none. No batch holds lines of two files.
func readSample(in io.Reader, files []string) (*Sample, error) {
	s := &Sample{Files: files}
	if len(files) == 0 {
		s.add(builtIn)
	}
	for _, name := range files {
		text, err := s.read(in, name)
		if err != nil {
			return nil, fmt.Errorf("sample %s: %w: name a file of lines, - for standard input, or none for the built-in sample", name, err)
		}
		s.add(text)
	}
	s.Batches = len(s.batches)
	if s.Lines == 0 {
		return nil, fmt.Errorf("sample %v: holds no line: name a file with events of the identity provider", files)
	}
	return s, nil
}

// read reads one file, as far as there is room.
func (s *Sample) read(in io.Reader, name string) (text []byte, err error) {
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, reason(err)
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		in = f
	}
	room := maxSample - s.Bytes
	text, err = io.ReadAll(io.LimitReader(in, int64(room)+1))
	if err != nil {
		return nil, reason(err)
	}
	if len(text) > room {
		s.Cut = true
		text = text[:bytes.LastIndexByte(text[:room], '\n')+1]
	}
	return text, nil
}

// reason is err without the path, which the caller names.
func reason(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// add cuts text into batches, which are parts of it. Blank lines are no lines.
func (s *Sample) add(text []byte) {
	start, end, lines := 0, 0, 0
	flush := func() {
		if lines > 0 {
			s.batches = append(s.batches, text[start:end])
		}
		start, lines = end, 0
	}
	for line := range bytes.Lines(text) {
		if lines == batchLines || end-start+len(line) > batchBytes {
			flush()
		}
		end += len(line)
		if len(bytes.TrimSpace(line)) > 0 {
			lines++
			s.Lines++
		}
	}
	flush()
	s.Bytes += len(text)
}
