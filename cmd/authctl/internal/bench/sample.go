package bench

import (
	"bytes"
	"context"
	_ "embed" // sample.ndjson
	"fmt"
	"io"
	"strings"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/input"
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
func readSample(ctx context.Context, in io.Reader, files []string) (*Sample, error) {
	s := &Sample{Files: files}
	if len(files) == 0 {
		s.add(builtIn)
	}
	for _, name := range files {
		err := input.Read(ctx, in, name, nil, func(in *input.Input) error { return in.Named(s.read(in)) })
		if err != nil {
			return nil, fmt.Errorf("sample %w: name a file of lines, - for standard input, or none for the built-in sample", err)
		}
	}
	s.Batches = len(s.batches)
	if s.Lines == 0 {
		return nil, fmt.Errorf("sample %s: holds no line: name a file with events of the identity provider", strings.Join(files, ", "))
	}
	return s, nil
}

// read reads one file, unpacked, as far as there is room.
func (s *Sample) read(in io.Reader) error {
	room := maxSample - s.Bytes
	text, err := io.ReadAll(io.LimitReader(in, int64(room)+1))
	if err != nil {
		return err
	}
	if len(text) > room {
		s.Cut = true
		text = text[:bytes.LastIndexByte(text[:room], '\n')+1]
	}
	s.add(text)
	return nil
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
