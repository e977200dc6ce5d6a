package tail

import (
	"strconv"
	"strings"
)

// positionKey is the key of a position among a file's attributes.
const positionKey = "otelcol_auth.position"

// position is what Files must know of a file beside its offset. It stands, as
// text, among the attributes that fileconsumer keeps with the offset: so it goes
// with the file through rotation, and is saved and restored together with the
// offset.
type position struct {
	id   uint64 // Origin.ID
	next int64  // offset behind what was taken
	in   lineState
}

// lineState says where in a line the offset stands.
type lineState string

const (
	atLineStart lineState = ""
	// inLongLine: what follows, up to its end, is the rest of a line that was cut.
	inLongLine lineState = "long"
	// beforeLineEnd: the line was handed out before its end was written.
	beforeLineEnd lineState = "end"
)

func (p position) String() string {
	return strconv.FormatUint(p.id, 16) + " " + strconv.FormatInt(p.next, 10) + " " + string(p.in)
}

// positionOf returns the position among a file's attributes; false where there is none.
func positionOf(attributes map[string]any) (position, bool) {
	text, ok := attributes[positionKey].(string)
	if !ok {
		return position{}, false
	}
	id, rest, _ := strings.Cut(text, " ")
	next, in, _ := strings.Cut(rest, " ")
	var p position
	var err error
	if p.id, err = strconv.ParseUint(id, 16, 64); err != nil {
		return position{}, false
	}
	if p.next, err = strconv.ParseInt(next, 10, 64); err != nil {
		return position{}, false
	}
	p.in = lineState(in)
	return p, true
}
