// Package pii names the kinds of personal data, and carries from the parser to
// the scrubber which places of a record's body hold which kind.
//
// It is the whole contract between the two: the parser writes auth.pii.fields
// on the scope of its records (EncodeFields), the scrubber reads it there
// (ParseFields), and neither knows the other. That holds behind a gateway as well.
package pii

import "fmt"

// Kind is a kind of personal data, or of what travels with it.
type Kind uint8

const (
	// None marks a value that is no personal data by itself. It may still
	// contain some: free text, a URL.
	None Kind = iota
	// Identity is a person's or a device's stable id: user, visitor and
	// session ids, user names.
	Identity
	// Email is an e-mail address.
	Email
	// IP is an IPv4 or IPv6 address.
	IP
	// Phone is a phone number. It is redacted under every policy.
	Phone
	// Secret is a code, token, cookie, state or challenge. It is redacted
	// under every policy.
	Secret

	numKinds
)

var kindNames = [numKinds]string{"none", "identity", "email", "ip", "phone", "secret"}

// Kinds lists every kind but None, in a fixed order.
func Kinds() []Kind { return []Kind{Identity, Email, IP, Phone, Secret} }

// NumKinds is the number of kinds, None included: the length of an array that
// is indexed by Kind.
const NumKinds = int(numKinds)

// String returns the kind's name as it stands in configs, metrics and auth.pii.fields.
func (k Kind) String() string {
	if k < numKinds {
		return kindNames[k]
	}
	return "unknown"
}

// ParseKind is the inverse of String. It refuses "none".
func ParseKind(name string) (Kind, error) {
	for _, k := range Kinds() {
		if kindNames[k] == name {
			return k, nil
		}
	}
	return None, fmt.Errorf("unknown kind of personal data %q: use one of identity, email, ip, phone, secret", name)
}
