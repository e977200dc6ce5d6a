package piiscrub

import (
	"time"

	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/confmap"

	"github.com/authevents/otelcol-auth/internal/knownkeys"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// KeyConfig is a key of the pseudonyms. It has a Secret or a SecretFile.
type KeyConfig struct {
	// ID marks the tokens that the key makes.
	ID string `mapstructure:"id"`
	// Secret has at least 32 bytes. One line end at its end does not count.
	Secret configopaque.String `mapstructure:"secret,omitempty"`
	// SecretFile is the file that holds the secret. It is read again when it
	// changes.
	SecretFile string `mapstructure:"secret_file,omitempty"`
	// Until is when the key ceases to verify: a date, at whose first moment of
	// UTC it does, or a time of RFC 3339.
	Until string `mapstructure:"until,omitempty"`
	// DestroyAfter is when the secret is to be gone, in the same form.
	DestroyAfter string `mapstructure:"destroy_after,omitempty"`
}

// Unmarshal refuses unknown keys. YAML reads a date that is not quoted as a
// time, which becomes text again.
func (c *KeyConfig) Unmarshal(conf *confmap.Conf) error {
	for _, key := range []string{"until", "destroy_after"} {
		at, ok := conf.Get(key).(time.Time)
		if !ok {
			continue
		}
		if err := conf.Merge(confmap.NewFromStringMap(map[string]any{key: at.Format(time.RFC3339Nano)})); err != nil {
			return err
		}
	}
	if err := refuseEmpty(conf, []string{"secret_file", "until", "destroy_after"}); err != nil {
		return err
	}
	return knownkeys.Unmarshal(conf, c)
}

// compile makes the key. That of a file has no secret yet.
func (c *KeyConfig) compile(at string, errs *problems) pseudonym.Key {
	if c.Secret != "" && c.SecretFile != "" {
		errs.addf(at, "has both secret and secret_file: remove one of them")
	}
	return pseudonym.Key{
		ID:           c.ID,
		Secret:       cutLineEnd([]byte(c.Secret)), // of ${file:…} the line end is a part
		Until:        moment(c.Until, at+".until", errs),
		DestroyAfter: moment(c.DestroyAfter, at+".destroy_after", errs),
	}
}

// moment reads a date or a time; "" is the zero time.
func moment(text, key string, errs *problems) time.Time {
	if text == "" {
		return time.Time{}
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(layout, text); err == nil && !at.IsZero() {
			return at
		}
	}
	// A secret could stand here by mistake, so the text is not quoted.
	errs.addf(key, "must be a date such as 2027-01-31, or a time such as 2027-01-31T06:00:00Z (got %d bytes that are neither)", len(text))
	return time.Time{}
}
