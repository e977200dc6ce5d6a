package eventmetrics

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
	"github.com/authevents/otelcol-auth/internal/sealed"
)

// Keys of the connector's storage. A snapshot is one value, so that it is all or
// nothing whatever the storage.
const (
	snapshotKey = "snapshot"
	sketchesKey = "sketches"
	uniqueKey   = "unique_key"
)

// errSnapshot stands for a storage's error, which its own extension explains.
var errSnapshot = errors.New("storage: the snapshot of the counts could not be written, so the flush was left out: " +
	"check the storage's directory, its free space and its permissions")

// store keeps snapshots. It is safe for concurrent use.
type store struct {
	client storage.Client
	logger *zap.Logger
	tel    *telemetry

	mu      sync.Mutex
	last    []byte // that was written
	failing bool
	closed  bool

	sketches sketches
}

// stored is what a storage holds: nil for what it does not, or what is damaged.
type stored struct{ key, snapshot, sketches []byte }

// loadAll reads everything before anything is written: where one value is of
// another version, all are left as they are.
func (s *store) loadAll(ctx context.Context) (all stored, err error) {
	var errs [3]error
	all.key, errs[0] = s.load(ctx, uniqueKey)
	all.snapshot, errs[1] = s.load(ctx, snapshotKey)
	all.sketches, errs[2] = s.load(ctx, sketchesKey)
	return all, errors.Join(errs[:]...)
}

// load returns what was stored last under a key: nil where there is nothing, or
// nothing whole, which is said. A value of another version is an error.
func (s *store) load(ctx context.Context, key string) ([]byte, error) {
	b, err := s.client.Get(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("storage: the counts can't be read: check the storage, or start without it: %w", err)
	}
	if b == nil {
		return nil, nil
	}
	data, err := sealed.Unseal(key, b)
	if errors.Is(err, sealed.ErrVersion) {
		return nil, fmt.Errorf("read the counts: %w", err)
	}
	if err != nil {
		s.refused(err)
		return nil, nil
	}
	return data, nil
}

// userKey is the key that hashes users, a random one at the first start, which
// keepKey is to store.
func (all *stored) userKey() (key unique.Key, known bool) {
	if len(all.key) == len(unique.Key{}) {
		return unique.Key(all.key), true
	}
	return unique.RandomKey(), false
}

func (s *store) keepKey(ctx context.Context, key unique.Key) error {
	if err := s.client.Set(ctx, uniqueKey, sealed.Seal(uniqueKey, key[:])); err != nil {
		return fmt.Errorf("storage: it can't be written: check its directory, its free space and its permissions: %w", err)
	}
	return nil
}

// refused says that counts begin anew.
func (s *store) refused(err error) {
	s.logger.Warn("What is stored of the counts can't be used. It begins anew", zap.Error(err))
}

// save writes a snapshot, unless it is that of the last time.
func (s *store) save(ctx context.Context, snapshot *eventmetrics.Snapshot) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.write(ctx, snapshot)
}

// finish writes all a last time and closes the storage. A flush that still
// hangs can not put anything older in its place.
func (s *store) finish(ctx context.Context, engine *eventmetrics.Engine, snapshot *eventmetrics.Snapshot) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := errors.Join(s.write(ctx, snapshot), s.writeSketches(ctx, engine, time.Now()))
	s.closed = true
	return errors.Join(err, s.client.Close(ctx))
}

func (s *store) write(ctx context.Context, snapshot *eventmetrics.Snapshot) error {
	data, err := snapshot.MarshalBinary()
	if err != nil {
		return err
	}
	if s.closed || bytes.Equal(data, s.last) {
		return nil
	}
	if err := s.client.Set(ctx, snapshotKey, sealed.Seal(snapshotKey, data)); err != nil {
		s.last = nil // it may have been written all the same
		s.tel.Add(ctx, s.tel.builder.EventMetricsSnapshotFailures, 1)
		if !s.failing {
			s.logger.Warn("A snapshot of the counts could not be stored. No metrics are sent until one can be", zap.Error(err))
		}
		s.failing = true
		return errSnapshot
	}
	if s.failing {
		s.logger.Info("Snapshots of the counts are stored again")
	}
	s.failing = false
	s.last = data
	s.tel.snapshot(ctx, len(data)+s.sketches.size)
	return nil
}
