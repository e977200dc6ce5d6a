package pseudonym

import (
	"encoding/hex"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/authevents/otelcol-auth/internal/pii"
)

func TestPreserveShape(t *testing.T) {
	keys := []Key{{ID: "k1", Secret: testSecret}}
	p := newWith(t, Options{Keys: keys, Context: "analytics", PreserveShape: true})
	id := p.Token(pii.Identity, testUUID)
	// Computed with another implementation as well, as in TestGolden.
	assert.Equal(t, "4ec22fac-6ece-8118-9264-4d0d2089bec7", id)
	assert.Equal(t, id, p.Token(pii.Identity, " "+strings.ToUpper(testUUID)+"\n"), "canonical")

	tokens := newTest(t, "analytics")
	for _, value := range []string{"u-1", "91823745", testUUID[:35], "{" + testUUID + "}", strings.ReplaceAll(testUUID, "-", "")} {
		assert.Equal(t, tokens.Token(pii.Identity, value), p.Token(pii.Identity, value), "no UUID: %s", value)
	}
	assert.Equal(t, tokens.Token(pii.Email, testUUID), p.Token(pii.Email, testUUID), "another kind")

	for name, tt := range map[string]struct {
		options Options
		want    bool
	}{
		"its own":                {Options{Keys: keys, PreserveShape: true}, true},
		"a hop that makes none":  {Options{Keys: keys, Context: "audit"}, true},
		"a key behind another":   {Options{Keys: []Key{{ID: "k2", Secret: oldSecret}, keys[0]}}, true},
		"the same key renamed":   {Options{Keys: []Key{{ID: "k9", Secret: testSecret}}}, true},
		"without the key":        {Options{Keys: []Key{{ID: "k1", Secret: oldSecret}}}, false},
		"without it, and trust":  {Options{Keys: []Key{{ID: "k1", Secret: oldSecret}}, TrustedUpstream: true}, true},
		"without it, shape kept": {Options{Keys: []Key{{ID: "k1", Secret: oldSecret}}, PreserveShape: true}, false},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tt.want, newWith(t, tt.options).Verify(id))
		})
	}
	assert.NotEqual(t, id, newWith(t, Options{Keys: keys, Context: "audit", PreserveShape: true}).Token(pii.Identity, testUUID), "contexts")
}

func TestUUIDMutationsDoNotVerify(t *testing.T) {
	p := newWith(t, Options{Keys: []Key{{ID: "k1", Secret: testSecret}}, PreserveShape: true})
	id := p.Token(pii.Identity, testUUID)
	assert.True(t, p.Verify(id))
	for i := range id {
		for _, c := range "0123456789abcdef-gA" {
			if changed := id[:i] + string(c) + id[i+1:]; changed != id {
				assert.False(t, p.Verify(changed), changed)
			}
		}
	}
	assert.False(t, p.Verify(strings.ToUpper(id)), "upper case")
	assert.False(t, p.Verify(id+"0"))
	assert.False(t, p.Verify(id[1:]))
	assert.False(t, p.Verify(testUUID))
}

// TestUUIDKeepsItsBits: what is read is what was written, in all 122 of them.
func TestUUIDKeepsItsBits(t *testing.T) {
	for text, want := range map[string][16]byte{
		"01234567-89ab-8def-8123-456789abcdef": {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0x8d, 0xef, 0x81, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef},
		"ffffffff-ffff-8fff-bfff-ffffffffffff": {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x8f, 0xff, 0xbf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
	} {
		got, ok := parseUUID(text)
		assert.True(t, ok, text)
		assert.Equal(t, want, got)
	}
	for _, text := range []string{
		"01234567-89ab-7def-8123-456789abcdef", // version 7
		"01234567-89ab-8def-7123-456789abcdef", // variants
		"01234567-89ab-8def-c123-456789abcdef",
		"01234567089ab-8def-8123-456789abcdef",
		"",
	} {
		_, ok := parseUUID(text)
		assert.False(t, ok, text)
	}
}

// TestUUIDsAreReadByTheirDefinition: with each byte at each place, which is a digit
// in either case, a dash or none of these.
func TestUUIDsAreReadByTheirDefinition(t *testing.T) {
	anyCase := regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)
	lowerCase := regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	for at := range uuidText {
		for c := range 256 {
			text := testUUID[:at] + string([]byte{byte(c)}) + testUUID[at+1:]
			assert.Equal(t, anyCase.MatchString(text), IsUUID(text), "%q", text)
			id, ok := packUUID(text)
			if assert.Equal(t, lowerCase.MatchString(text), ok, "%q", text); ok {
				assert.Equal(t, strings.ReplaceAll(text, "-", ""), hex.EncodeToString(id[:]))
			}
		}
	}
	assert.False(t, IsUUID(""))
	assert.False(t, IsUUID(testUUID[1:]))
}
