package tail

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// drain reads r to its end.
func drain(t *testing.T, r io.Reader, maxSize int) (*sink, error) {
	t.Helper()
	var s sink
	end := make(chan error, 1)
	stream := NewStream(r, maxSize, s.handle, func(err error) { end <- err })
	stream.Start()
	var err error
	select {
	case err = <-end:
	case <-time.After(30 * time.Second):
		require.Fail(t, "no end")
	}
	require.NoError(t, stream.Shutdown(t.Context()))
	require.NoError(t, stream.Shutdown(t.Context()))
	return &s, err
}

func TestStreamLines(t *testing.T) {
	text := "one\r\n\ntwo\r\n\xff\nlast"
	for name, r := range map[string]io.Reader{
		"at once":       strings.NewReader(text),
		"byte by byte":  iotest.OneByteReader(strings.NewReader(text)),
		"end with data": iotest.DataErrReader(strings.NewReader(text)),
	} {
		t.Run(name, func(t *testing.T) {
			s, err := drain(t, r, MinLineSize)
			require.NoError(t, err)
			origin := s.lines[0].origin
			assert.NotZero(t, origin.ID)
			assert.Equal(t, []line{
				{"one", 0, false, origin}, {"", 5, false, origin}, {"two", 6, false, origin},
				{"\xff", 11, false, origin}, {"last", 13, false, origin},
			}, s.lines)
			assert.EqualValues(t, len(text), s.bytes)
			assert.Equal(t, []Origin{origin}, s.ended())
		})
	}
}

func TestStreamEmpty(t *testing.T) {
	s, err := drain(t, strings.NewReader(""), MinLineSize)
	require.NoError(t, err)
	assert.Equal(t, 1, s.calls, "the end")
	assert.Len(t, s.ended(), 1)
}

func TestStreamReadError(t *testing.T) {
	broken := errors.New("broken")
	s, err := drain(t, io.MultiReader(strings.NewReader("one\ntwo"), iotest.ErrReader(broken)), MinLineSize)
	require.ErrorIs(t, err, broken)
	assert.Equal(t, []string{"one", "two"}, s.texts())
}

// Lines of all lengths around the maximum and the chunk's size come out as a
// plain split of the whole says.
func TestStreamAgainstSplit(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		var text bytes.Buffer
		for range 200 {
			size := random.IntN(3 * MinLineSize)
			if random.IntN(3) > 0 {
				size = MinLineSize - 3 + random.IntN(7)
			}
			text.WriteString(strings.Repeat("x", size))
			text.WriteString([]string{"\n", "\r\n"}[random.IntN(2)])
		}
		text.WriteString("last")
		var want []line
		var offset int64
		for _, l := range bytes.SplitAfter(text.Bytes(), []byte{'\n'}) {
			cut, truncated := TrimEnd(l, MinLineSize)
			want = append(want, line{text: string(cut), offset: offset, truncated: truncated})
			offset += int64(len(l))
		}
		s, err := drain(t, iotest.HalfReader(bytes.NewReader(text.Bytes())), MinLineSize)
		require.NoError(t, err)
		for i := range s.lines {
			s.lines[i].origin = Origin{}
		}
		require.Equal(t, want, s.lines)
		require.EqualValues(t, text.Len(), s.bytes)
	}
}

func TestStreamLongLine(t *testing.T) {
	s, err := drain(t, strings.NewReader("before\n"+strings.Repeat("x", 3<<20)+"\nafter\n"), 1<<20)
	require.NoError(t, err)
	require.Len(t, s.lines, 3)
	assert.True(t, s.lines[1].truncated)
	assert.Len(t, s.lines[1].text, 1<<20)
	assert.Equal(t, "after", s.lines[2].text)
}

func TestStreamCallsAreBounded(t *testing.T) {
	s, err := drain(t, strings.NewReader(strings.Repeat("\n", 2*maxStreamLines+1)), MinLineSize)
	require.NoError(t, err)
	assert.Len(t, s.lines, 2*maxStreamLines+1)
	assert.Equal(t, 4, s.calls, "the last is the end")
}

// The lines of one read are handed over without waiting for more, and Shutdown
// does not wait for the read that blocks.
func TestStreamShutdownDuringRead(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	t.Cleanup(func() { _, _ = r.Close(), w.Close() })
	var s sink
	stream := NewStream(r, MinLineSize, s.handle, func(error) { t.Error("no end was reached") })
	stream.Start()
	_, err = w.WriteString("one\ntwo\nhal")
	require.NoError(t, err)
	require.Eventually(t, func() bool { return len(s.taken()) == 2 }, patience, time.Millisecond)
	require.NoError(t, stream.Shutdown(t.Context()))
	assert.Equal(t, []string{"one", "two"}, s.texts())
	assert.Len(t, s.ended(), 1, "a handler lets go at shutdown as well")
}

// blocked is a reader that nothing interrupts.
type blocked struct{ release chan struct{} }

func (b blocked) Read([]byte) (int, error) {
	<-b.release
	return 0, io.EOF
}

func TestStreamShutdownWithoutDeadlines(t *testing.T) {
	b := blocked{make(chan struct{})}
	stream := NewStream(b, MinLineSize, refuse, func(error) { t.Error("no end was reached") })
	stream.Start()
	require.NoError(t, stream.Shutdown(t.Context()))
	close(b.release)
}

// What was read when shutdown comes is still handed over.
func TestStreamShutdownDrains(t *testing.T) {
	r, w := io.Pipe()
	t.Cleanup(func() { _ = w.Close() })
	var s sink
	entered := make(chan struct{}, 10)
	stream := NewStream(r, MinLineSize, func(ctx context.Context, l *Lines) error {
		entered <- struct{}{}
		<-ctx.Done()
		return s.handle(ctx, l)
	}, func(error) { t.Error("no end was reached") })
	stream.Start()
	_, err := w.Write([]byte("one\n"))
	require.NoError(t, err)
	<-entered
	_, err = w.Write([]byte("two\n{\"n\":3}")) // read: Write returns once it is
	require.NoError(t, err)
	require.Eventually(t, func() bool { return len(stream.chunks) == 1 }, patience, time.Millisecond)
	require.NoError(t, stream.Shutdown(t.Context()))
	assert.Equal(t, []string{"one", "two", `{"n":3}`}, s.texts())
}

func TestStreamRefused(t *testing.T) {
	calls := 0
	entered := make(chan struct{}, 10)
	stream := NewStream(strings.NewReader("one\ntwo"), MinLineSize, func(ctx context.Context, l *Lines) error {
		calls++
		entered <- struct{}{}
		return refuse(ctx, l)
	}, func(error) { t.Error("not all was taken") })
	stream.Start()
	<-entered
	require.NoError(t, stream.Shutdown(t.Context()))
	assert.Equal(t, 1, calls)
}

// A handler that does not heed its ctx, as one that writes to a pipe which
// nobody reads, holds Shutdown up no longer than that may last.
func TestStreamShutdownAbandonsHandler(t *testing.T) {
	h := newStuck()
	stream := NewStream(strings.NewReader(strings.Repeat("\n", 2*maxStreamLines)), MinLineSize, h.handle,
		func(error) { t.Error("not all was taken") })
	stream.Start()
	h.abandon(t, stream.Shutdown)
	<-stream.worked
	assert.EqualValues(t, 1, h.calls.Load(), "what it hands on to may be gone")
}
