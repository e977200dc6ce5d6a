package authevent

import "strconv"

// uidSize is the length of a uid, for nearly all lines.
const uidSize = 32

// uid is where the line stands: 16 hexadecimal digits of the origin, 16 of the
// offset, and -<index> for all but the first line of an envelope. No content
// goes into it: a hash of a short line would let its reader confirm a guess.
func (b *Batch) uid(l Line, from *Origin) string {
	b.buf = appendHex(appendHex(b.buf[:0], from.ID), uint64(l.Offset))
	if l.Index > 0 {
		b.buf = strconv.AppendInt(append(b.buf, '-'), int64(l.Index), 10)
	}
	return b.uids.copyOf(b.buf)
}

func appendHex(dst []byte, v uint64) []byte {
	const digits = "0123456789abcdef"
	for shift := 60; shift >= 0; shift -= 4 {
		dst = append(dst, digits[v>>shift&0xf])
	}
	return dst
}
