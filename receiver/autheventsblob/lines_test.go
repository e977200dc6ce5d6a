package autheventsblob

import (
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/tail"
)

type line struct {
	text      string
	offset    int64
	truncated bool
}

// readLines reads r to its end, and checks that bytes and offsets add up.
func readLines(t testing.TB, r io.Reader, from int64, maxLineSize int) ([]line, error) {
	t.Helper()
	lr := newLineReader(r, from, maxLineSize)
	defer lr.close()
	var lines []line
	var l tail.Lines
	offset := from
	for {
		err := lr.next(&l)
		for _, x := range l.Lines {
			lines = append(lines, line{string(x.Text), x.Offset, x.Truncated})
		}
		offset += l.Bytes
		require.Equal(t, lr.offset, offset)
		require.LessOrEqual(t, len(l.Lines), maxCallLines)
		require.LessOrEqual(t, len(lr.buf), max(readSize, maxLineSize+lineEnd))
		if err != nil {
			return lines, err
		}
		require.NotEmpty(t, l.Lines)
	}
}

func TestLines(t *testing.T) {
	const most = 1024
	x := func(n int) string { return strings.Repeat("x", n) }
	for name, test := range map[string]struct {
		text string
		want []line
	}{
		"nothing":             {"", nil},
		"one":                 {"a\n", []line{{"a", 0, false}}},
		"without an end":      {"a\nb", []line{{"a", 0, false}, {"b", 2, false}}},
		"CRLF":                {"a\r\nb\r\n", []line{{"a", 0, false}, {"b", 3, false}}},
		"empty":               {"\n\r\na", []line{{"", 0, false}, {"", 1, false}, {"a", 3, false}}},
		"a CR inside":         {"a\rb\n", []line{{"a\rb", 0, false}}},
		"the maximum":         {x(most) + "\r\nb\n", []line{{x(most), 0, false}, {"b", most + 2, false}}},
		"one more":            {x(most+1) + "\nb\n", []line{{x(most), 0, true}, {"b", most + 2, false}}},
		"long":                {x(readSize) + "\nb\n", []line{{x(most), 0, true}, {"b", readSize + 1, false}}},
		"very long":           {x(3*readSize) + "\r\nb", []line{{x(most), 0, true}, {"b", 3*readSize + 2, false}}},
		"long without an end": {"a\n" + x(3*readSize), []line{{"a", 0, false}, {x(most), 2, true}}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, r := range []io.Reader{strings.NewReader(test.text), iotest.DataErrReader(iotest.HalfReader(strings.NewReader(test.text)))} {
				lines, err := readLines(t, r, 0, most)
				require.ErrorIs(t, err, io.EOF)
				assert.Equal(t, test.want, lines)
			}
		})
	}
}

func TestLinesLongerThanBuffer(t *testing.T) {
	long := strings.Repeat("x", 3*readSize)
	lines, err := readLines(t, strings.NewReader("a\n"+long+"\nb\n"+long+"xx"), 7, len(long))
	require.ErrorIs(t, err, io.EOF)
	end := int64(7 + 2 + len(long) + 1 + 2)
	assert.Equal(t, []line{{"a", 7, false}, {long, 9, false}, {"b", end - 2, false}, {long, end, true}}, lines)
}

// An error comes after the lines that were whole before it, and instead of the
// one that it cut.
func TestLinesError(t *testing.T) {
	broken := errors.New("broken")
	for _, text := range []string{"a\nb\nc", "a\nb\n", "a\nb\n" + strings.Repeat("c", 2*readSize)} {
		lines, err := readLines(t, io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken)), 0, 1024)
		require.ErrorIs(t, err, broken)
		assert.Equal(t, []line{{"a", 0, false}, {"b", 2, false}}, lines)
	}
}

// Whatever the sizes of lines and of reads, lines are those of a split, and
// reading from any line's offset on gives the rest.
func FuzzLines(f *testing.F) {
	f.Add("a\nb\r\n\nc", uint64(1))
	f.Add(strings.Repeat("x", 3000)+"\n"+strings.Repeat("y\n", 3000), uint64(2))
	f.Add(strings.Repeat("z", readSize+1030)+"\r\nq", uint64(3))
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		const most = 1024
		var want []line
		offset := int64(0)
		for part := range strings.SplitAfterSeq(text, "\n") {
			if part == "" {
				continue
			}
			body, ended := strings.CutSuffix(part, "\n")
			if ended {
				body = strings.TrimSuffix(body, "\r")
			}
			want = append(want, line{body[:min(len(body), most)], offset, len(body) > most})
			offset += int64(len(part))
		}
		random := rand.New(rand.NewPCG(seed, 0))
		got, err := readLines(t, &randomReader{strings.NewReader(text), random}, 0, most)
		require.ErrorIs(t, err, io.EOF)
		require.Equal(t, want, got)
		if len(want) > 0 {
			i := random.IntN(len(want))
			rest, err := readLines(t, strings.NewReader(text[want[i].offset:]), want[i].offset, most)
			require.ErrorIs(t, err, io.EOF)
			require.Equal(t, want[i:], rest)
		}
	})
}

// randomReader reads less than it is asked for.
type randomReader struct {
	r      io.Reader
	random *rand.Rand
}

func (r *randomReader) Read(p []byte) (int, error) { return r.r.Read(p[:1+r.random.IntN(len(p))]) }

func BenchmarkLines(b *testing.B) {
	text := strings.Repeat(strings.Repeat("x", 1000)+"\n", 10_000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	var l tail.Lines
	for b.Loop() {
		lr := newLineReader(strings.NewReader(text), 0, 1<<20)
		lines := 0
		for lr.next(&l) == nil {
			lines += len(l.Lines)
		}
		if lines != 10_000 {
			b.Fatal(lines)
		}
		lr.close()
	}
}
