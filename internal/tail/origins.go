package tail

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/cespare/xxhash/v2"
)

// maxOrigins bounds the table of files whose generation is remembered. A file
// that falls out, and is truncated in place thereafter, begins again at
// generation 0.
const maxOrigins = 4096

// origins gives out the IDs of files. A file that is truncated in place has the
// inode that it had, and its offsets begin anew; so each claim of a file's
// identity counts as a generation of its own.
//
// The generations are saved together with the positions: what is read again
// after a crash gets the generation that it had.
type origins struct {
	mu    sync.Mutex
	list  []generation // the least recently claimed first
	dirty bool         // changed since the last save
}

type generation struct {
	File uint64 `json:"file"`
	Next uint64 `json:"next"`
}

// claim returns the ID for lines from the beginning of the file with identity file.
func (o *origins) claim(file uint64) uint64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	g := generation{File: file}
	for i, known := range o.list {
		if known.File == file {
			g = known
			o.list = append(o.list[:i], o.list[i+1:]...)
			break
		}
	}
	id := hash64(g.File, g.Next)
	g.Next++
	if len(o.list) >= maxOrigins {
		o.list = append(o.list[:0], o.list[1:]...)
	}
	o.list = append(o.list, g)
	o.dirty = true
	return id
}

// save returns the table, or nil where nothing has changed since it was saved.
func (o *origins) save() ([]byte, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.dirty {
		return nil, nil
	}
	return json.Marshal(o.list)
}

// saved says that what save returned is in storage.
func (o *origins) saved() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.dirty = false
}

// load takes the table from storage; nil is an empty one.
func (o *origins) load(value []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.list, o.dirty = nil, false
	if value == nil {
		return nil
	}
	if err := json.Unmarshal(value, &o.list); err != nil {
		return fmt.Errorf("the file generations in storage (key %q) are damaged: %w", originsKey, err)
	}
	return nil
}

func hash64(parts ...uint64) uint64 {
	b := make([]byte, 0, 8*len(parts))
	for _, p := range parts {
		b = binary.LittleEndian.AppendUint64(b, p)
	}
	return xxhash.Sum64(b)
}
