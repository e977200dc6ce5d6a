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

// load returns what was stored last under a key: nil where there is nothing, or
// nothing that can be used, which is said.
func (s *store) load(ctx context.Context, key string) ([]byte, error) {
	b, err := s.client.Get(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("storage: the counts can't be read: check the storage, or start without it: %w", err)
	}
	if b == nil {
		return nil, nil
	}
	data, err := sealed.Unseal(key, b)
	if err != nil {
		s.refused(err)
		return nil, nil
	}
	return data, nil
}

// key returns the key that hashes users, a random one that is made and stored
// at the first start.
func (s *store) key(ctx context.Context) (unique.Key, error) {
	b, err := s.load(ctx, uniqueKey)
	if err != nil {
		return unique.Key{}, err
	}
	if len(b) == len(unique.Key{}) {
		return unique.Key(b), nil
	}
	key := unique.RandomKey()
	if err := s.client.Set(ctx, uniqueKey, sealed.Seal(uniqueKey, key[:])); err != nil {
		return key, fmt.Errorf("storage: it can't be written: check its directory, its free space and its permissions: %w", err)
	}
	return key, nil
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
