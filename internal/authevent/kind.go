package authevent

// kind is the JSON type of a value; absent is the zero value.
type kind uint8

const (
	absent kind = iota
	null
	boolean
	integer
	float
	text
	object
	array
)

// kindSet is a set of kinds, a bit for each.
type kindSet uint8

func setOf(kinds ...kind) kindSet {
	var s kindSet
	for _, k := range kinds {
		s |= 1 << k
	}
	return s
}

func (s kindSet) has(k kind) bool { return s&(1<<k) != 0 }

// The types by which profiles call kinds.
const typeNames = "text, number, boolean, object or array"

var kindsByName = map[string]kindSet{
	"text": setOf(text), "number": setOf(integer, float), "boolean": setOf(boolean), "object": setOf(object), "array": setOf(array),
}
