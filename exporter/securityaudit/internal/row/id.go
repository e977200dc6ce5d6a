package row

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
	"github.com/authevents/otelcol-auth/internal/attr"
)

// Namespace is that of the ids made of log.record.uid (RFC 9562, version 5), so
// that whoever has a uid finds its row: uuid_generate_v5(Namespace, uid). It is
// itself the version 5 UUID, in the namespace of URLs, of
// https://github.com/authevents/otelcol-auth/log.record.uid.
const Namespace = "1646d4e3-d453-5db1-8953-5294c2cc7be3"

var namespace, _ = layout.ParseUUID(Namespace)

// id is the row's id. The same record has the same id, always.
func (m *Mapper) id(c *layout.Column) any {
	uid := m.uid()
	id, isUUID := idOf(uid)
	if isUUID && m.in.uidGiven { // then the id says all of the uid
		m.used = append(m.used, attr.LogRecordUID)
		m.take(attr.LogRecordUID, uid)
	}
	if c.Type == layout.Text {
		return m.convertText(c, uuidText(id))
	}
	return id
}

// idOf is the uid where it is a UUID with its dashes, or else one made of it.
// A uid of 32 hexadecimal digits is a position, and no UUID.
func idOf(uid string) (id [16]byte, isUUID bool) {
	if len(uid) == 36 {
		if id, isUUID = layout.ParseUUID(uid); isUUID {
			return id, true
		}
	}
	var room [96]byte // on the stack, for nearly all uids
	sum := sha1.Sum(append(append(room[:0], namespace[:]...), uid...))
	copy(id[:], sum[:])
	id[6] = id[6]&0x0f | 0x50
	id[8] = id[8]&0x3f | 0x80
	return id, false
}

func uuidText(id [16]byte) string {
	var b [36]byte
	hex.Encode(b[:8], id[:4])
	hex.Encode(b[9:13], id[4:6])
	hex.Encode(b[14:18], id[6:8])
	hex.Encode(b[19:23], id[8:10])
	hex.Encode(b[24:], id[10:])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
	return string(b[:])
}

// uid is the record's log.record.uid, or, for want of one, a hash of the
// record: delivered again, it has the same. So have two records that are alike
// in every respect and time, which are then one row.
func (m *Mapper) uid() string {
	if m.in.uid != "" {
		return m.in.uid
	}
	m.in.uid = m.attributeText(attr.LogRecordUID)
	m.in.uidGiven = m.in.uid != ""
	if !m.in.uidGiven {
		m.in.uid = contentUID(&m.in)
	}
	return m.in.uid
}

// maxUID is the longest uid that stands in a row as it is: an index takes no
// value above 2,704 bytes, and a row that has one is refused.
const maxUID = 255

// uidText is the uid as it stands in a row. One that Postgres or an index would
// not take is replaced by its hash, which tells records apart just as well.
func (m *Mapper) uidText() string {
	uid := m.uid()
	if len(uid) <= maxUID && isClean(uid) {
		return uid
	}
	sum := sha256.Sum256([]byte(uid))
	return "sha256-" + hex.EncodeToString(sum[:])
}
