package piiscrub

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestConfigRefuses(t *testing.T) {
	for name, tt := range map[string]struct{ yaml, want string }{
		"no keys": {`{}`, `keys: at least one key is needed: set keys: [{id: k1, secret: "${env:PIISCRUB_KEY}"}]`},
		"empty secret": {`keys: [{id: k1, secret: ""}]`,
			`keys[0].secret: must be at least 32 bytes (got 0): set the environment variable that it names, for example to the output of "openssl rand -base64 32"`},
		"short secret": {`keys: [{id: k1, secret: hunter2}]`,
			`keys[0].secret: must be at least 32 bytes (got 7): set the environment variable that it names, for example to the output of "openssl rand -base64 32"`},
		"no id":   {`keys: [{secret: ` + goodSecret + `}]`, `keys[0].id: must be 1 to 16 of a-z and 0-9 (got 0 bytes): name it k1, for example`},
		"same id": {`keys: [{id: k1, secret: ` + goodSecret + `}, {id: k1, secret: ` + goodSecret + `}]`, `keys[1].id: must differ from keys[0].id: give each key an id of its own`},
		"two secrets": {`keys: [{id: k1, secret: ` + goodSecret + `, secret_file: /run/k1}]`,
			`keys[0]: has both secret and secret_file: remove one of them`},
		"until": {`keys: [{id: k1, secret: ` + goodSecret + `}, {id: k0, secret: ` + otherSecret + `, until: soon}]`,
			`keys[1].until: must be a date such as 2027-01-31, or a time such as 2027-01-31T06:00:00Z (got 4 bytes that are neither)`},
		"destroy_after": {`keys: [{id: k1, secret: ` + goodSecret + `, destroy_after: 31.01.2027}]`,
			`keys[0].destroy_after: must be a date such as 2027-01-31, or a time such as 2027-01-31T06:00:00Z (got 10 bytes that are neither)`},

		"until of the first": {`keys: [{id: k1, secret: ` + goodSecret + `, until: 2027-01-31}]`,
			`keys[0].until: the first key makes the pseudonyms and has no end (got 2027-01-31): put the new key before it, or remove until`},
		"destroyed before until": {`keys: [{id: k1, secret: ` + goodSecret + `}, {id: k0, secret: ` + otherSecret + `, until: 2999-02-01, destroy_after: 2999-01-31}]`,
			`keys[1].destroy_after: must not be before until, 2999-02-01 (got 2999-01-31): a key is needed for as long as it verifies`},

		"preset":           {goodKeys + `preset: none`, `preset: must be one of analytics, audit, strict (got "none")`},
		"identity":         {goodKeys + `identity: truncate`, `identity: must be keep, drop, redact or pseudonym (got "truncate")`},
		"email":            {goodKeys + `email: hash`, `email: must be keep, drop, redact, pseudonym or keep_domain (got "hash")`},
		"email block":      {goodKeys + `email: {action: hash}`, `email: must be keep, drop, redact, pseudonym or keep_domain (got "hash")`},
		"ip":               {goodKeys + `ip: family`, `ip: must be keep, drop, redact, pseudonym, truncate or prefix_preserving (got "family")`},
		"phone":            {goodKeys + `phone: pseudonym`, `phone: must be keep, drop or redact (got "pseudonym")`},
		"secret":           {goodKeys + `secret: keep`, `secret: must be drop or redact (got "keep")`},
		"name":             {goodKeys + `name: initials`, `name: must be keep, drop or redact (got "initials")`},
		"quasi_identifier": {goodKeys + `quasi_identifier: pseudonym`, `quasi_identifier: must be keep, drop or redact (got "pseudonym")`},
		"vendor_id":        {goodKeys + `vendor_id: pseudonym`, `vendor_id: must be keep, drop or redact (got "pseudonym")`},
		"user_agent":       {goodKeys + `user_agent: major`, `user_agent: must be keep, drop, redact or family (got "major")`},
		"version":          {goodKeys + `version: family`, `version: must be keep, drop, redact or major (got "family")`},
		"url":              {goodKeys + `url: template`, `url: must be keep, drop, redact or origin (got "template")`},
		"path":             {goodKeys + `path: origin`, `path: must be keep, drop, redact or template (got "origin")`},
		"text":             {goodKeys + `text: scan`, `text: must be keep, drop or redact (got "scan")`},
		"email_domain":     {goodKeys + `email_domain: full`, `email_domain: must be keep, drop, redact, registrable or provider (got "full")`},
		"trace_id":         {goodKeys + `trace_id: pseudonym`, `trace_id: must be keep or drop (got "pseudonym")`},
		"ip.keep":          {goodKeys + `ip: {action: drop, keep: all}`, `ip.keep: must be none, private or class (got "all")`},
		"a class of no action": {goodKeys + `ip: {action: pseudonym, keep: class}`,
			`ip.keep: class stands for what drop and redact take, and the action is pseudonym: set ip.action to drop or redact, or remove it`},
		"email.domain": {goodKeys + `email: {action: keep_domain, domain: tld}`, `email.domain: must be full, registrable or provider (got "tld")`},
		"a domain of no action": {goodKeys + `email: {domain: provider}`,
			`email.domain: says what keep_domain leaves, and the action is pseudonym: set email.action to keep_domain, or remove it`},

		"ipv4_bits": {goodKeys + `ipv4_bits: 33`, `ipv4_bits: must be between 1 and 32 (got 33)`},
		"ipv6_bits": {goodKeys + `ipv6_bits: 0`, `ipv6_bits: must be between 1 and 128 (got 0)`},

		"unlisted": {goodKeys + `unlisted: keep`, `unlisted: must be scan or drop (got "keep")`},
		"unparsed": {goodKeys + `unparsed: drop`, `unparsed: must be redact or scan (got "drop")`},
		"on_error": {goodKeys + `on_error: keep`, `on_error: must be drop or redact (got "keep")`},
		"mode":     {goodKeys + `mode: dry_run`, `mode: must be enforce or audit (got "dry_run")`},
		"no mode":  {goodKeys + `mode:`, `mode: must be enforce or audit (got "")`},
		"shape":    {goodKeys + `shape: uuid`, `shape: must be token or preserve (got "uuid")`},
		"verify":   {goodKeys + `verify: 1.5`, `verify: must be a share of records, between 0 and 1 (got 1.5)`},
		"no share": {goodKeys + `verify: .nan`, `verify: must be a share of records, between 0 and 1 (got NaN)`},
		"no key to make pseudonyms": {`trusted_upstream: true`,
			`keys: at least one key is needed for pseudonym and prefix_preserving: set keys: [{id: k1, secret: "${env:PIISCRUB_KEY}"}], or choose other actions`},
		"field path": {goodKeys + `fields: [{path: /a, kind: ip}, {path: "a*b", kind: ip}]`,
			`fields[1].path: an attribute's name may have a * at its end only (got "a*b"): for a place in the body begin with /`},
		"context": {goodKeys + `context: ` + strings.Repeat("c", 129),
			`context: must be UTF-8 text of at most 128 bytes (got 129 bytes): name the destination, for example`},

		"field kind": {goodKeys + `fields: [{path: /a, kind: person}]`,
			`fields[0].kind: unknown kind of personal data "person": use one of identity, email, ip, phone, secret, name, quasi_identifier, vendor_id, user_agent, version, url, path, text, email_domain, trace_id, public`},

		"rule action":   {goodKeys + `rules: [{source: hera}, {source: hera, ip: gone}]`, `rules[1].ip: must be keep, drop, redact, pseudonym, truncate or prefix_preserving (got "gone")`},
		"rule unlisted": {goodKeys + `rules: [{unlisted: redact}]`, `rules[0].unlisted: must be scan or drop (got "redact")`},
		"rule domain": {goodKeys + `rules: [{email: {domain: full}}]`,
			`rules[0].email.domain: says what keep_domain leaves, and the action is pseudonym: set email.action to keep_domain, or remove it`},
		"rule that hides others": {goodKeys + `rules: [{source: x, identity: keep}, {event_name: "*", identity: keep}, {source: hera, identity: drop}]`,
			`rules[1]: has no condition, so that no rule behind it is ever used: give it event_name, source or attributes, or put it last`},
		"null rule": {goodKeys + `rules: [~, {source: hera, identity: drop}]`,
			`rules[0]: has no condition, so that no rule behind it is ever used: give it event_name, source or attributes, or put it last`},
		"rule allows nothing": {goodKeys + `rules: [{source: hera, allow_fields: []}]`, `rules[0].allow_fields: is empty: list the fields that may pass, or leave it out`},
		"rule allows and scans": {goodKeys + `rules: [{unlisted: scan, allow_fields: [/a]}]`,
			`rules[0].unlisted: is scan, and allow_fields drops what it does not list: remove one of them`},
		"rule allows a bad path": {goodKeys + `rules: [{allow_fields: [auth.*.id]}]`,
			`rules[0].allow_fields[0]: an attribute's name may have a * at its end only (got "auth.*.id"): for a place in the body begin with /`},
		"rule bits": {goodKeys + `rules: [{ipv4_bits: 0, ipv6_bits: 129}]`,
			"rules[0].ipv4_bits: must be between 1 and 32 (got 0)\nrules[0].ipv6_bits: must be between 1 and 128 (got 129)"},
		"rule class": {goodKeys + `rules: [{source: hera, ip: {keep: class}}]`,
			`rules[0].ip.keep: class stands for what drop and redact take, and the action is truncate: set ip.action to drop or redact, or remove it`},
		"rule attribute": {goodKeys + `rules: [{attributes: {auth.method: [totp, sms]}}]`,
			`rules[0].attributes: auth.method must be a text, a number or a boolean (got []interface {}): name one value`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, tt.yaml)
			require.EqualError(t, err, tt.want)
			assert.NotContains(t, err.Error(), "hunter2")
			assert.NotContains(t, err.Error(), goodSecret)
		})
	}
}

// TestUnmarshalRefuses: what is wrong with the keys themselves.
func TestUnmarshalRefuses(t *testing.T) {
	const rule = "allow_fields, attributes, email, email_domain, event_name, identity, ip, ipv4_bits, ipv6_bits, name, path, phone, quasi_identifier, secret, source, text, trace_id, unlisted, url, user_agent, vendor_id, version"
	for name, tt := range map[string]struct{ yaml, want, known string }{
		"typo": {goodKeys + "emial: drop", "invalid keys: emial",
			"annotate, context, decode_tokens, email, email_domain, emit_previous, fields, identity, ip, ipv4_bits, ipv6_bits, keep_pii_fields, keys, mode, name, on_error, path, phone, preset, quasi_identifier, rules, secret, shape, text, trace_id, trusted_upstream, unlisted, unparsed, url, user_agent, vendor_id, verify, version"},
		"typo in ip":        {goodKeys + "ip: {acton: drop}", "invalid keys: acton", "action, keep"},
		"typo in email":     {goodKeys + "email: {domian: full}", "invalid keys: domian", "action, domain"},
		"typo in keys":      {"keys: [{id: k1, secert: x}]", "invalid keys: secert", "destroy_after, id, secret, secret_file, until"},
		"typo in field":     {goodKeys + "fields: [{path: /a, kinds: ip}]", "invalid keys: kinds", "kind, path, source"},
		"typo in rule":      {goodKeys + "rules: [{event: a}]", "invalid keys: event", rule},
		"typo in rule's ip": {goodKeys + "rules: [{ip: {keeps: class}}]", "invalid keys: keeps", "action, keep"},

		"empty action":       {goodKeys + `identity: ""`, "identity: is empty: give it a value, or leave it out", ""},
		"null action":        {goodKeys + `phone:`, "phone: is empty: give it a value, or leave it out", ""},
		"empty ip":           {goodKeys + `ip: ""`, "ip: is empty: give it a value, or leave it out", ""},
		"empty email.domain": {goodKeys + `email: {action: keep_domain, domain: }`, "domain: is empty: give it a value, or leave it out", ""},
		"empty unlisted":     {goodKeys + `unlisted: ""`, "unlisted: is empty: give it a value, or leave it out", ""},
		"null verify":        {goodKeys + `verify:`, "verify: is empty: give it a value, or leave it out", ""},
		"null context":       {goodKeys + `context:`, "context: is empty: give it a value, or leave it out", ""},
		"null fields":        {goodKeys + `fields:`, "fields: is empty: give it a value, or leave it out", ""},
		"null rules":         {goodKeys + `rules:`, "rules: is empty: give it a value, or leave it out", ""},
		"empty condition":    {goodKeys + `rules: [{source: "", identity: keep}]`, "source: is empty: give it a value, or leave it out", ""},
		"empty attribute":    {goodKeys + `rules: [{attributes: {auth.method: }}]`, "attributes::auth.method: is empty: give it a value, or leave it out", ""},
		"empty secret_file":  {`keys: [{id: k1, secret_file: ""}]`, "secret_file: is empty: give it a value, or leave it out", ""},
		"empty until":        {`keys: [{id: k1, until: }]`, "until: is empty: give it a value, or leave it out", ""},
		"half a bit":         {goodKeys + `ipv4_bits: 24.5`, "ipv4_bits: must be a whole number (got 24.5)", ""},
		"a text for bits":    {goodKeys + `ipv6_bits: "48"`, "ipv6_bits: must be a whole number (got string)", ""},
		"half a bit, a rule": {goodKeys + `rules: [{source: hera, ipv6_bits: 47.9}]`, "ipv6_bits: must be a whole number (got 47.9)", ""},
		"a number":           {goodKeys + `ip: 5`, "ip", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, tt.yaml)
			require.ErrorContains(t, err, tt.want)
			if tt.known != "" {
				assert.True(t, strings.HasSuffix(err.Error(), "\n\nthe keys here are: "+tt.known), "%v", err)
				assert.Equal(t, 1, strings.Count(err.Error(), "the keys here are"))
			}
		})
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	_, err := load(t, `{preset: x, identity: x, email: x, ip: {action: x, keep: x}, ipv4_bits: 0, ipv6_bits: 0, unlisted: x,
  unparsed: x, on_error: x, mode: x, shape: x, fields: [{path: /a, kind: x}], rules: [{ip: x, url: x}],
  keys: [{id: X, secret: a, secret_file: b, until: x, destroy_after: x}]}`)
	for _, key := range []string{
		"preset:", "identity:", "email:", "ip:", "ip.keep:", "ipv4_bits:", "ipv6_bits:", "unlisted:", "unparsed:", "on_error:",
		"mode:", "shape:", "fields[0].kind:", "rules[0].ip:", "rules[0].url:", "keys[0]:", "keys[0].id:", "keys[0].until:", "keys[0].destroy_after:",
	} {
		require.ErrorContains(t, err, key)
	}
}
