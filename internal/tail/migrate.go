package tail

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"
)

// The keys of the state that the previous release kept, which read with
// fileconsumer. It holds the first bytes of each file, personal data among them.
const (
	oldFilesKey       = "knownFiles"
	oldGenerationsKey = "fileGenerations"
)

// oldFile is one file in that state.
type oldFile struct {
	Fingerprint struct {
		FirstBytes []byte `json:"first_bytes"`
	}
	Offset         int64
	FileType       string
	FileAttributes struct {
		Path     string `json:"log.file.path"`
		Position string `json:"otelcol_auth.position"` // ID in hex, offset, place in a line
	}
}

// migrate takes over the positions of the previous release and deletes that
// state. It knows files by their first bytes only; so an entry goes to the file
// that begins with them.
func (s *store) migrate(ctx context.Context) error {
	files, generations := storage.GetOperation(oldFilesKey), storage.GetOperation(oldGenerationsKey)
	if err := s.client.Batch(ctx, files, generations); err != nil {
		return fmt.Errorf("read the positions of the previous release: %w", err)
	}
	if files.Value == nil && generations.Value == nil {
		return nil
	}
	old, err := decodeOld(files.Value)
	var table []struct{ File, Next uint64 }
	if err == nil && generations.Value != nil {
		err = json.Unmarshal(generations.Value, &table)
	}
	if err != nil {
		s.logger.Warn("The positions of the previous release can't be read: all files are read again from their beginning. " +
			"That state is deleted: it holds the first bytes of each file.")
		old, table = nil, nil
	}
	s.generations = make(map[uint64]uint64, len(table))
	for _, g := range table {
		if g.Next > 0 {
			s.generations[g.File] = g.Next - 1
		}
	}
	now := s.wall().Unix()
	for i := range old {
		if e, ok := old[i].entry(s.digest); ok {
			e.gone = now
			s.place(&record{entry: e, dirty: true})
		}
	}
	s.started, s.changed = true, true
	ops, _, undo := s.changes()
	ops = append(ops, storage.DeleteOperation(oldFilesKey), storage.DeleteOperation(oldGenerationsKey))
	if err := s.client.Batch(ctx, ops...); err != nil {
		undo()
		return fmt.Errorf("replace the positions of the previous release: %w", err)
	}
	s.logger.Info("Took over the positions of the previous release.", zap.Int("files", len(old)))
	return nil
}

// decodeOld reads a number, and as many files.
func decodeOld(value []byte) ([]oldFile, error) {
	if value == nil {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(value))
	var n int
	if err := d.Decode(&n); err != nil {
		return nil, err
	}
	var files []oldFile
	for range n {
		var f oldFile
		if err := d.Decode(&f); err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// entry is that of a file that is gone: whichever begins with its first bytes
// takes it over. False where nothing of the file was read.
func (f *oldFile) entry(d *digester) (entry, bool) {
	e := entry{path: f.FileAttributes.Path, superseded: true}
	first := f.Fingerprint.FirstBytes
	e.head = d.of(first[:min(len(first), maxDigested)])
	parts := strings.SplitN(f.FileAttributes.Position, " ", 3)
	if len(parts) < 3 {
		// Read from its end, and nothing taken. In a .gz Offset counts otherwise.
		e.offset = f.Offset
		return e, f.Offset > 0 && f.FileType != ".gz" && e.head.size > 0
	}
	var idErr, offsetErr error
	e.id, idErr = strconv.ParseUint(parts[0], 16, 64)
	e.offset, offsetErr = strconv.ParseInt(parts[1], 10, 64)
	e.in = map[string]lineState{"long": inLongLine, "end": beforeLineEnd}[parts[2]]
	return e, idErr == nil && offsetErr == nil && e.offset > 0 && e.head.size > 0
}
