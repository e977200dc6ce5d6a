package detect

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// checkPrefilter holds MayHold against the search without it, and PlainLiteral
// against the two passes that it stands for.
func checkPrefilter(t *testing.T, s string) {
	m := SetOf(s)
	for _, o := range []Options{{}, {DecodeTokens: true}} {
		if o.MayHold(s, m) {
			continue
		}
		if found := o.findPlain(nil, s, m); len(found) > 0 || hasEscape(s, m) {
			t.Fatalf("%+v: MayHold says no, the search finds %v in %q", o, found, s)
		}
	}
	for i := range len(s) {
		closing, literal := PlainLiteral(s, i)
		end, escaped := jsonscan.String(s, i)
		switch {
		case end < 0 || escaped:
			if closing >= 0 {
				t.Fatalf("PlainLiteral takes what is none at %d of %q", i, s)
			}
		case closing != end-1 || literal != SetOf(s[i+1:closing]):
			t.Fatalf("PlainLiteral ends at %d with %x, String at %d, at %d of %q", closing, literal, end, i, s)
		}
	}
}

// TestPrefilter takes the corpora, and changes of them: what differs by one byte
// from an address stands at the edge of what the prefilter may let go.
func TestPrefilter(t *testing.T) {
	texts := append(readLines(t, "keep.txt"), readLines(t, "typical.txt")...)
	for _, row := range readCorpus[leak](t, "leaks.jsonl") {
		if text, ok := row.Value.(string); ok {
			texts = append(texts, text)
		}
	}
	rng := rand.New(rand.NewPCG(7, 1))
	const signs = "@.:+%\\&([=- _/'\"09azAZ\x00\x1f\xef\xff"
	for _, text := range append(texts, hostile...) {
		checkPrefilter(t, text)
		checkPrefilter(t, `{"`+text+`":"`+text+`"}`)
		for range 20 {
			changed := []byte(text)
			if len(changed) > 0 {
				changed[rng.IntN(len(changed))] = signs[rng.IntN(len(signs))]
			}
			cut := rng.IntN(len(changed) + 1)
			checkPrefilter(t, string(changed))
			checkPrefilter(t, string(changed[cut:])+string(changed[:cut]))
		}
	}
}

// The prefilter is worth its name: a text with nothing in it stops there.
func TestMayHoldNothing(t *testing.T) {
	for _, text := range []string{"", "events", "secure.login.gov", "urn:gov:gsa:openidconnect:sp:sinatra", "en", "e4407766", "sign_in_recaptcha", "Email and Password Authentication"} {
		assert.False(t, Options{}.MayHold(text, SetOf(text)), text)
	}
	for _, text := range []string{"a@b", "1.2.3.4", "::1", "a%40b", "Bearer abcdefgh1", "202-555-0143", "Cookie:x", "AKIA1234567890123456"} {
		assert.True(t, Options{}.MayHold(text, SetOf(text)), text)
	}
	assert.True(t, Options{DecodeTokens: true}.MayHold("YUBiLmV4YW1wbGU", SetOf("YUBiLmV4YW1wbGU")))
}

func FuzzPrefilter(f *testing.F) {
	seed(f)
	f.Add(`{"a":"b","c":"d\n"}` + "\"\x00\"" + `"unclosed`)
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) < 1<<10 {
			checkPrefilter(t, s)
		}
	})
}

// BenchmarkPlainLiteral scans strings as they stand in events, beside the two
// passes that it stands for.
func BenchmarkPlainLiteral(b *testing.B) {
	text := `"` + strings.Join(readLines(b, "typical.txt"), `"`) + `"`
	text = strings.ReplaceAll(text, `\`, "")
	b.Run("one", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			for i := 0; i+1 < len(text); {
				i, _ = PlainLiteral(text, i)
			}
		}
	})
	b.Run("two", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		var all Set
		for b.Loop() {
			for i := 0; i+1 < len(text); {
				end, _ := jsonscan.String(text, i)
				all |= SetOf(text[i+1 : end-1])
				i = end - 1
			}
		}
	})
}

// Nothing is found in a time: in none of a few thousand, and not by any finder.
func TestIsTimestamp(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 2))
	for range 5000 {
		s := []byte("2026-08-21T20:38:54.123456789")
		for i, c := range s {
			if isDigit(c) {
				s[i] = byte('0' + rng.IntN(10))
			}
		}
		text := string(s[:19+rng.IntN(11)]) + "Z"
		if text[19] == '.' && len(text) == 21 {
			continue
		}
		assert.True(t, isTimestamp(text), text)
		for _, o := range []Options{{}, {DecodeTokens: true}} {
			assert.Empty(t, o.findPlain(nil, text, SetOf(text)), text)
		}
	}
	for _, text := range []string{
		"", "2026-08-21T20:38:54", "2026-08-21t20:38:54Z", "2026-08-21T20:38:54.1.2Z", "2026-08-21T20:38:54+00:00", "2026-08-21T20:38:54.1", "2026-08-21T20:38:54.Z", "2026-08-21T20:38:54.1234567890Z",
		"2026-08-21T20:38:5xZ", "192.0.2.1-08T20:38:54Z", "2026-08-21T20:38:54::1Z",
	} {
		assert.False(t, isTimestamp(text), text)
	}
}
