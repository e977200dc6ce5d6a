package pseudonym

import (
	"slices"
	"strings"
	"testing"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// FuzzToken: a pseudonym verifies, in every shape and under every name of its
// context; no text that differs from it in a byte does; all spellings of a
// value have the same.
func FuzzToken(f *testing.F) {
	for _, value := range []string{
		"", "u-1", "alice@example.com", "JÖRG@MÜLLER.DE", "a\xff@x", "192.0.2.44", "::ffff:192.0.2.44", "fe80::1%eth0",
		testUUID, strings.ToUpper(testUUID), " " + testUUID + "\n", "4ec22fac-6ece-8118-9264-4d0d2089bec7",
		"email_k1_4fb3e19b32b016df9e09704a4c83a308da678d82", strings.Repeat("x", maxCached+1),
	} {
		f.Add(value, 3, byte(1))
	}
	keys := []Key{{ID: "k1", Secret: testSecret}}
	hops := []*Pseudonymizer{
		newWith(f, Options{Keys: keys, Context: "a"}),
		newWith(f, Options{Keys: keys, Context: "b", PreserveShape: true}),
	}
	fresh := newWith(f, Options{Keys: keys, Context: "a"}).ring.Load()
	f.Fuzz(func(t *testing.T, value string, at int, flip byte) {
		for _, kind := range Kinds() {
			canonical := string(appendCanonical(nil, kind, value))
			for i, p := range hops {
				token := p.Token(kind, value)
				if !hops[0].Verify(token) || !hops[1].Verify(token) {
					t.Fatalf("%q of %q does not verify", token, value)
				}
				if again := p.Token(kind, value); again != token {
					t.Fatalf("%q, then %q", token, again)
				}
				if other := p.Token(kind, canonical); other != token {
					t.Fatalf("%q of %q, but %q of its canonical form", token, value, other)
				}
				if i == 0 && fresh.keys[0].pseudonym(kind, value, false) != token {
					t.Fatalf("%q is remembered wrongly", token)
				}
				if flip == 0 || at < 0 {
					continue
				}
				changed := []byte(token)
				changed[at%len(changed)] ^= flip
				if p.Verify(string(changed)) {
					t.Fatalf("%q verifies, a forgery of %q", changed, token)
				}
			}
		}
	})
}

// FuzzVerify: whoever has no key makes no pseudonym that verifies, and what a
// trusting hop lets pass has the shape of one.
func FuzzVerify(f *testing.F) {
	p := newWith(f, Options{Keys: []Key{{ID: "k1", Secret: testSecret}}})
	trusting := newWith(f, Options{TrustedUpstream: true})
	for _, text := range []string{
		"", "email_k1_4fb3e19b32b016df9e09704a4c83a308da678d82", "ip_k1_" + strings.Repeat("0", 40),
		"4ec22fac-6ece-8118-9264-4d0d2089bec7", "00000000-0000-8000-8000-000000000000", testUUID,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		known := text == "email_k1_4fb3e19b32b016df9e09704a4c83a308da678d82" || text == "4ec22fac-6ece-8118-9264-4d0d2089bec7"
		if p.Verify(text) != known {
			t.Fatalf("%q: verified is %t", text, !known)
		}
		if !trusting.Verify(text) {
			return
		}
		if len(text) == uuidText {
			if !IsUUID(text) || text[14] != '8' || !strings.ContainsRune("89ab", rune(text[19])) || strings.ToLower(text) != text {
				t.Fatalf("%q passes", text)
			}
			return
		}
		parts := strings.Split(text, "_")
		if kind, err := pii.ParseKind(parts[0]); err != nil || !slices.Contains(Kinds(), kind) || len(parts) != 3 || len(parts[2]) != hexDigits {
			t.Fatalf("%q passes", text)
		}
	})
}
