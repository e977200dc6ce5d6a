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

// appendUUID writes a MAC as a UUID of version 8, which is free for such uses (RFC
// 9562, section 5.8). The key's id does not show in it.
func (k *derivedKey) appendUUID(dst []byte, mac [sha256.Size]byte) []byte {
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
	return append(dst, text[:]...)
}

// verifiesUUID says whether the last bytes of a UUID are the check that the
// others have under this key.
func (k *derivedKey) verifiesUUID(id *[16]byte) bool {
	sum := k.uuidCheck.sum(id[:uuidMAC])
	return subtle.ConstantTimeCompare(sum[:16-uuidMAC], id[uuidMAC:]) == 1
}

// parseUUID reads a UUID of version 8, written as appendUUID writes it: upper case
// is not, and so is another text. Nearly all texts fail at the version.
func parseUUID(text string) (id [16]byte, ok bool) {
	if len(text) != uuidText || text[14] != '8' {
		return id, false
	}
	id, ok = packUUID(text)
	return id, ok && id[8]&0xc0 == 0x80
}

// packUUID reads a UUID of any version that has no upper-case digit.
func packUUID(text string) (id [16]byte, ok bool) {
	id, digits := readUUID(text)
	return id, digits&(noDigit|upperDigit) == 0
}

// IsUUID says whether s is written as a UUID, 8-4-4-4-12 hexadecimal digits.
func IsUUID(s string) bool {
	_, digits := readUUID(s)
	return digits&noDigit == 0
}

// readUUID returns what the digits of a UUID say, and what is true of some of them.
func readUUID(text string) (id [16]byte, digits byte) {
	if len(text) != uuidText || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return id, noDigit
	}
	for i, at := range uuidDigits {
		high, low := nibbles[text[at]], nibbles[text[at+1]]
		digits |= high | low
		id[i] = high<<4 | low&0x0f
	}
	return id, digits
}

// uuidDigits is where in a UUID the two digits of each byte stand.
var uuidDigits = [16]uint8{0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34}

// Marks of nibbles, beside the four bits of the value.
const (
	upperDigit = 1 << 6
	noDigit    = 1 << 7
)

// nibbles are the values of hexadecimal digits: ids are read digit by digit.
var nibbles = func() (table [256]byte) {
	for c := range table {
		table[c] = noDigit
	}
	for value := range byte(16) {
		table["0123456789ABCDEF"[value]] = value | upperDigit
		table["0123456789abcdef"[value]] = value
	}
	return table
}()
