package pseudonym

import (
	"net/netip"
	"strings"
	"unicode/utf8"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// appendCanonical appends to dst the form of value in which equal values are
// equal bytes:
//
//	email     lower case; the domain's A-label or U-label as it is written
//	ip        parsed, unmapped, without zone, as net/netip writes it
//	identity  without white space around; a UUID in lower case
//
// An IP address that does not parse stays as it is.
func appendCanonical(dst []byte, kind pii.Kind, value string) []byte {
	value = strings.TrimSpace(value)
	switch kind {
	case pii.Email:
		return appendLower(dst, value)
	case pii.IP:
		if addr, err := netip.ParseAddr(value); err == nil {
			return addr.Unmap().WithZone("").AppendTo(dst)
		}
	case pii.Identity:
		if IsUUID(value) {
			return appendLower(dst, value)
		}
	}
	return append(dst, value...)
}

// appendLower lowers without allocating where all is ASCII.
func appendLower(dst []byte, s string) []byte {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			// Invalid UTF-8 stays as it is: ToLower would make one value of
			// all invalid bytes, and so one pseudonym of two users.
			if utf8.ValidString(s) {
				s = strings.ToLower(s)
			}
			return append(dst, s...)
		}
	}
	for _, c := range []byte(s) {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}
