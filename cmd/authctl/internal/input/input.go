// Package input opens what authctl's commands read: files and standard input,
// compressed or not.
package input

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/progress"
)

// Stdin is the name of standard input.
const Stdin = "-"

// bufferSize is how much is read at once, and how far Peek can look.
const bufferSize = 64 << 10

// Input is what is read, unpacked. Its reads end once the context of Read is done.
type Input struct {
	*bufio.Reader
	name  string
	meter *progress.Meter
}

// Named puts the name of the input, if it has one, before an error.
func (in *Input) Named(err error) error {
	if err == nil || in.name == "" {
		return err
	}
	return fmt.Errorf("%s: %w", in.name, err)
}

// Read opens the file of that name, or takes stdin for Stdin, has it read, and closes
// it. gzip is known by its first bytes, whatever the file is called. m, nil for
// nobody, counts the bytes of the file as they stand there, and those lines that are
// read with NewLines. Errors of opening and closing name the file; what read returns
// stays as it is.
func Read(ctx context.Context, stdin io.Reader, name string, m *progress.Meter, read func(*Input) error) (err error) {
	in, raw := &Input{name: "standard input", meter: m}, stdin
	if name != Stdin {
		in.name = name
		f, failed := os.Open(name) // #nosec G304 -- the operator names the file
		if failed != nil {
			return in.Named(reason(failed))
		}
		defer func() { err = errors.Join(err, in.Named(reason(f.Close()))) }()
		if info, err := f.Stat(); err == nil && info.IsDir() {
			return in.Named(fmt.Errorf("is a directory: name the files in it, for example %s", filepath.Join(name, "*")))
		}
		raw = f
	}
	in.Reader, err = unpack(bufio.NewReaderSize(&waiting{ctx: ctx, in: raw, meter: m}, bufferSize))
	if err != nil {
		return in.Named(err)
	}
	return read(in)
}

// Name is the input of a command that takes one file, or standard input where none is
// named.
func Name(args []string) (string, error) {
	if len(args) == 0 {
		return Stdin, nil
	}
	if strings.HasPrefix(args[0], "{") { // whoever opens it would name it in an error
		return "", errors.New("the argument is a line, not the name of a file: give lines on standard input")
	}
	return args[0], nil
}

// For is Read for a command that has one input. It shows how far that was read, and
// takes this off the terminal before it returns.
func For(cmd *cobra.Command, name string, read func(*Input) error) error {
	m := Meter(cmd.ErrOrStderr(), cmd.InOrStdin(), name)
	defer m.Done()
	return Read(cmd.Context(), cmd.InOrStdin(), name, m, read)
}

// Meter shows on errOut, if that is a terminal, how far the files of these names were
// read, all together. Where somebody types the input it is nil: they know.
func Meter(errOut io.Writer, stdin io.Reader, names ...string) *progress.Meter {
	var total int64
	known := true
	for _, name := range names {
		var info fs.FileInfo
		var err error
		if name != Stdin {
			info, err = os.Stat(name)
		} else if file, ok := stdin.(*os.File); !ok {
			err = errors.New("not a file")
		} else if progress.IsTerminal(file) {
			return nil
		} else {
			info, err = file.Stat()
		}
		if err != nil || !info.Mode().IsRegular() {
			known = false // nobody knows how much comes out of a pipe
			continue
		}
		total += info.Size()
	}
	if !known {
		total = 0
	}
	return progress.New(errOut, total)
}

// reason is err without the path, which Named has.
func reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
