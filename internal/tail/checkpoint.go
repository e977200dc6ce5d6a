package tail

import (
	"encoding/binary"
	"errors"
)

var errShape = errors.New("the value is not of the shape that its version has")

// lineState says where in a line a position stands.
type lineState uint8

const (
	atLineStart lineState = iota
	// inLongLine: what follows, up to its end, is the rest of a line that was cut.
	inLongLine
	// beforeLineEnd: the line was handed out before its end was written.
	beforeLineEnd
	lineStates
)

// position is a place in a file, decompressed.
type position struct {
	offset int64
	in     lineState
	// tail is of what stands before offset; of nothing where that is not known.
	tail digest
}

// entry is what is kept of a file, in storage as well. No content is part of it.
type entry struct {
	key        fileKey
	generation uint64 // how often a file of this key began anew
	id         uint64 // Origin.ID
	path       string // where it was found last; for messages, and to prefer it among equals
	head       digest
	position
	// size and mtime of the file when reading last came to its end; 0 before.
	size, mtime int64
	// ended: a compressed file was read to its end.
	ended bool
	// superseded: the file under key was truncated since, and has another entry.
	// This one is kept for a copy that was made before.
	superseded bool
	// gone is since when the file was not found any more, in Unix seconds; 0
	// while it is there.
	gone int64
}

const (
	flagEnded = 1 << iota
	flagSuperseded
	allFlags = 1<<iota - 1
)

// encodeEntry returns the value of an entry: varints, digests, the path.
func encodeEntry(e *entry) []byte {
	var b []byte
	var flags uint64
	if e.ended {
		flags |= flagEnded
	}
	if e.superseded {
		flags |= flagSuperseded
	}
	for _, u := range []uint64{
		e.key.dev, e.key.ino, uint64(e.key.birthSec), uint64(e.key.birthNsec), e.generation, e.id,
		uint64(e.offset), uint64(e.in), uint64(e.size), uint64(e.mtime), flags, uint64(e.gone),
	} {
		b = binary.AppendUvarint(b, u)
	}
	for _, d := range []digest{e.head, e.tail} {
		b = binary.AppendUvarint(b, uint64(d.size))
		b = append(b, d.sum[:]...)
	}
	return append(b, e.path...)
}

// decodeEntry reads what encodeEntry wrote.
func decodeEntry(b []byte) (*entry, error) {
	var numbers [12]uint64
	for i := range numbers {
		var n int
		if numbers[i], n = binary.Uvarint(b); n <= 0 {
			return nil, errShape
		}
		b = b[n:]
	}
	e := &entry{
		key:        fileKey{numbers[0], numbers[1], int64(numbers[2]), int64(numbers[3])},
		generation: numbers[4], id: numbers[5],
		position: position{offset: int64(numbers[6]), in: lineState(numbers[7])},
		size:     int64(numbers[8]), mtime: int64(numbers[9]),
		ended: numbers[10]&flagEnded != 0, superseded: numbers[10]&flagSuperseded != 0,
		gone: int64(numbers[11]),
	}
	for _, d := range []*digest{&e.head, &e.tail} {
		size, n := binary.Uvarint(b)
		if n <= 0 || size > maxDigested || len(b) < n+len(d.sum) {
			return nil, errShape
		}
		d.size = int(size)
		b = b[n+copy(d.sum[:], b[n:]):]
	}
	e.path = string(b)
	if e.offset < 0 || e.size < 0 || numbers[7] >= uint64(lineStates) || numbers[10] > allFlags || int64(e.tail.size) > e.offset {
		return nil, errShape
	}
	return e, nil
}
