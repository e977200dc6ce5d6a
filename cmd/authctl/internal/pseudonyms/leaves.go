package pseudonyms

import (
	"fmt"
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// attributeOf is where a record has a value of a kind.
var attributeOf = map[pii.Kind]string{
	pii.Identity: attr.UserID,
	pii.Email:    attr.UserEmail,
	pii.IP:       attr.ClientAddress,
}

// Leaving is what a scrubber makes of a value under one key.
type Leaving struct {
	Scrubber  string   `json:"scrubber"`
	Pipelines []string `json:"pipelines"`
	// Rule is the rule of the policy that makes something else of the value than
	// the policy itself; empty for that.
	Rule    string `json:"rule,omitempty"`
	KeyID   string `json:"key_id,omitempty"`
	Context string `json:"context,omitempty"`
	Action  string `json:"action"`
	// Text is what leaves, in Attribute. It is empty where nothing does, and where
	// the value leaves as it is.
	Attribute string `json:"attribute"`
	Text      string `json:"text,omitempty"`
	// AsItIs says that the value is not scrubbed.
	AsItIs  bool    `json:"as_it_is,omitempty"`
	Queries []Query `json:"queries,omitempty"`
}

// leavings says what leaves in place of a value, under every key that is not
// ended at now, and under each rule that makes something else of it. It asks
// the scrubber, so that it can't say anything else than what the collector does.
func (s *scrubber) leavings(kind pii.Kind, value string, now time.Time) ([]Leaving, error) {
	policy := s.policy
	if err := s.config.ReadKeys(&policy); err != nil {
		return nil, fmt.Errorf("processors::%s: %w", s.id, err)
	}
	var list []Leaving
	for _, keys := range rotations(policy.Keys, now) {
		policy.Keys = keys
		base, err := s.leaving(policy, kind, value)
		if err != nil {
			return nil, err
		}
		list = append(list, base)
		for i, rule := range policy.Rules {
			of := policy
			of.Treatment, of.Rules = rule.Treatment, nil
			under, err := s.leaving(of, kind, value)
			if err != nil {
				return nil, err
			}
			if under.Text != base.Text || under.AsItIs != base.AsItIs {
				under.Rule = fmt.Sprintf("rules[%d]", i)
				list = append(list, under)
			}
		}
	}
	return list, nil
}

// leaving is what a policy makes of a value of a record that no rule matches.
func (s *scrubber) leaving(policy scrub.Policy, kind pii.Kind, value string) (Leaving, error) {
	policy.Rules = nil
	sc, err := scrub.New(policy)
	if err != nil {
		return Leaving{}, fmt.Errorf("processors::%s: %w", s.id, err)
	}
	l := Leaving{
		Scrubber: s.id.String(), Pipelines: s.pipelines, KeyID: sc.KeyID(), Context: policy.Context,
		Action: policy.Actions[kind].String(), Attribute: attributeOf[kind],
	}
	if policy.Audit {
		l.Action = "audit"
	}
	ld := plog.NewLogs()
	record := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	record.Attributes().PutStr(l.Attribute, value)
	sc.Logs(ld)
	if ld.LogRecordCount() == 0 {
		return l, nil
	}
	if v, ok := record.Attributes().Get(l.Attribute); ok {
		l.Text = v.Str()
	}
	if l.Text == value {
		l.Text, l.AsItIs = "", true
	}
	if l.Text == scrub.Redacted {
		l.Text = ""
	}
	if l.Text != "" {
		l.Queries = queries(kind, l.Text)
	}
	return l, nil
}

// rotations has each live key make the pseudonyms once.
func rotations(keys []pseudonym.Key, now time.Time) [][]pseudonym.Key {
	if len(keys) == 0 {
		return [][]pseudonym.Key{nil}
	}
	var list [][]pseudonym.Key
	for i, k := range keys {
		if !k.Until.IsZero() && !now.Before(k.Until) {
			continue
		}
		k.Until = time.Time{} // which the first key may not have
		list = append(list, slices.Concat([]pseudonym.Key{k}, keys[:i], keys[i+1:]))
	}
	return list
}
