package pseudonym

import (
	"errors"
	"fmt"
	"time"
	"unicode/utf8"
)

// MinSecret is the length of the shortest secret, in bytes.
const MinSecret = 32

const (
	maxKeyID   = 16
	maxContext = 128
)

// Key is a key as the operator configures it.
type Key struct {
	// ID marks the tokens that the key makes: 1 to 16 of a-z and 0-9.
	ID string
	// Secret has at least MinSecret bytes.
	Secret []byte
	// Until is when the key's tokens are no longer verified, nor given by
	// Previous. The zero time is never. The first key has none.
	Until time.Time
	// DestroyAfter is when the secret is to be gone, so that nobody can find
	// the person behind an old token any more. It only gives a warning.
	DestroyAfter time.Time
}

// Format prints neither secret nor id, whatever the verb is: a key must not
// get into a log by way of a struct that holds it.
func (k Key) Format(s fmt.State, _ rune) {
	_, _ = s.Write([]byte("[key]"))
}

// validate returns every problem at once. It never quotes an id: who mixes up
// id and secret would find the secret in the log.
func (o Options) validate() error {
	var errs []error
	if len(o.Keys) == 0 && !o.TrustedUpstream {
		errs = append(errs, errors.New(`keys: at least one key is needed: set keys: [{id: k1, secret: "${env:PIISCRUB_KEY}"}]`))
	}
	for i, key := range o.Keys {
		errs = append(errs, key.validate(i)...)
		for j, other := range o.Keys[:i] {
			if other.ID == key.ID {
				errs = append(errs, fmt.Errorf("keys[%d].id: must differ from keys[%d].id: give each key an id of its own", i, j))
			}
		}
	}
	if len(o.Context) > maxContext || !utf8.ValidString(o.Context) {
		errs = append(errs, fmt.Errorf("context: must be UTF-8 text of at most %d bytes (got %d bytes): name the destination, for example",
			maxContext, len(o.Context)))
	}
	return errors.Join(errs...)
}

// validate checks the key that stands at place i.
func (k Key) validate(i int) (errs []error) {
	if !validID(k.ID) {
		errs = append(errs, fmt.Errorf("keys[%d].id: must be 1 to %d of a-z and 0-9 (got %s): name it k1, for example",
			i, maxKeyID, describeID(k.ID)))
	}
	if len(k.Secret) < MinSecret {
		errs = append(errs, fmt.Errorf("keys[%d].secret: must be at least %d bytes (got %d): "+
			`set the environment variable that it names, for example to the output of "openssl rand -base64 32"`,
			i, MinSecret, len(k.Secret)))
	}
	if i == 0 && !k.Until.IsZero() {
		errs = append(errs, fmt.Errorf("keys[0].until: the first key makes the pseudonyms and has no end (got %s): "+
			"put the new key before it, or remove until", date(k.Until)))
	}
	if !k.DestroyAfter.IsZero() && k.DestroyAfter.Before(k.Until) {
		errs = append(errs, fmt.Errorf("keys[%d].destroy_after: must not be before until, %s (got %s): "+
			"a key is needed for as long as it verifies", i, date(k.Until), date(k.DestroyAfter)))
	}
	return errs
}

// date writes a time as it stands in the config: a day alone where it is one.
func date(t time.Time) string {
	if t = t.UTC(); t.Equal(t.Truncate(24 * time.Hour)) {
		return t.Format(time.DateOnly)
	}
	return t.Format(time.RFC3339)
}

// describeID says what is wrong with an id that is not valid, without it.
func describeID(id string) string {
	if id == "" || len(id) > maxKeyID {
		return fmt.Sprintf("%d bytes", len(id))
	}
	return fmt.Sprintf("%d bytes, other characters among them", len(id))
}

func validID(id string) bool {
	if id == "" || len(id) > maxKeyID {
		return false
	}
	for _, c := range []byte(id) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}
