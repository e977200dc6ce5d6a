package pipelines

import "strings"

// Redaction are the settings of the redaction processor: ids by their keys, e-mail
// and IP addresses by their looks, each replaced by a keyed hash. The patterns of
// addresses are those of its README, which has none for e-mail. Keys are matched at
// every level of a body that is a map, and at the first of attributes.
//
// One pattern for all keys, since each of them is held against each pattern; the
// three of values apart, since one of them together takes no less time.
func Redaction(keys ...string) map[string]any {
	return map[string]any{
		"allow_all_keys":       true,
		"blocked_key_patterns": []any{"^(?:" + strings.ReplaceAll(strings.Join(keys, "|"), ".", `\.`) + ")$"},
		"blocked_values": []any{
			`[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}`,
			`(?:[0-9]{1,3}\.){3}[0-9]{1,3}`,
			`(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}`,
		},
		"hash_function": "hmac-sha256",
		"hmac_key":      Key,
		"summary":       "silent",
	}
}
