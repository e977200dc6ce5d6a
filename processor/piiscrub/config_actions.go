package piiscrub

import (
	"errors"
	"fmt"
	"math"

	"go.opentelemetry.io/collector/confmap"

	"github.com/authevents/otelcol-auth/internal/knownkeys"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub"
)

// ActionsConfig is what is done with each kind of personal data. What is empty
// is as the preset has it, or in a rule, as it is at top level.
type ActionsConfig struct {
	Identity        string      `mapstructure:"identity,omitempty"`
	Email           EmailConfig `mapstructure:"email,omitempty"`
	IP              IPConfig    `mapstructure:"ip,omitempty"`
	Phone           string      `mapstructure:"phone,omitempty"`
	Secret          string      `mapstructure:"secret,omitempty"`
	Name            string      `mapstructure:"name,omitempty"`
	QuasiIdentifier string      `mapstructure:"quasi_identifier,omitempty"`
	VendorID        string      `mapstructure:"vendor_id,omitempty"`
	UserAgent       string      `mapstructure:"user_agent,omitempty"`
	Version         string      `mapstructure:"version,omitempty"`
	URL             string      `mapstructure:"url,omitempty"`
	Path            string      `mapstructure:"path,omitempty"`
	Text            string      `mapstructure:"text,omitempty"`
	EmailDomain     string      `mapstructure:"email_domain,omitempty"`
	TraceID         string      `mapstructure:"trace_id,omitempty"`
}

// EmailConfig is an action alone, or an action with its option.
type EmailConfig struct {
	Action string `mapstructure:"action,omitempty"`
	// Domain is what keep_domain leaves of it: full, registrable or provider.
	Domain string `mapstructure:"domain,omitempty"`
}

// IPConfig is an action alone, or an action with its option.
type IPConfig struct {
	Action string `mapstructure:"action,omitempty"`
	// Keep is what stays whatever the action is: none, private or class.
	Keep string `mapstructure:"keep,omitempty"`
}

// UnmarshalText takes email: <action>.
func (c *EmailConfig) UnmarshalText(action []byte) error {
	*c = EmailConfig{Action: string(action)}
	return nil
}

// Unmarshal takes email: {action: …, domain: …}.
func (c *EmailConfig) Unmarshal(conf *confmap.Conf) error { return unmarshalBlock(conf, c) }

// UnmarshalText takes ip: <action>.
func (c *IPConfig) UnmarshalText(action []byte) error {
	*c = IPConfig{Action: string(action)}
	return nil
}

// Unmarshal takes ip: {action: …, keep: …}.
func (c *IPConfig) Unmarshal(conf *confmap.Conf) error { return unmarshalBlock(conf, c) }

// unmarshalBlock is Unmarshal of a block in which no key may be empty.
func unmarshalBlock(conf *confmap.Conf, into any) error {
	if err := refuseEmpty(conf, conf.AllKeys()); err != nil {
		return err
	}
	return knownkeys.Unmarshal(conf, into)
}

// refuseEmpty refuses keys that are there and have no value. An environment
// variable that is not set reads so, and must not widen a policy unseen.
func refuseEmpty(conf *confmap.Conf, keys []string) error {
	var errs []error
	for _, key := range keys {
		if value := conf.Get(key); conf.IsSet(key) && (value == nil || value == "") {
			errs = append(errs, fmt.Errorf("%s: is empty: give it a value, or leave it out", key))
		}
	}
	return errors.Join(errs...)
}

// refuseFractions refuses numbers of bits that are none, and whatever else would be
// made a whole number of: 24.5 is not 24.
func refuseFractions(conf *confmap.Conf) error {
	var errs []error
	for _, key := range []string{"ipv4_bits", "ipv6_bits"} {
		switch value := conf.Get(key).(type) {
		case nil, int, int64, uint64:
		case float64:
			if value != math.Trunc(value) {
				errs = append(errs, fmt.Errorf("%s: must be a whole number (got %v)", key, value))
			}
		default:
			errs = append(errs, fmt.Errorf("%s: must be a whole number (got %T)", key, value))
		}
	}
	return errors.Join(errs...)
}

// chosen is the action that a config names for a kind; "" for none.
type chosen struct {
	kind   pii.Kind
	action string
}

// chosen lists the kinds that have an action, in a fixed order.
func (a *ActionsConfig) chosen() []chosen {
	return []chosen{
		{pii.Identity, a.Identity},
		{pii.Email, a.Email.Action},
		{pii.IP, a.IP.Action},
		{pii.Phone, a.Phone},
		{pii.Secret, a.Secret},
		{pii.Name, a.Name},
		{pii.QuasiIdentifier, a.QuasiIdentifier},
		{pii.VendorID, a.VendorID},
		{pii.UserAgent, a.UserAgent},
		{pii.Version, a.Version},
		{pii.URL, a.URL},
		{pii.Path, a.Path},
		{pii.Text, a.Text},
		{pii.EmailDomain, a.EmailDomain},
		{pii.TraceID, a.TraceID},
	}
}

func actionKeys() []string {
	var keys []string
	for _, c := range new(ActionsConfig).chosen() {
		keys = append(keys, c.kind.String())
	}
	return keys
}

// apply puts what the config says into a treatment, and leaves there what it
// does not say. at is the path of the YAML block.
func (a *ActionsConfig) apply(t *scrub.Treatment, at string, errs *problems) {
	for _, c := range a.chosen() {
		if c.action == "" {
			continue
		}
		action, err := scrub.ParseAction(c.kind, c.action)
		if err != nil {
			errs.add(at+c.kind.String(), err)
			continue // what was there stands in, so that the rest is found
		}
		t.Actions[c.kind] = action
	}
	if a.Email.Domain != "" {
		emailDomains.parse(a.Email.Domain, &t.EmailDomains, at+"email.domain", errs)
		if action := t.Actions[pii.Email]; action != scrub.KeepDomain {
			errs.addf(at+"email.domain", "says what keep_domain leaves, and the action is %s: set email.action to keep_domain, or remove it", action)
		}
	}
	if a.IP.Keep != "" {
		ipKeep.parse(a.IP.Keep, &t.IPKeep, at+"ip.keep", errs)
		if action := t.Actions[pii.IP]; a.IP.Keep == "class" && action != scrub.Drop && action != scrub.Redact {
			errs.addf(at+"ip.keep", "class stands for what drop and redact take, and the action is %s: set ip.action to drop or redact, or remove it", action)
		}
	}
}
