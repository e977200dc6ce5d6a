package input

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func all(t *testing.T, next func() (Line, error)) (list []Line, err error) {
	t.Helper()
	for {
		line, err := next()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return list, err
		}
		line.Text = []byte(string(line.Text)) // which the next line overwrites
		list = append(list, line)
	}
}

func TestNext(t *testing.T) {
	buffer := strings.Repeat("x", bufferSize)
	for name, tc := range map[string]struct {
		in   string
		most int
		want []Line
	}{
		"none":            {"", 9, nil},
		"one":             {"a\n", 9, []Line{{Text: []byte("a"), Number: 1}}},
		"no end":          {"a\nbc", 9, []Line{{Text: []byte("a"), Number: 1}, {Text: []byte("bc"), Number: 2, Offset: 2}}},
		"empty":           {"\n\na", 9, []Line{{Text: []byte{}, Number: 1}, {Text: []byte{}, Number: 2, Offset: 1}, {Text: []byte("a"), Number: 3, Offset: 2}}},
		"carriage return": {"a\r\n\r\nb\r", 9, []Line{{Text: []byte("a"), Number: 1}, {Text: []byte{}, Number: 2, Offset: 3}, {Text: []byte("b"), Number: 3, Offset: 5}}},
		"as long as can":  {"abc\r\nabc\nabc", 3, []Line{{Text: []byte("abc"), Number: 1}, {Text: []byte("abc"), Number: 2, Offset: 5}, {Text: []byte("abc"), Number: 3, Offset: 9}}},
		"longer":          {"abcd\nabc\rd\nabcdefgh\r\ne", 3, []Line{{Text: []byte("abc"), Cut: true, Number: 1}, {Text: []byte("abc"), Cut: true, Number: 2, Offset: 5}, {Text: []byte("abc"), Cut: true, Number: 3, Offset: 11}, {Text: []byte("e"), Number: 4, Offset: 21}}},
		"a buffer":        {buffer + "\nb", 2 * bufferSize, []Line{{Text: []byte(buffer), Number: 1}, {Text: []byte("b"), Number: 2, Offset: bufferSize + 1}}},
		"its end there":   {buffer[1:] + "\r\nb", 2 * bufferSize, []Line{{Text: []byte(buffer[1:]), Number: 1}, {Text: []byte("b"), Number: 2, Offset: bufferSize + 1}}},
		"beyond a buffer": {buffer + buffer + "\nb", bufferSize, []Line{{Text: []byte(buffer), Cut: true, Number: 1}, {Text: []byte("b"), Number: 2, Offset: 2*bufferSize + 1}}},
	} {
		t.Run(name, func(t *testing.T) {
			l := NewLines(strings.NewReader(tc.in), tc.most)
			got, err := all(t, l.Next)
			require.NoError(t, err)
			assert.Equal(t, tc.want, got)
			assert.LessOrEqual(t, cap(l.text), 4*max(tc.most, 16), "it holds no more than it may")
			if tc.most < 10 { // as it comes, also byte by byte
				got, err = all(t, NewLines(&slow{tc.in}, tc.most).Next)
				require.NoError(t, err)
				assert.Equal(t, tc.want, got)
			}
		})
	}
}

type slow struct{ text string }

func (s *slow) Read(p []byte) (int, error) {
	if s.text == "" {
		return 0, io.EOF
	}
	n := copy(p[:1], s.text)
	s.text = s.text[n:]
	return n, nil
}

func TestWhole(t *testing.T) {
	got, err := all(t, NewLines(strings.NewReader("abc\nabcd\nx"), 3).Whole)
	require.EqualError(t, err, "line 2: is longer than 3 bytes: take it out, or break it up")
	assert.Len(t, got, 1)
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("disk is gone") }

// TestBroken: the part of a line that came before the error is none.
func TestBroken(t *testing.T) {
	got, err := all(t, NewLines(io.MultiReader(strings.NewReader("abc\nab"), broken{}), 3).Next)
	require.EqualError(t, err, "line 2: disk is gone")
	assert.Len(t, got, 1)
}
