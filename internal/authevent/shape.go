package authevent

import (
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/xpdata"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// shape is what the records of one event have in common.
type shape struct {
	// places is the most attributes that a record had: room for as many saves
	// growing, and hardly any stays empty, since the lines of one event are alike.
	places int
	// heads are the attributes that begin such a record, by its outcome.
	heads [len(outcomes)]head
}

// head are attributes with the same values in many records. They are made once;
// a record gets a copy of the list, and shares the values, which pdata keeps
// behind pointers: it replaces a value, and never writes into it. sharesValues
// looks whether that holds.
type head struct {
	attrs [1]xpdata.MapBuilder
	len   int // 0 until it is made
}

// outcomes are those by which heads are told apart.
var outcomes = [...]string{"", attr.OutcomeSuccess, attr.OutcomeFailure}

// fill makes the head of pairs of a name and a value.
func (h *head) fill(pairs ...string) {
	h.len = len(pairs) / 2
	h.attrs[0].EnsureCapacity(h.len) // and no room for more, see into
	for i := 0; i < len(pairs); i += 2 {
		h.attrs[0].AppendEmpty(pairs[i]).SetStr(pairs[i+1])
	}
}

// into begins the attributes of a record, of which there will be more, places in
// all. A builder may not be assigned, for a counter in it that builders do not
// use: hence copy. EnsureCapacity then moves what is in it to a list of its own,
// since the head's has no room.
func (h *head) into(attrs *[1]xpdata.MapBuilder, places int) {
	copy(attrs[:], h.attrs[:])
	attrs[0].EnsureCapacity(max(places, h.len+1))
}

// sharesValues says whether records may share values: not where pdata recycles
// the values that it replaces, as behind its gate pdata.useProtoPooling.
func sharesValues() bool {
	var h head
	h.fill("name", "value")
	var maps [2]pcommon.Map
	for i := range maps {
		var attrs [1]xpdata.MapBuilder
		h.into(&attrs, 2)
		maps[i] = pcommon.NewMap()
		attrs[0].UnsafeIntoMap(maps[i])
	}
	maps[0].PutStr("name", "other")
	one, _ := maps[0].Get("name")
	two, _ := maps[1].Get("name")
	return one.Str() == "other" && two.Str() == "value"
}

// shape returns that of an event's records.
func (b *Batch) shape(m *meaning) *shape {
	s := b.shapes[m]
	if s == nil {
		s = &shape{}
		b.shapes[m] = s
	}
	return s
}

// begin begins the attributes of a record of b.event, with those that all its
// records have. Only the names that the profile lists have heads: there are
// bounded many, and nothing of them comes from a line.
func (b *Batch) begin(p *compiled, s *shape, outcome string, timeFallback bool) {
	m := b.event.meaning
	if b.parser.sharesValues && m != &b.event.guessed && b.event.original == "" && !timeFallback {
		h := &s.heads[slices.Index(outcomes[:], outcome)]
		switch {
		case h.len > 0:
		case outcome == "":
			h.fill(attr.OTelEventName, m.name, attr.Source, p.name, attr.Category, m.category)
		default:
			h.fill(attr.OTelEventName, m.name, attr.Source, p.name, attr.Category, m.category, attr.Outcome, outcome)
		}
		h.into(&b.attrs, s.places)
		return
	}
	b.attrs[0].EnsureCapacity(s.places)
	if timeFallback {
		b.putBool(attr.TimeFallback, true)
	}
	b.put(attr.OTelEventName, m.name)
	if b.event.original != "" {
		b.put(attr.EventOriginalName, b.event.original)
	}
	b.put(attr.Source, p.name)
	b.put(attr.Category, m.category)
	if outcome != "" {
		b.put(attr.Outcome, outcome)
	}
}
