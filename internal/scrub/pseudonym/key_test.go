package pseudonym

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func day(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

func TestNewRefuses(t *testing.T) {
	good := Key{ID: "k1", Secret: testSecret}
	for name, tt := range map[string]struct {
		keys    []Key
		context string
		want    string
	}{
		"no key": {nil, "", `keys: at least one key is needed: set keys: [{id: k1, secret: "${env:PIISCRUB_KEY}"}]`},
		"short secret": {[]Key{{ID: "k1", Secret: []byte("hunter2")}}, "",
			`keys[0].secret: must be at least 32 bytes (got 7): set the environment variable that it names, for example to the output of "openssl rand -base64 32"`},
		"no id":        {[]Key{{Secret: testSecret}}, "", `keys[0].id: must be 1 to 16 of a-z and 0-9 (got 0 bytes): name it k1, for example`},
		"long id":      {[]Key{{ID: strings.Repeat("a", 44), Secret: testSecret}}, "", `keys[0].id: must be 1 to 16 of a-z and 0-9 (got 44 bytes): name it k1, for example`},
		"bad id":       {[]Key{good, {ID: "K_one", Secret: oldSecret}}, "", `keys[1].id: must be 1 to 16 of a-z and 0-9 (got 5 bytes, other characters among them): name it k1, for example`},
		"same id":      {[]Key{good, good}, "", `keys[1].id: must differ from keys[0].id: give each key an id of its own`},
		"first's end":  {[]Key{{ID: "k1", Secret: testSecret, Until: day(2027, 1, 31)}}, "", `keys[0].until: the first key makes the pseudonyms and has no end (got 2027-01-31): put the new key before it, or remove until`},
		"destroyed":    {[]Key{good, {ID: "k0", Secret: oldSecret, Until: day(2027, 1, 31).Add(time.Hour), DestroyAfter: day(2027, 1, 31)}}, "", `keys[1].destroy_after: must not be before until, 2027-01-31T01:00:00Z (got 2027-01-31): a key is needed for as long as it verifies`},
		"long context": {[]Key{good}, strings.Repeat("c", 129), `context: must be UTF-8 text of at most 128 bytes (got 129 bytes): name the destination, for example`},
		"bytes":        {[]Key{good}, "\xff", `context: must be UTF-8 text of at most 128 bytes (got 1 bytes): name the destination, for example`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(Options{Keys: tt.keys, Context: tt.context})
			require.EqualError(t, err, tt.want)
			assert.NotContains(t, err.Error(), "hunter2")

			p := newTest(t, "")
			if tt.context == "" {
				require.EqualError(t, p.SetKeys(tt.keys), tt.want, "SetKeys refuses what New does")
				assert.Equal(t, "k1", p.KeyID(), "the old keys stay")
			}
		})
	}
	_, err := New(Options{Keys: []Key{{Until: day(2027, 1, 31), DestroyAfter: day(2026, 1, 31)}}, Context: strings.Repeat("c", 129)})
	for _, want := range []string{"keys[0].id", "keys[0].secret", "keys[0].until", "keys[0].destroy_after", "context"} {
		require.ErrorContains(t, err, want)
	}
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

func TestKeyPrintsNothing(t *testing.T) {
	o := struct{ Keys []Key }{[]Key{{ID: "k1", Secret: testSecret}}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d", "%q"} {
		got := fmt.Sprintf(verb, o)
		assert.Contains(t, got, "[key]", verb)
		for _, leak := range []string{string(testSecret), hex.EncodeToString(testSecret), "48 49 50", "48, 49", "k1"} {
			assert.NotContains(t, got, leak, verb)
		}
	}
}
