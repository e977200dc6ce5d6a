package generalize

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestEmailDomain(t *testing.T) {
	for domain, want := range map[string]string{
		"gmail.com": "gmail.com", "GMail.COM": "gmail.com", "gmail.com.": "gmail.com", "hotmail.co.uk": "hotmail.co.uk",
		"example.com": Other, "mail.gmail.com": Other, "gmail.com.example": Other, "xgmail.com": Other, "gmail": Other,
		"a-domain-longer-than-any-of-them.com": Other, "_OTHER": Other, "": "", "gmail com": Other,
	} {
		assert.Equal(t, want, EmailDomain(domain), domain)
	}
	for _, p := range providers {
		assert.Equal(t, p, EmailDomain(p))
	}
}

func TestProvidersAreInOrder(t *testing.T) {
	longest := 0
	for i, p := range providers {
		longest = max(longest, len(p))
		if i > 0 {
			assert.Less(t, providers[i-1], p)
		}
	}
	assert.Equal(t, maxProvider, longest)
	assert.True(t, slices.Contains(providers[:], "gmail.com"))
}

func TestRegistrable(t *testing.T) {
	for domain, want := range map[string]string{
		"mail.example.com": "example.com", "example.com": "example.com", "Mail.Example.CO.UK": "example.co.uk",
		"example.com.": "example.com", "alice.github.io": "alice.github.io", "x.alice.github.io": "alice.github.io",
		"co.uk": "co.uk", "github.io": "github.io", "com": "com", "mail.corp.internal": "corp.internal",
		"mail.xn--mller-kva.de": "xn--mller-kva.de", "mail.müller.de": "müller.de",
		"localhost": Other, "192.0.2.1": Other, "[192.0.2.1]": Other, "2001:db8::1": Other, "a..b.com": Other, ".com": Other,
		"1.2.3": Other, "alice@example.com": Other, "a b.com": Other, "_OTHER": Other, "": "", ".": "",
	} {
		assert.Equal(t, want, Registrable(domain), domain)
	}
}

func FuzzDomains(f *testing.F) {
	f.Add("x.Example.co.uk.")
	f.Add("a..b")
	f.Add("00..")
	f.Fuzz(func(t *testing.T, domain string) {
		for name, of := range map[string]func(string) string{"provider": EmailDomain, "registrable": Registrable} {
			if once := of(domain); of(once) != once {
				t.Fatalf("%s: %q became %q, then %q", name, domain, once, of(once))
			}
		}
	})
}
