package input

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/progress"
)

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.String()
}

func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// text reads all of an input.
func text(t *testing.T, stdin, name string) (string, error) {
	t.Helper()
	var out []byte
	err := Read(t.Context(), strings.NewReader(stdin), name, nil, func(in *Input) (err error) {
		out, err = io.ReadAll(in)
		return in.Named(err)
	})
	return string(out), err
}

// TestUnpacks: by what is in a file, not by what it is called; also several parts, as
// who appends to a .gz writes them.
func TestUnpacks(t *testing.T) {
	for name, tc := range map[string]struct{ content, want string }{
		"plain":          {"a\nb\n", "a\nb\n"},
		"plain.gz":       {"a\nb\n", "a\nb\n"},
		"gzip":           {gzipped(t, "a\nb\n"), "a\nb\n"},
		"parts.gz":       {gzipped(t, "a\n") + gzipped(t, "b\n"), "a\nb\n"},
		"empty":          {"", ""},
		"empty.gz":       {gzipped(t, ""), ""},
		"one byte":       {"\n", "\n"},
		"gzip in gzip":   {gzipped(t, gzipped(t, "a")), gzipped(t, "a")},
		"begins alike":   {"\x1fab", "\x1fab"},
		"only the first": {"\x1f", "\x1f"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := text(t, "", file(t, name, tc.content))
			require.NoError(t, err)
			assert.Equal(t, tc.want, got)
			got, err = text(t, tc.content, Stdin)
			require.NoError(t, err)
			assert.Equal(t, tc.want, got)
		})
	}
}

// TestErrors: each names the file, the reason and the remedy, and nothing twice.
func TestErrors(t *testing.T) {
	long := gzipped(t, strings.Repeat("some text\n", 1000))
	for name, tc := range map[string]struct{ content, want string }{
		"cut":    {long[:len(long)-9], "unpacking its gzip data: unexpected EOF: if the file is cut off or damaged, take another copy of it"},
		"sum":    {long[:len(long)-8] + "12345678", "unpacking its gzip data: gzip: invalid checksum: if"},
		"header": {"\x1f\x8bxxxxxxxxxxxxxxxxxxxx", "unpacking its gzip data: gzip: invalid header: if"},
		"utf-16": {"\xff\xfea\x00", "is UTF-16: convert it to UTF-8"},
		"UTF-16": {"\xfe\xff\x00a", "is UTF-16: convert it to UTF-8"},
		"zipped": {gzipped(t, "\xff\xfea\x00"), "is UTF-16: convert it to UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			path := file(t, name, tc.content)
			_, err := text(t, "", path)
			require.ErrorContains(t, err, path+": "+tc.want)
			_, err = text(t, tc.content, Stdin)
			require.ErrorContains(t, err, "standard input: "+tc.want)
		})
	}
	_, err := text(t, "", filepath.Join(t.TempDir(), "none"))
	require.ErrorIs(t, err, fs.ErrNotExist)
	assert.Equal(t, 1, strings.Count(err.Error(), "none"), err)
	dir := t.TempDir()
	_, err = text(t, "", dir)
	require.EqualError(t, err, dir+": is a directory: name the files in it, for example "+filepath.Join(dir, "*"))
}

// TestReadersError: what is wrong need not be the file.
func TestReadersError(t *testing.T) {
	path, mine := file(t, "x", "a"), errors.New("mine")
	err := Read(t.Context(), nil, path, nil, func(*Input) error { return mine })
	require.ErrorIs(t, err, mine)
	require.EqualError(t, err, "mine")
	err = Read(t.Context(), strings.NewReader("abc"), Stdin, nil, func(in *Input) error {
		_, err := NewLines(in, 2).Whole()
		return err
	})
	require.EqualError(t, err, "standard input: line 1: is longer than 2 bytes: take it out, or break it up")
}

// TestCancelled: who waits for a line that does not come is let go.
func TestCancelled(t *testing.T) {
	stdin, writer := io.Pipe() // nobody writes
	ctx, stop := context.WithCancel(t.Context())
	reads := make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		ended <- Read(ctx, notifying{stdin, reads}, Stdin, nil, func(in *Input) error {
			_, err := in.ReadByte()
			return err
		})
	}()
	<-reads
	stop()
	select {
	case err := <-ended:
		require.ErrorIs(t, err, context.Canceled)
	case <-time.After(10 * time.Second):
		t.Error("is still reading")
	}
	require.NoError(t, writer.Close()) // lets the read that was left behind end
}

// notifying tells when it is read from.
type notifying struct {
	io.Reader
	reads chan struct{}
}

func (n notifying) Read(p []byte) (int, error) {
	close(n.reads)
	return n.Reader.Read(p)
}

// TestCancelledBetween: nothing is read any more, though there is more.
func TestCancelledBetween(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	lines := 0
	err := Read(ctx, strings.NewReader(strings.Repeat("a line\n", 100_000)), Stdin, nil, func(in *Input) error {
		for l := NewLines(in, 100); ; lines++ {
			if _, err := l.Next(); err != nil {
				return err
			}
			stop()
		}
	})
	require.ErrorIs(t, err, context.Canceled)
	assert.Less(t, lines, 20_000, "no more than what was read by then")
}

// terminalEnd ends once, and would go on: as a terminal does behind ^D.
type terminalEnd struct{ reads int }

func (e *terminalEnd) Read(p []byte) (int, error) {
	if e.reads++; e.reads == 2 {
		return copy(p, "more"), nil
	}
	return 0, io.EOF
}

func TestEndStays(t *testing.T) {
	in := &terminalEnd{}
	err := Read(t.Context(), in, Stdin, nil, func(in *Input) error {
		for range 3 {
			got, err := io.ReadAll(in)
			assert.Empty(t, got)
			assert.NoError(t, err)
		}
		return nil
	})
	require.NoError(t, err)
	assert.Equal(t, 1, in.reads)
}

// oneByOne gives a byte at a time, and counts the reads.
type oneByOne struct {
	text  string
	reads int
}

func (o *oneByOne) Read(p []byte) (int, error) {
	if o.reads++; o.reads > len(o.text) {
		return 0, io.EOF
	}
	p[0] = o.text[o.reads-1]
	return 1, nil
}

// TestTyped: an empty line that somebody types is there at once.
func TestTyped(t *testing.T) {
	in := &oneByOne{text: "\n\n"}
	err := Read(t.Context(), in, Stdin, nil, func(opened *Input) error {
		_, err := NewLines(opened, 10).Next()
		assert.Equal(t, 1, in.reads, "waits for more than the line")
		return err
	})
	require.NoError(t, err)
}

// TestCountsTheFile: of a compressed one the bytes are its own, so that the share of
// its size is right; the lines are those that are in it.
func TestCountsTheFile(t *testing.T) {
	content := gzipped(t, strings.Repeat("some text\n", 1000))
	m := progress.New(io.Discard, 0)
	err := Read(t.Context(), strings.NewReader(content), Stdin, m, func(in *Input) error {
		for l := NewLines(in, 100); ; {
			if _, err := l.Next(); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
		}
	})
	require.NoError(t, err)
	lines, bytes, _ := m.Counts()
	assert.EqualValues(t, 1000, lines)
	assert.EqualValues(t, len(content), bytes)
}

// TestMeter: the sizes of all, where all have one.
func TestMeter(t *testing.T) {
	a, b := file(t, "a", "12345"), file(t, "b", "123")
	stdin, err := os.Open(b)
	require.NoError(t, err)
	defer func() { require.NoError(t, stdin.Close()) }()
	pipe, writer, err := os.Pipe()
	require.NoError(t, err)
	defer func() { require.NoError(t, errors.Join(pipe.Close(), writer.Close())) }()
	for want, names := range map[int64][]string{5: {a}, 8: {a, b}, 11: {a, b, Stdin}} {
		_, _, total := Meter(io.Discard, stdin, names...).Counts()
		assert.Equal(t, want, total, names)
	}
	for _, in := range []io.Reader{pipe, strings.NewReader("x")} {
		_, _, total := Meter(io.Discard, in, a, Stdin).Counts()
		assert.Zero(t, total, "how much comes is not known")
	}
	_, _, total := Meter(io.Discard, nil, a, filepath.Join(t.TempDir(), "none")).Counts()
	assert.Zero(t, total)
	device, err := os.Open("/dev/zero") // a device, as a terminal is one
	require.NoError(t, err)
	assert.Nil(t, Meter(io.Discard, device, Stdin), "who types sees how far they are")
	require.NoError(t, device.Close())
}

func TestFor(t *testing.T) {
	cmd := &cobra.Command{RunE: func(cmd *cobra.Command, _ []string) error {
		return For(cmd, Stdin, func(in *Input) error {
			line, err := NewLines(in, 10).Next()
			assert.Equal(t, "a line", string(line.Text))
			return err
		})
	}}
	var errOut bytes.Buffer
	cmd.SetIn(strings.NewReader(gzipped(t, "a line\n")))
	cmd.SetErr(&errOut)
	cmd.SetArgs(nil)
	require.NoError(t, cmd.ExecuteContext(t.Context()))
	assert.Empty(t, errOut.String())
}
