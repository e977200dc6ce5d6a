package piiscrub

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/confmap"

	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub"
)

// FieldConfig is a known place of personal data.
type FieldConfig struct {
	// Path is a JSON Pointer into the body, with * for any one member or
	// element, or the name of an attribute, with * at the end for any text.
	Path string `mapstructure:"path"`
	// Kind is what stands there, as in auth.pii.fields.
	Kind string `mapstructure:"kind"`
	// Source limits the field to records of one auth.source.
	Source string `mapstructure:"source,omitempty"`
}

// Unmarshal refuses unknown and empty keys.
func (c *FieldConfig) Unmarshal(conf *confmap.Conf) error { return unmarshalBlock(conf, c) }

func (c *FieldConfig) compile(at string, errs *problems) scrub.Field {
	kind, err := pii.ParseKind(c.Kind)
	if err != nil {
		errs.add(at+".kind", err)
		kind = pii.Public
	}
	return scrub.Field{Path: c.Path, Kind: kind, Source: c.Source}
}

// RuleConfig is the policy of the records that all of its conditions hold for.
// What it does not set is as at top level.
type RuleConfig struct {
	// EventName is the record's event name, with * for any text.
	EventName string `mapstructure:"event_name,omitempty"`
	// Source is the record's auth.source.
	Source string `mapstructure:"source,omitempty"`
	// Attributes are values that attributes of the record or its resource have:
	// texts, numbers or booleans.
	Attributes map[string]any `mapstructure:"attributes,omitempty"`

	Actions  ActionsConfig `mapstructure:",squash"`
	IPv4Bits *int          `mapstructure:"ipv4_bits,omitempty"`
	IPv6Bits *int          `mapstructure:"ipv6_bits,omitempty"`
	Unlisted string        `mapstructure:"unlisted,omitempty"`
	// AllowFields drops all that it does not list: paths as in FieldConfig.
	AllowFields []string `mapstructure:"allow_fields,omitempty"`
}

// Unmarshal refuses unknown and empty keys. A condition that is empty would
// hold for every record.
func (c *RuleConfig) Unmarshal(conf *confmap.Conf) error {
	if err := refuseFractions(conf); err != nil {
		return err
	}
	return unmarshalBlock(conf, c)
}

// unconditional says whether the rule holds for every record.
func (c *RuleConfig) unconditional() bool {
	return strings.Trim(c.EventName, "*") == "" && c.Source == "" && len(c.Attributes) == 0
}

// compile makes the rule; base is the treatment at top level.
func (c *RuleConfig) compile(base scrub.Treatment, at string, errs *problems) scrub.Rule {
	rule := scrub.Rule{EventName: c.EventName, Source: c.Source, Treatment: base, AllowFields: c.AllowFields}
	t := &rule.Treatment
	c.Actions.apply(t, at+".", errs)
	if c.IPv4Bits != nil {
		t.IPv4Bits = *c.IPv4Bits
	}
	if c.IPv6Bits != nil {
		t.IPv6Bits = *c.IPv6Bits
	}
	if c.Unlisted != "" {
		unlisted.parse(c.Unlisted, &t.Unlisted, at+".unlisted", errs)
	}
	if c.AllowFields != nil && len(c.AllowFields) == 0 {
		errs.addf(at+".allow_fields", "is empty: list the fields that may pass, or leave it out")
	}
	if len(c.AllowFields) > 0 && c.Unlisted == "scan" {
		errs.addf(at+".unlisted", "is scan, and allow_fields drops what it does not list: remove one of them")
	}
	for _, name := range slices.Sorted(maps.Keys(c.Attributes)) {
		if rule.Attributes == nil {
			rule.Attributes = make(map[string]string, len(c.Attributes))
		}
		switch value := c.Attributes[name].(type) {
		case string, bool, int, int64, uint64, float64:
			rule.Attributes[name] = fmt.Sprint(value)
		default:
			errs.addf(at+".attributes", "%s must be a text, a number or a boolean (got %T): name one value", name, value)
		}
	}
	return rule
}
