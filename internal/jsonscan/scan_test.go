package jsonscan

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestValid(t *testing.T) {
	for text, want := range map[string]Code{
		`{}`:                            OK,
		` [1, -0.5e+3, "a\u00e9"] `:     OK,
		`{"a":{"b":[null,true,false]}}`: OK,
		`9007199254740993`:              OK,
		``:                              Syntax,
		`{"a":1,}`:                      Syntax,
		`[1,]`:                          Syntax,
		`{'a':1}`:                       Syntax,
		`{"a" 1}`:                       Syntax,
		`{"a"`:                          Syntax,
		`{"a":`:                         Syntax,
		`NaN`:                           Syntax,
		`nul`:                           Syntax,
		`01`:                            Trailing,
		`-`:                             Syntax,
		`1.`:                            Syntax,
		`1e`:                            Syntax,
		"\"a\nb\"":                      Syntax,
		"\"a\x00b\"":                    Syntax,
		`"\x"`:                          Syntax,
		`"\u12g4"`:                      Syntax,
		`"\u123`:                        Syntax,
		`"open`:                         Syntax,
		`1e999`:                         OutOfRange,
		strings.Repeat("9", 400):        OutOfRange,
		`{"a":1}{"b":2}`:                Trailing,
		strings.Repeat("[", 64) + strings.Repeat("]", 64): OK,
		strings.Repeat("[", 65) + strings.Repeat("]", 65): TooDeep,
		"[" + strings.Repeat("1,", MaxMembers-1) + "1]":   OK,
		"[" + strings.Repeat("1,", MaxMembers) + "1]":     TooManyMembers,
	} {
		assert.Equal(t, want.String(), Valid(text).String(), "%.40q", text)
	}
}

func TestStringAtEveryLength(t *testing.T) {
	// The eight-byte loop and the tail loop must stop at the same byte.
	for n := range 20 {
		for at := range n {
			for _, stop := range []string{`"`, `\n`, "\x1f"} {
				text := `"` + strings.Repeat("é", at) + strings.Repeat("x", n-at) + stop + `tail"`
				end, escaped := String(text, 0)
				var v any
				dec := json.NewDecoder(strings.NewReader(text))
				if dec.Decode(&v) != nil {
					assert.Equal(t, -1, end, text)
					continue
				}
				assert.Equal(t, int(dec.InputOffset()), end, text)
				assert.Equal(t, stop == `\n`, escaped, text)
			}
		}
	}
}

func TestUnescapeAsEncodingJSON(t *testing.T) {
	for _, inside := range []string{
		``, `plain`, `a\"b\\c\/d\b\f\n\r\t`, `\u0041\u00e9\u20ac`, `\ud83d\ude00`,
		`\ud800`, `\ud800x`, `\ud800\u0041`, `\udc00\ud800`, `\ud800\ud83d\ude00`, `\u0000`, `\uFFFE`,
	} {
		var want string
		require.NoError(t, json.Unmarshal([]byte(`"`+inside+`"`), &want))
		assert.Equal(t, want, string(AppendUnescaped(nil, inside)), inside)
	}
}

func TestQuotedReadsBack(t *testing.T) {
	for _, s := range []string{"", "plain", "q\"b\\", "\n\r\t\b\f\x00\x1f\x7f", "é€😀\u2028", "<&>"} {
		var got string
		require.NoError(t, json.Unmarshal(AppendQuoted(nil, s), &got))
		assert.Equal(t, s, got)
	}
}

func FuzzValid(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.5e-3,"\ud800"],"a":null}`, `1e999`, `[[[]]]`, `{"a":1}x`, "\"\xff\""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		code := Valid(s)
		std := json.Valid([]byte(s))
		if code == OK && !std {
			t.Fatalf("accepted what encoding/json refuses: %q", s)
		}
		if std && (code == Syntax || code == Trailing) {
			t.Fatalf("refused (%s) what encoding/json accepts: %q", code, s)
		}
	})
}

func FuzzText(f *testing.F) {
	f.Add(`a\u0041`, "x\"\n")
	f.Fuzz(func(t *testing.T, inside, plain string) {
		var want string
		if literal := `"` + inside + `"`; json.Unmarshal([]byte(literal), &want) == nil {
			end, _ := String(literal, 0)
			if strings.ToValidUTF8(inside, "") != inside || Space(literal, 0) != 0 || end != len(literal) {
				return // white space around, or bytes that are the caller's business
			}
			if got := string(AppendUnescaped(nil, inside)); got != want {
				t.Fatalf("%q: got %q, want %q", inside, got, want)
			}
		}
		plain = strings.ToValidUTF8(plain, "")
		var back string
		if err := json.Unmarshal(AppendQuoted(nil, plain), &back); err != nil || back != plain {
			t.Fatalf("%q read back as %q (%v)", plain, back, err)
		}
	})
}

// TestPlainRun holds the eight-byte steps against one byte after another, also
// where bytes beside a stop are those that a borrow between them would reach.
func TestPlainRun(t *testing.T) {
	plain := func(s string) int {
		for i := range len(s) {
			if s[i] == '"' || s[i] == '\\' || s[i] < 0x20 {
				return i
			}
		}
		return len(s)
	}
	bytes := []byte{0x00, 0x01, 0x1f, 0x20, 0x21, '"', '#', '[', '\\', ']', 0x7f, 0x80, 0x9f, 0xa0, 0xa2, 0xdc, 0xff}
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		text := make([]byte, rnd.IntN(20))
		for i := range text {
			text[i] = 'x'
			if rnd.IntN(2) == 0 {
				text[i] = bytes[rnd.IntN(len(bytes))]
			}
		}
		require.Equal(t, plain(string(text)), plainRun(string(text), 0), "%q", text)
	}
}
