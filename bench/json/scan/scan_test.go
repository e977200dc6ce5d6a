package main

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// texts are literals with what follows them: strings of all short lengths, with
// each kind of byte at each place.
func texts() []string {
	var all []string
	for length := range 70 {
		plain := strings.Repeat("a", length)
		all = append(all, `"`+plain+`",`+plain)
		for place := range length {
			for _, odd := range []string{`\"`, `\\`, `\n`, "é", "\x1f", "\x80", "!", "#", "[", "]", " "} {
				all = append(all, `"`+plain[:place]+odd+plain[place:]+`":1,"b":null`)
			}
		}
	}
	return all
}

func TestWaysAgree(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, text := range texts() {
		end, escaped := jsonscan.String(text, 0)
		for _, w := range scans {
			if gotEnd, gotEscaped := w.scan(text, 0); gotEnd != end || end > 0 && gotEscaped != escaped {
				t.Errorf("%s: ends %q at %d (%v), not at %d (%v)", w.name, text, gotEnd, gotEscaped, end, escaped)
			}
		}
		if end < 0 || escaped {
			continue
		}
		for _, w := range partScans {
			if got, _ := w.scan(text, 0); got != end {
				t.Errorf("%s: ends %q at %d, not at %d", w.name, text, got, end)
			}
		}
		// Cut short, the literal has no end.
		cut := text[:1+random.IntN(end-1)]
		for _, w := range scans {
			if got, _ := w.scan(cut, 0); got != -1 {
				t.Errorf("%s: ends %q at %d", w.name, cut, got)
			}
		}
	}
}

func TestPlain(t *testing.T) {
	for _, text := range texts() {
		if len(text) < 8 {
			continue
		}
		ascii := !strings.ContainsAny(text, "é\x1f") && !strings.Contains(text, "\x80")
		if got := plainASCII(text); got != ascii {
			t.Errorf("plainASCII(%q) = %v", text, got)
		}
		if got, want := plainText(text), ascii && !strings.Contains(text, `\`); got != want {
			t.Errorf("plainText(%q) = %v", text, got)
		}
	}
}
