package pseudonym

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
)

const (
	macBytes   = 16
	checkBytes = 4
	hexDigits  = 2 * (macBytes + checkBytes)

	// minToken and maxToken are the lengths of the shortest and the longest
	// token, by kind and by key id. No UUID is as long as the shortest.
	minToken = len("ip_") + 1 + 1 + hexDigits
	maxToken = len("identity_") + maxKeyID + 1 + hexDigits
)

// appendToken appends the token that begins with this MAC.
func (k *derivedKey) appendToken(dst []byte, kind pii.Kind, mac [sha256.Size]byte) []byte {
	start := len(dst)
	dst = append(dst, kind.String()...)
	dst = append(dst, '_')
	dst = append(dst, k.id...)
	dst = append(dst, '_')
	dst = hex.AppendEncode(dst, mac[:macBytes])
	check := k.check.sum(dst[start:])
	return hex.AppendEncode(dst, check[:checkBytes])
}

// verifies compares the check digits of a text of a token's shape with those
// that it has under this key.
func (k *derivedKey) verifies(text string) bool {
	body, digits := text[:len(text)-2*checkBytes], text[len(text)-2*checkBytes:]
	var stack [maxToken]byte
	sum := k.check.sum(append(stack[:0], body...))
	var want, got [2 * checkBytes]byte
	hex.Encode(want[:], sum[:checkBytes])
	copy(got[:], digits)
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1
}

// splitToken takes a text apart that has the shape of a token. Nearly all
// texts fail at the first comparison.
func splitToken(text string) (keyID string, ok bool) {
	if len(text) < minToken || len(text) > maxToken || text[len(text)-hexDigits-1] != '_' {
		return "", false
	}
	kind, keyID, ok := strings.Cut(text[:len(text)-hexDigits-1], "_")
	if !ok || !validID(keyID) {
		return "", false
	}
	for _, c := range []byte(text[len(text)-hexDigits:]) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return "", false
		}
	}
	return keyID, hasTokens(kind)
}

func hasTokens(kind string) bool {
	for _, k := range kinds {
		if k.String() == kind {
			return true
		}
	}
	return false
}
