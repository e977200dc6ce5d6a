package autheventsblob

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/authevents/otelcol-auth/internal/sealed"
)

// Keys in storage. The objects that are done stand in shards, by their id, so
// that one object more means writing a small part of them.
const (
	passKey = "pass"
	openKey = "open"
	shards  = 256
)

func shardKey(shard int) string { return fmt.Sprintf("done/%02x", shard) }

// savedPass is what stands under passKey.
type savedPass struct {
	Selection uint64 `json:"selection"`
	Floor     int64  `json:"floor"`
	Newest    int64  `json:"newest"`
	Started   int64  `json:"started"`
	Cursor    string `json:"cursor"`
	Evicted   int64  `json:"evicted"`
}

const (
	openSize = 4*8 + 1 // id, version, modTime, offset, flags
	doneSize = 3 * 8   // id, version, modTime

	flagPlain  = 1
	flagFailed = 2
)

// errShape is of a value that is whole, and not what it should be.
var errShape = errors.New("the value is not of the shape that its version has")

func setOperation(key string, value []byte) *storage.Operation {
	return storage.SetOperation(key, sealed.Seal(key, value))
}

// snapshot returns what changed since the last call, to be saved as one; nil
// for nothing. If that fails, all is to be saved again: see unsaved.
func (s *state) snapshot(selection uint64) ([]*storage.Operation, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.dirty {
		return nil, nil
	}
	pass, err := json.Marshal(savedPass{selection, s.floor, s.newest, s.started, s.cursor, s.evicted})
	if err != nil {
		return nil, err
	}
	ops := []*storage.Operation{
		setOperation(passKey, pass),
		setOperation(openKey, s.encodeOpen()),
	}
	for shard, content := range s.encodeDone() {
		if len(content) == 0 {
			ops = append(ops, storage.DeleteOperation(shardKey(shard)))
		} else {
			ops = append(ops, setOperation(shardKey(shard), content))
		}
	}
	s.changed, s.dirty, s.lines = [shards]bool{}, false, 0
	return ops, nil
}

// unsaved takes back that ops were saved.
func (s *state) unsaved(ops []*storage.Operation) {
	keys := make(map[string]bool, len(ops))
	for _, op := range ops {
		keys[op.Key] = true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dirty = true
	for shard := range shards {
		s.changed[shard] = s.changed[shard] || keys[shardKey(shard)]
	}
}

// encodeOpen leaves out what a listing shows again anyway.
func (s *state) encodeOpen() []byte {
	var b []byte
	for id, p := range s.open {
		if p.offset == 0 && !p.failed {
			continue
		}
		var flags byte
		if p.plain {
			flags |= flagPlain
		}
		if p.failed {
			flags |= flagFailed
		}
		b = appendInts(b, id, p.version, uint64(p.modTime), uint64(p.offset))
		b = append(b, flags)
	}
	return b
}

// encodeDone returns the shards that changed.
func (s *state) encodeDone() map[int][]byte {
	encoded := map[int][]byte{}
	for shard, changed := range s.changed {
		if changed {
			encoded[shard] = nil
		}
	}
	for id, d := range s.done {
		shard := int(id % shards)
		if s.changed[shard] {
			encoded[shard] = appendInts(encoded[shard], id, d.version, uint64(d.modTime))
		}
	}
	return encoded
}

func (s *state) decodePass(content []byte) (selection uint64, err error) {
	var p savedPass
	if err := json.Unmarshal(content, &p); err != nil {
		return 0, errShape
	}
	s.floor, s.newest, s.started, s.cursor, s.evicted = p.Floor, p.Newest, p.Started, p.Cursor, p.Evicted
	return p.Selection, nil
}

func (s *state) decodeOpen(content []byte) error {
	if len(content)%openSize != 0 {
		return errShape
	}
	for ; len(content) > 0; content = content[openSize:] {
		flags := content[openSize-1]
		s.open[intAt(content, 0)] = &progress{
			version: intAt(content, 1), modTime: int64(intAt(content, 2)), offset: int64(intAt(content, 3)),
			plain: flags&flagPlain != 0, failed: flags&flagFailed != 0,
		}
	}
	return nil
}

func (s *state) decodeDone(content []byte) error {
	if len(content)%doneSize != 0 {
		return errShape
	}
	for ; len(content) > 0; content = content[doneSize:] {
		s.done[intAt(content, 0)] = doneObject{version: intAt(content, 1), modTime: int64(intAt(content, 2))}
	}
	return nil
}

func appendInts(b []byte, ints ...uint64) []byte {
	for _, i := range ints {
		b = binary.LittleEndian.AppendUint64(b, i)
	}
	return b
}

func intAt(b []byte, i int) uint64 { return binary.LittleEndian.Uint64(b[8*i:]) }
