package sample

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/authevent"
)

func TestLines(t *testing.T) {
	long := strings.Repeat("x", maxLine+100)
	in := "{\"a\":1}\r\n\n" + long + "\n" + `{"log":"{\"b\":2}\n","stream":"stdout","time":"2026-05-20T10:00:04Z"}` + "\nlast"
	var got []string
	var cut []bool
	require.NoError(t, Lines(strings.NewReader(in), func(l authevent.Line) error {
		got = append(got, string(l.Text))
		cut = append(cut, l.Truncated)
		return nil
	}))
	assert.Equal(t, []string{`{"a":1}`, "", long[:maxLine], `{"b":2}`, "last"}, got)
	assert.Equal(t, []bool{false, false, true, false, false}, cut)
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("disk is gone") }

func TestLinesStops(t *testing.T) {
	require.ErrorContains(t, Lines(broken{}, nil), "line 1: disk is gone")
	stop := errors.New("stop")
	calls := 0
	err := Lines(io.MultiReader(strings.NewReader("a\nb\n"), broken{}), func(authevent.Line) error {
		calls++
		return stop
	})
	require.ErrorIs(t, err, stop)
	assert.Equal(t, 1, calls)
}

func TestWalk(t *testing.T) {
	var got []Value
	line := `{"b":{"c/d":12345678901234567890,"e~f":null},"a":[true,"x",1.50,{},"fifth"],"ann@example.org":{"n":"y"},"\u001b[31m":1}`
	require.NoError(t, Walk([]byte(line), func(v Value) { got = append(got, v) }))
	assert.Equal(t, []Value{
		{"/*", Number, "1"},
		{"/a", Array, ""}, {"/a/0", Boolean, "true"}, {"/a/1", Text, "x"}, {"/a/2", Number, "1.50"}, {"/a/3", Object, ""}, {"/a/*", Text, "fifth"},
		{"/*", Object, ""}, {"/*/n", Text, "y"},
		{"/b", Object, ""}, {"/b/c~1d", Number, "12345678901234567890"}, {"/b/e~0f", Null, ""},
	}, got)
	for _, line := range []string{"", "null", "[1]", `{"a":1} x`, `{"a":`, `"ann@example.org"`} {
		assert.Equal(t, ErrNotObject, Walk([]byte(line), func(Value) {}), line)
	}
}

func TestPersonal(t *testing.T) {
	for text, want := range map[string]bool{
		"login_failed": false, "Email and Password Authentication": false, "app.oauth2.as.token.grant.access_token": false, "LOGIN_ERROR": false,
		"mail to ann@example.org": true, "203.0.113.9": true, "user 4f960adf-6c1e-4f0a-9d6a-3f6f0c1f2b3d": true, "00u1abvz4pYqdM8ms4x6": true,
		"opened by 91823745": true, strings.Repeat("a", 200): true,
	} {
		assert.Equal(t, want, Personal(text), text)
	}
	assert.Equal(t, "(hidden)", Printable("to ann@example.org", false))
	assert.Equal(t, "to ann@example.org [31m ", Printable("to ann@example.org\x1b[31m`", true))
	assert.Equal(t, "a b", Printable("a\u202eb", false))
}

func TestClasses(t *testing.T) {
	c, err := ParseClasses(`{"identity":["/user/id","/target/*/id"],"text":["/note"]}`)
	require.NoError(t, err)
	places := map[string]bool{
		"/user/id": true, "/user": false, "/user/name": false, "/target/3/id": true, "/target/*/id": true, "/target/3": false, "/note/deep/er": true,
	}
	ask := func() {
		for pointer, want := range places {
			assert.Equal(t, want, c.Has(pointer), pointer)
		}
	}
	ask()
	ask() // what is known by then
	for i := range maxFields {
		assert.False(t, c.Has("/user/"+strings.Repeat("x", i)))
	}
	assert.True(t, c.Has("/user/id/0"), "beyond what is remembered")
	assert.Len(t, c.known, maxFields)
	assert.False(t, Classes{}.Has("/user/id"))
	_, err = ParseClasses("no")
	require.Error(t, err)
}

func TestFieldsAreBounded(t *testing.T) {
	var f Fields
	for i := range maxFields + 3 {
		f.Add("/"+strings.Repeat("x", i), Text)
	}
	f.Add("/", Number)
	assert.Equal(t, 3, f.Refused)
	assert.Len(t, f.Sorted(), maxFields)
	assert.Equal(t, map[string]int{Text: 1, Number: 1}, f.Get("/").Types)
}

func TestName(t *testing.T) {
	for pointer, want := range map[string]string{"/a/b": "b", "/a/0": "a", "/a/*": "a", "/a/kc~1id": "kc/id", "/*": "", "": ""} {
		assert.Equal(t, want, Name(pointer), pointer)
	}
	assert.Equal(t, "/a/*/b/*/10", General("/a/0/b/*/10"))
}

// TestWalkIsBounded: what nests deeper than any profile reads has no place, since each
// of its pointers would be as long as all names above it.
func TestWalkIsBounded(t *testing.T) {
	nested := func(depth int) []byte {
		return []byte(strings.Repeat(`{"a":`, depth) + "1" + strings.Repeat("}", depth))
	}
	none := func(Value) { require.Fail(t, "visited") }
	require.ErrorIs(t, Walk(nested(10_000), none), ErrNotObject)
	require.ErrorIs(t, Walk([]byte(`{"a":[`+strings.Repeat("1,", 100_000)+`1]}`), none), ErrNotObject)
	places := 0
	require.NoError(t, Walk(nested(60), func(Value) { places++ }))
	assert.Equal(t, 60, places)
}
