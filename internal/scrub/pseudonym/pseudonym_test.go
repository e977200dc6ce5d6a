package pseudonym

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/pii"
)

var testSecret = []byte("0123456789abcdef0123456789abcdef")

func newTest(t testing.TB, context string, keys ...Key) *Pseudonymizer {
	t.Helper()
	if keys == nil {
		keys = []Key{{ID: "k1", Secret: testSecret}}
	}
	p, err := New(Options{Keys: keys, Context: context})
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

func TestNewRefuses(t *testing.T) {
	good := Key{ID: "k1", Secret: testSecret}
	for name, tt := range map[string]struct {
		keys    []Key
		context string
		want    string
	}{
		"no key": {nil, "", `keys: at least one key is needed: set keys: [{id: k1, secret: "${env:PIISCRUB_KEY}"}]`},
		"short secret": {[]Key{{"k1", []byte("hunter2")}}, "",
			`keys[0].secret: must be at least 32 bytes (got 7): set the environment variable that it names, for example to the output of "openssl rand -base64 32"`},
		"no id":        {[]Key{{"", testSecret}}, "", `keys[0].id: must be 1 to 16 of a-z and 0-9 (got 0 bytes): name it k1, for example`},
		"long id":      {[]Key{{strings.Repeat("a", 44), testSecret}}, "", `keys[0].id: must be 1 to 16 of a-z and 0-9 (got 44 bytes): name it k1, for example`},
		"bad id":       {[]Key{good, {"K_one", testSecret}}, "", `keys[1].id: must be 1 to 16 of a-z and 0-9 (got 5 bytes, other characters among them): name it k1, for example`},
		"same id":      {[]Key{good, good}, "", `keys[1].id: must differ from keys[0].id: give each key an id of its own`},
		"long context": {[]Key{good}, strings.Repeat("c", 129), `context: must be UTF-8 text of at most 128 bytes (got 129 bytes): name the destination, for example`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(Options{Keys: tt.keys, Context: tt.context})
			require.EqualError(t, err, tt.want)
			assert.NotContains(t, err.Error(), "hunter2")
		})
	}
	_, err := New(Options{Keys: []Key{{}}, Context: strings.Repeat("c", 129)})
	require.ErrorContains(t, err, "keys[0].id")
	require.ErrorContains(t, err, "keys[0].secret")
	require.ErrorContains(t, err, "context")
}

// Who mixes up id and secret must not find the secret in the log.
func TestSwappedFieldsStaySecret(t *testing.T) {
	for _, secret := range []string{
		string(testSecret),
		"Zm9yIHRlc3RzIG9ubHksIG5vdCBhIHJlYWwga2V5ISE=",
		"short-Secret",
		"hunter2", // a valid id, which the duplicate could show
	} {
		swapped := Key{ID: secret, Secret: []byte("k1")}
		_, err := New(Options{Keys: []Key{swapped, swapped}})
		require.ErrorContains(t, err, "keys[0].secret: must be at least 32 bytes (got 2)")
		require.ErrorContains(t, err, "keys[1].id: must differ from keys[0].id: ")
		assert.NotContains(t, err.Error(), secret)
	}
}

func TestCacheIsBounded(t *testing.T) {
	p := newTest(t, "")
	first := p.Token(pii.Identity, "user-0")
	for i := range 100_000 {
		p.Token(pii.Identity, "user-"+strconv.Itoa(i))
	}
	n := p.cache.len()
	assert.LessOrEqual(t, n, 2*shards*perGeneration)
	assert.Greater(t, n, shards*perGeneration/2, "it holds something")
	assert.Equal(t, first, p.Token(pii.Identity, "user-0"), "the same token when it was evicted")

	p.Token(pii.Identity, strings.Repeat("x", maxCached+1))
	assert.LessOrEqual(t, p.cache.len(), n+1, "a long value is not kept")
}

func TestCacheKeepsWhatIsInUse(t *testing.T) {
	c := newCache()
	c.put(pii.Email, []byte("hot"), "token")
	for i := range 20 * shards * perGeneration {
		c.put(pii.Email, []byte(strconv.Itoa(i)), "t")
		_, ok := c.get(pii.Email, []byte("hot"))
		require.True(t, ok, "after %d others", i)
	}
	_, ok := c.get(pii.IP, []byte("hot"))
	assert.False(t, ok, "kinds are apart")
}

func TestConcurrentUse(t *testing.T) {
	p := newTest(t, "")
	want := newTest(t, "").Token(pii.Email, "a@b")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 500 {
				p.Token(pii.Identity, strconv.Itoa(i))
				if token := p.Token(pii.Email, "a@b"); token != want || !p.Verify(token) {
					t.Error("a token differs")
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkToken(b *testing.B) {
	const id = "9088ec8a-d3f1-3f19-15d4-e7c20e9bac31"
	b.Run("cached", func(b *testing.B) {
		p := newTest(b, "")
		b.ReportAllocs()
		b.SetBytes(int64(len(id)))
		for b.Loop() {
			p.Token(pii.Identity, id)
		}
	})
	b.Run("computed", func(b *testing.B) {
		p := newTest(b, "")
		b.ReportAllocs()
		b.SetBytes(int64(len(id)))
		for b.Loop() {
			p.keys[0].token(pii.Identity, []byte(id))
		}
	})
	b.Run("verify", func(b *testing.B) {
		p := newTest(b, "")
		token := p.Token(pii.Identity, id)
		b.ReportAllocs()
		b.SetBytes(int64(len(token)))
		for b.Loop() {
			p.Verify(token)
		}
	})
}
