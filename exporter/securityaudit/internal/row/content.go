package row

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// contentUID is a uid made of all that a record says, but for when it was
// observed, which differs when it is read again.
func contentUID(in *input) string {
	h := sha256.New()
	hashMap(h, in.resource.Attributes())
	hashMap(h, in.attrs)
	hashText(h, in.record.EventName())
	hashText(h, in.record.SeverityText())
	var number [8]byte
	if v, ok := in.attrs.Get(attr.TimeFallback); !ok || !v.Bool() { // else it is when it was observed
		binary.BigEndian.PutUint64(number[:], uint64(in.record.Timestamp()))
	}
	h.Write(number[:])
	hashText(h, in.record.TraceID().String())
	hashText(h, in.record.SpanID().String())
	hashText(h, in.record.Body().AsString())
	return "content-" + hex.EncodeToString(h.Sum(nil)[:16])
}

// hashMap hashes a map in the order of its names, which is not always the order
// in which it came.
func hashMap(h hash.Hash, m pcommon.Map) {
	type pair struct{ name, value string }
	pairs := make([]pair, 0, m.Len())
	for name, v := range m.All() {
		pairs = append(pairs, pair{name, v.AsString()})
	}
	slices.SortFunc(pairs, func(a, b pair) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.value, b.value)) })
	for _, p := range pairs {
		hashText(h, p.name)
		hashText(h, p.value)
	}
	hashText(h, "")
}

// hashText hashes a text with its length, so that no two lists hash alike.
func hashText(h hash.Hash, s string) {
	var length [8]byte
	binary.BigEndian.PutUint64(length[:], uint64(len(s)))
	h.Write(length[:])
	h.Write([]byte(s))
}
