package pseudonym

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/pii"
)

var (
	testSecret = []byte("0123456789abcdef0123456789abcdef")
	oldSecret  = []byte("fedcba9876543210fedcba9876543210")
)

const testUUID = "9088ec8a-d3f1-3f19-15d4-e7c20e9bac31"

func newTest(t testing.TB, context string, keys ...Key) *Pseudonymizer {
	t.Helper()
	if keys == nil {
		keys = []Key{{ID: "k1", Secret: testSecret}}
	}
	return newWith(t, Options{Keys: keys, Context: context})
}

func newWith(t testing.TB, o Options) *Pseudonymizer {
	t.Helper()
	p, err := New(o)
	require.NoError(t, err)
	return p
}

// Tokens are kept in other systems for years: a change here breaks every join
// with them. The values were computed with another implementation of HKDF and
// HMAC as well.
func TestGolden(t *testing.T) {
	p := newTest(t, "analytics")
	assert.Equal(t, "email_k1_4fb3e19b32b016df9e09704a4c83a308da678d82", p.Token(pii.Email, "alice@example.com"))
	assert.Equal(t, "ip_k1_7431cdafcb55010b37b9e376157a058fae119c23", p.Token(pii.IP, "192.0.2.44"))
	assert.Equal(t, "identity_k1_4ec22fac6ece811812644d0ddb397d25b7e07f67", p.Token(pii.Identity, "9088ec8a-d3f1-3f19-15d4-e7c20e9bac31"))
}

func TestShape(t *testing.T) {
	p := newTest(t, "")
	shape := regexp.MustCompile(`^(identity|email|ip)_k1_[0-9a-f]{40}$`)
	for _, kind := range Kinds() {
		assert.Regexp(t, shape, p.Token(kind, "x"))
	}
	long := newTest(t, "", Key{ID: strings.Repeat("z", maxKeyID), Secret: testSecret})
	token := long.Token(pii.Identity, "x")
	assert.Len(t, token, maxToken)
	assert.True(t, long.Verify(token))
}

func TestCanonicalFormsAreEqual(t *testing.T) {
	p := newTest(t, "")
	for name, tt := range map[string]struct {
		kind pii.Kind
		a, b string
	}{
		"e-mail case":       {pii.Email, "ALICE@EXAMPLE.COM", "alice@example.com"},
		"e-mail of letters": {pii.Email, "JÖRG@MÜLLER.DE", "jörg@müller.de"},
		"IPv6 written out":  {pii.IP, "2001:0DB8:0000:0000:0000:0000:0000:0001", "2001:db8::1"},
		"IPv4-mapped":       {pii.IP, "::ffff:192.0.2.44", "192.0.2.44"},
		"zone":              {pii.IP, "fe80::1%eth0", "fe80::1"},
		"UUID case":         {pii.Identity, "9088EC8A-D3F1-3F19-15D4-E7C20E9BAC31", "9088ec8a-d3f1-3f19-15d4-e7c20e9bac31"},
		"space around":      {pii.Identity, " u-1\n", "u-1"},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, p.Token(tt.kind, tt.a), p.Token(tt.kind, tt.b))
		})
	}
}

func TestSeparation(t *testing.T) {
	p := newTest(t, "analytics")
	token := p.Token(pii.Identity, "alice@example.com")
	mac := func(token string) string { return token[strings.LastIndexByte(token, '_')+1:] }

	assert.NotEqual(t, mac(token), mac(p.Token(pii.Email, "alice@example.com")), "kinds")
	assert.NotEqual(t, token, newTest(t, "audit").Token(pii.Identity, "alice@example.com"), "contexts")
	assert.NotEqual(t, token, p.Token(pii.Identity, "ALICE@EXAMPLE.COM"), "an identity's case counts")
	assert.NotEqual(t, p.Token(pii.Identity, "91823745"), p.Token(pii.Identity, "91823746"), "values")
	assert.NotEqual(t, p.Token(pii.Email, "a\xff@x"), p.Token(pii.Email, "a\xfe@x"), "invalid UTF-8")
	other := newTest(t, "analytics", Key{ID: "k1", Secret: bytes.Repeat([]byte("x"), 32)})
	assert.NotEqual(t, mac(token), mac(other.Token(pii.Identity, "alice@example.com")), "keys")
}

func TestVerify(t *testing.T) {
	p := newTest(t, "analytics")
	token := p.Token(pii.Email, "alice@example.com")
	other := newTest(t, "analytics", Key{ID: "k1", Secret: bytes.Repeat([]byte("x"), 32)})
	old := newTest(t, "analytics", Key{ID: "k0", Secret: bytes.Repeat([]byte("y"), 32)})
	both := newTest(t, "", Key{ID: "k1", Secret: testSecret}, Key{ID: "k0", Secret: bytes.Repeat([]byte("y"), 32)})

	assert.True(t, p.Verify(token), "its own")
	assert.True(t, newTest(t, "audit").Verify(token), "a second hop of another context")
	assert.True(t, both.Verify(old.Token(pii.IP, "::1")), "an old key's")
	assert.Equal(t, "email_k1_", both.Token(pii.Email, "a@b")[:9], "the first key signs")

	assert.False(t, other.Verify(token), "another key of the same id")
	assert.False(t, old.Verify(token), "an unknown key id")
	assert.False(t, p.Verify("email_k1_"+strings.Repeat("0", 40)), "a forged one of the same shape")
	assert.False(t, p.Verify("ip"+strings.TrimPrefix(token, "email")), "another kind's")
	assert.False(t, p.Verify(strings.ToUpper(token)), "upper case")
	flipped := []byte(token)
	for i := range flipped {
		flipped[i] ^= 1
		assert.False(t, p.Verify(string(flipped)), "byte %d flipped", i)
		flipped[i] ^= 1
	}
	for i := range token {
		assert.False(t, p.Verify(token[:i]), "cut at %d", i)
	}
	assert.False(t, p.Verify(token+"0"), "longer")
}

func TestNoTokenOfOtherKinds(t *testing.T) {
	p := newWith(t, Options{Keys: []Key{{ID: "k1", Secret: testSecret}, {ID: "k0", Secret: oldSecret}}, EmitPrevious: true})
	for _, kind := range append(pii.Kinds(), pii.None, pii.Kind(255)) {
		token := p.Token(kind, "x")
		assert.Equal(t, slices.Contains(Kinds(), kind), token != "", "%s", kind)
		_, ok := p.Previous(kind, "x")
		assert.Equal(t, token != "", ok, "%s", kind)
	}
}
