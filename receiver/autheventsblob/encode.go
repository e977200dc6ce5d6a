package autheventsblob

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/cespare/xxhash/v2"
	"go.opentelemetry.io/collector/extension/xextension/storage"
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
	// formatVersion begins each value.
	formatVersion = 1
	checksumSize  = 8

	openSize = 4*8 + 1 // id, version, modTime, offset, flags
	doneSize = 3 * 8   // id, version, modTime

	flagPlain  = 1
	flagFailed = 2
)

var errDamaged = errors.New("is damaged")

// seal puts the format's version before a value, and a checksum behind it.
func seal(content []byte) []byte {
	value := append([]byte{formatVersion}, content...)
	return binary.LittleEndian.AppendUint64(value, xxhash.Sum64(value))
}

// unseal returns the content of a value.
func unseal(value []byte) ([]byte, error) {
	end := len(value) - checksumSize
	if end < 1 || xxhash.Sum64(value[:end]) != binary.LittleEndian.Uint64(value[end:]) {
		return nil, errDamaged
	}
	if value[0] != formatVersion {
		return nil, fmt.Errorf("has the format %d, and this version knows %d", value[0], formatVersion)
	}
	return value[1:end], nil
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
		storage.SetOperation(passKey, seal(pass)),
		storage.SetOperation(openKey, seal(s.encodeOpen())),
	}
	for shard, content := range s.encodeDone() {
		if len(content) == 0 {
			ops = append(ops, storage.DeleteOperation(shardKey(shard)))
		} else {
			ops = append(ops, storage.SetOperation(shardKey(shard), seal(content)))
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

func (s *state) decodePass(value []byte) (selection uint64, err error) {
	content, err := unseal(value)
	if err != nil {
		return 0, err
	}
	var p savedPass
	if err := json.Unmarshal(content, &p); err != nil {
		return 0, errDamaged
	}
	s.floor, s.newest, s.started, s.cursor, s.evicted = p.Floor, p.Newest, p.Started, p.Cursor, p.Evicted
	return p.Selection, nil
}

func (s *state) decodeOpen(value []byte) error {
	content, err := unseal(value)
	if err != nil {
		return err
	}
	if len(content)%openSize != 0 {
		return errDamaged
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

func (s *state) decodeDone(value []byte) error {
	content, err := unseal(value)
	if err != nil {
		return err
	}
	if len(content)%doneSize != 0 {
		return errDamaged
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
