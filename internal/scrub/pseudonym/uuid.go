package pseudonym

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
)

const (
	uuidText = 36
	// uuidMAC is how many bytes of a UUID come from the value's MAC. Six of
	// their bits are version and variant; by the 90 that are left, two of a billion
	// values meet with odds of one to a billion. The last 32 bits are the check.
	uuidMAC = 12
)

// uuid writes a MAC as a UUID of version 8, which is free for such uses (RFC
// 9562, section 5.8). The key's id does not show in it.
func (k *derivedKey) uuid(mac [sha256.Size]byte) string {
	var id [16]byte
	copy(id[:uuidMAC], mac[:])
	id[6] = id[6]&0x0f | 0x80 // version 8
	id[8] = id[8]&0x3f | 0x80 // the variant of RFC 9562
	check := k.uuidCheck.sum(id[:uuidMAC])
	copy(id[uuidMAC:], check[:])

	var text [uuidText]byte
	hex.Encode(text[0:8], id[0:4])
	hex.Encode(text[9:13], id[4:6])
	hex.Encode(text[14:18], id[6:8])
	hex.Encode(text[19:23], id[8:10])
	hex.Encode(text[24:36], id[10:16])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}

// verifiesUUID says whether the last bytes of a UUID are the check that the
// others have under this key.
func (k *derivedKey) verifiesUUID(id *[16]byte) bool {
	sum := k.uuidCheck.sum(id[:uuidMAC])
	return subtle.ConstantTimeCompare(sum[:16-uuidMAC], id[uuidMAC:]) == 1
}

// parseUUID reads a UUID of version 8, written as uuid writes it: upper case
// is not, and so is another text. Nearly all texts fail at the version.
func parseUUID(text string) (id [16]byte, ok bool) {
	if len(text) != uuidText || text[14] != '8' || !IsUUID(text) {
		return id, false
	}
	n := 0
	for i := 0; i < len(text); i += 2 {
		if text[i] == '-' {
			i++
		}
		id[n] = nibble(text[i])<<4 | nibble(text[i+1])
		n++
		if upper(text[i]) || upper(text[i+1]) {
			return id, false
		}
	}
	return id, id[8]&0xc0 == 0x80
}

// nibble is the value of a hexadecimal digit.
func nibble(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c&0x0f + 9
}

func upper(c byte) bool { return 'A' <= c && c <= 'F' }
