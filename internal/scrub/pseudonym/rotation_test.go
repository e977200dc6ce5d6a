package pseudonym

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// clock is a time that a test sets.
type clock struct{ now atomic.Pointer[time.Time] }

func clockAt(t time.Time) *clock {
	c := &clock{}
	c.set(t)
	return c
}

func (c *clock) set(t time.Time) { c.now.Store(&t) }
func (c *clock) read() time.Time { return *c.now.Load() }

// TestRotation goes through the life of a key, in both shapes.
func TestRotation(t *testing.T) {
	for _, preserve := range []bool{false, true} {
		t.Run("preserve="+strconv.FormatBool(preserve), func(t *testing.T) {
			now := clockAt(day(2026, 12, 1))
			options := func(keys ...Key) Options {
				return Options{Keys: keys, Context: "a", PreserveShape: preserve, EmitPrevious: true, Now: now.read}
			}
			k1 := Key{ID: "k1", Secret: oldSecret}
			p := newWith(t, options(k1))
			old := p.Token(pii.Identity, testUUID)
			_, ok := p.Previous(pii.Identity, testUUID)
			assert.False(t, ok, "no key before the only one")

			// A new key comes; the old one goes on for a while.
			k2 := Key{ID: "k2", Secret: testSecret}
			k1.Until = day(2027, 1, 31)
			require.NoError(t, p.SetKeys([]Key{k2, k1}))
			assert.Equal(t, "k2", p.KeyID())
			current := p.Token(pii.Identity, testUUID)
			assert.NotEqual(t, old, current, "the new key makes the tokens")
			for range 2 { // made, then remembered
				previous, ok := p.Previous(pii.Identity, testUUID)
				assert.True(t, ok)
				assert.Equal(t, old, previous)
			}
			assert.True(t, p.Verify(old))
			assert.True(t, p.Verify(current))

			now.set(k1.Until.Add(-time.Nanosecond))
			assert.True(t, p.Verify(old), "until its end")
			now.set(k1.Until)
			assert.False(t, p.Verify(old), "not from then on")
			assert.True(t, p.Verify(current))
			_, ok = p.Previous(pii.Identity, testUUID)
			assert.False(t, ok, "an ended key gives no pseudonyms, remembered ones neither")

			// A key behind one that has ended is the one before.
			k0 := Key{ID: "k0", Secret: []byte("00000000000000000000000000000000")}
			require.NoError(t, p.SetKeys([]Key{k2, k1, k0}))
			previous, ok := p.Previous(pii.Identity, testUUID)
			assert.True(t, ok)
			assert.Equal(t, newWith(t, options(k0)).Token(pii.Identity, testUUID), previous)
		})
	}
}

func TestPreviousIsOff(t *testing.T) {
	p := newTest(t, "", Key{ID: "k2", Secret: testSecret}, Key{ID: "k1", Secret: oldSecret})
	_, ok := p.Previous(pii.Identity, "u-1")
	assert.False(t, ok)
}

// TestSetKeysForgets: what a removed key made is not given any more.
func TestSetKeysForgets(t *testing.T) {
	p := newTest(t, "")
	token, address := p.Token(pii.Email, "a@b"), p.Anonymize(ip("192.0.2.44"))
	require.NoError(t, p.SetKeys([]Key{{ID: "k1", Secret: oldSecret}}))
	assert.NotEqual(t, token, p.Token(pii.Email, "a@b"))
	assert.NotEqual(t, address, p.Anonymize(ip("192.0.2.44")))
	assert.False(t, p.Verify(token))
}

func TestWarnings(t *testing.T) {
	now := clockAt(day(2026, 9, 30))
	p := newWith(t, Options{Now: now.read, Keys: []Key{
		{ID: "k3", Secret: testSecret, DestroyAfter: day(2027, 6, 1).Add(30 * time.Minute)},
		{ID: "k2", Secret: oldSecret, DestroyAfter: day(2026, 10, 1)},
		{ID: "k1", Secret: []byte("00000000000000000000000000000000")},
	}})
	assert.Empty(t, p.Warnings())

	now.set(day(2026, 10, 1))
	old := "keys[1]: destroy_after 2026-10-01 has passed: remove its secret here and wherever it is stored; " +
		"until then its pseudonyms can be linked to persons"
	assert.Equal(t, []string{old}, p.Warnings())

	same := newTest(t, "", Key{ID: "k1", Secret: testSecret}, Key{ID: "k0", Secret: oldSecret}, Key{ID: "k2", Secret: testSecret})
	assert.Equal(t, []string{"keys[2]: has the same secret as keys[0]: give each key a secret of its own, or nothing is rotated"}, same.Warnings())
	assert.Equal(t, same.Warnings(), same.Warnings(), "asked twice")

	now.set(day(2028, 1, 1))
	assert.Equal(t, []string{"keys[0]: destroy_after 2027-06-01T00:30:00Z has passed: put a new key before it, and when that one is in use " +
		"remove its secret here and wherever it is stored; until then its pseudonyms can be linked to persons", old}, p.Warnings())
}

// TestTrustedUpstream: a hop without the key lets pass what has the shape.
func TestTrustedUpstream(t *testing.T) {
	edge := newTest(t, "")
	preserved := newWith(t, Options{Keys: []Key{{ID: "k1", Secret: testSecret}}, PreserveShape: true}).Token(pii.Identity, testUUID)
	hop := newWith(t, Options{TrustedUpstream: true})

	assert.True(t, hop.Verify(edge.Token(pii.Email, "a@b")))
	assert.True(t, hop.Verify(preserved))
	for _, text := range []string{
		"", "a@b", "192.0.2.44", testUUID,
		"phone_k1_0123456789012345678901234567890123456789",         // of a kind without pseudonyms
		"email_K1_0123456789012345678901234567890123456789",         // no key id
		"email__0123456789012345678901234567890123456789",           // none at all
		"email_k1_012345678901234567890123456789012345678G",         // no digits
		"email_k1_k2_0123456789012345678901234567890123456789",      // two
		"email_k1_0123456789012345678901234567890123456789\n",       // longer
		"00000000-0000-8000-c000-000000000000",                      // another variant
		"00000000-0000-8000-8000-00000000000A",                      // upper case
		"00000000-0000-8000-8000-0000000000g0",                      // no digit
		"someone_email_k1_0123456789012345678901234567890123456789", // something before it
	} {
		assert.False(t, hop.Verify(text), text)
	}

	// It makes nothing.
	assert.Empty(t, hop.Token(pii.Identity, "u-1"))
	assert.Empty(t, hop.KeyID())
	assert.False(t, hop.Anonymize(ip("192.0.2.44")).IsValid())
	assert.Empty(t, hop.Warnings())

	// A key that is held is asked, trust or not.
	held := newWith(t, Options{TrustedUpstream: true, Keys: []Key{{ID: "k1", Secret: testSecret}}})
	assert.True(t, held.Verify(edge.Token(pii.Email, "a@b")))
	assert.False(t, held.Verify("email_k1_0123456789012345678901234567890123456789"))
	assert.True(t, held.Verify("email_k9_0123456789012345678901234567890123456789"))
	require.NoError(t, held.SetKeys(nil), "it may lose its keys")
	assert.True(t, held.Verify("email_k1_0123456789012345678901234567890123456789"))
}

// TestSetKeysWhileInUse: each answer is of the old keys or the new ones.
func TestSetKeysWhileInUse(t *testing.T) {
	lists := [][]Key{
		{{ID: "k1", Secret: oldSecret}, {ID: "k2", Secret: testSecret}},
		{{ID: "k2", Secret: testSecret}, {ID: "k1", Secret: oldSecret}},
	}
	tokens := map[string]bool{}
	addresses := map[string]bool{}
	for _, keys := range lists {
		p := newTest(t, "", keys...)
		tokens[p.Token(pii.Email, "a@b")] = true
		addresses[p.Anonymize(ip("192.0.2.44")).String()] = true
	}
	require.Len(t, tokens, 2)
	require.Len(t, addresses, 2)

	p := newWith(t, Options{Keys: lists[0], EmitPrevious: true})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 300 {
				p.Token(pii.Identity, strconv.Itoa(i))
				token := p.Token(pii.Email, "a@b")
				previous, ok := p.Previous(pii.Email, "a@b")
				if !tokens[token] || !ok || !tokens[previous] || !p.Verify(token) || !p.Verify(previous) {
					t.Errorf("neither the old keys' nor the new ones'")
				}
				if !addresses[p.Anonymize(ip("192.0.2.44")).String()] {
					t.Errorf("an address of neither")
				}
				p.Warnings()
			}
		})
	}
	for i := range 50 {
		require.NoError(t, p.SetKeys(lists[i%2]))
	}
	wg.Wait()
}
