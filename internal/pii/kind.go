// Package pii names the kinds of personal data, and carries from the parser to
// the scrubber which places of a record's body hold which kind.
//
// It is the whole contract between the two: the parser writes auth.pii.fields
// on the scope of its records (EncodeFields), the scrubber reads it there
// (ParseFields), and neither knows the other. That holds behind a gateway as well.
package pii

import (
	"fmt"
	"strings"
)

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
	// Name is the name of a person.
	Name
	// QuasiIdentifier is what tells a person together with other values only
	// (the term of NIST SP 800-188): birth year, city, ZIP and area code, the
	// name that a user gave a device.
	QuasiIdentifier
	// VendorID is an id of a proofing or risk vendor, by which the vendor
	// finds the person: a ThreatMetrix session, an enrolment code.
	VendorID
	// UserAgent is a User-Agent header.
	UserAgent
	// Version is the version of a browser or an operating system. All of its
	// digits make a fingerprint.
	Version
	// URL is a referer or another URL.
	URL
	// Path is the path of a request, in which ids may stand.
	Path
	// Text is written for people, and quotes what it pleases: the message of
	// an exception or of a vendor.
	Text
	// EmailDomain is the domain of an e-mail address.
	EmailDomain
	// TraceID is an id that joins the event to a load balancer's log, where the
	// address stands beside it.
	TraceID
	// Public is no personal data, and listed as such: what a default-deny
	// policy lets pass. It is searched nonetheless.
	Public

	numKinds
)

var kindNames = [numKinds]string{
	"none", "identity", "email", "ip", "phone", "secret", "name", "quasi_identifier", "vendor_id", "user_agent",
	"version", "url", "path", "text", "email_domain", "trace_id", "public",
}

// Kinds lists every kind but None, in a fixed order.
func Kinds() []Kind {
	kinds := make([]Kind, 0, NumKinds-1)
	for k := None + 1; k < numKinds; k++ {
		kinds = append(kinds, k)
	}
	return kinds
}

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
	return None, fmt.Errorf("unknown kind of personal data %q: use one of %s", name, strings.Join(kindNames[None+1:], ", "))
}
