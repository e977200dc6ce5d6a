package pipelines

import "strings"

// Redaction are the settings of the redaction processor: ids by their keys, e-mail
// and IP addresses by their looks, each replaced by a keyed hash. The patterns of
// addresses are those of its README, which has none for e-mail. Keys are matched at
// every level of a body that is a map, and at the first of attributes.
//
// Each value is held against each pattern, and that is most of the cost. The word
// boundary in front of an address takes a seventh off; in front of an e-mail address
// it does not, and one pattern for all three takes as long as they do. No key is
// among ignored_keys: the job is to find an address wherever it stands.
func Redaction(keys ...string) map[string]any {
	return map[string]any{
		"allow_all_keys":       true,
		"blocked_key_patterns": []any{"^(?:" + strings.ReplaceAll(strings.Join(keys, "|"), ".", `\.`) + ")$"},
		"blocked_values": []any{
			`[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}`,
			`\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}`,
			`\b(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}`,
		},
		"hash_function": "hmac-sha256",
		"hmac_key":      Key,
		"summary":       "silent",
	}
}
