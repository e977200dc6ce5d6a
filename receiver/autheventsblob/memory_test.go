package autheventsblob

import (
	"context"
	"maps"
	"sync"

	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// memoryClient is a storage.Client in memory.
type memoryClient struct {
	mu      sync.Mutex
	values  map[string][]byte
	batches int // with something to write
	err     error
}

func newMemoryClient() *memoryClient { return &memoryClient{values: map[string][]byte{}} }

func (m *memoryClient) copy() *memoryClient {
	m.mu.Lock()
	defer m.mu.Unlock()
	return &memoryClient{values: maps.Clone(m.values)}
}

func (m *memoryClient) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.err = err
}

func (m *memoryClient) saves() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.batches
}

// damage turns one bit in each value, and returns how many there are.
func (m *memoryClient) damage() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	damaged := 0
	for key, value := range m.values {
		if key == uidKeyKey { // any bytes are a key: other uids, and nothing else
			continue
		}
		m.values[key] = flip(value, len(value)/2)
		damaged++
	}
	return damaged
}

func (m *memoryClient) Get(_ context.Context, key string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.values[key], m.err
}

func (m *memoryClient) Set(ctx context.Context, key string, value []byte) error {
	return m.Batch(ctx, storage.SetOperation(key, value))
}

func (m *memoryClient) Delete(ctx context.Context, key string) error {
	return m.Batch(ctx, storage.DeleteOperation(key))
}

func (m *memoryClient) Batch(_ context.Context, ops ...*storage.Operation) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return m.err
	}
	writes := false
	for _, op := range ops {
		switch op.Type {
		case storage.Get:
			op.Value = m.values[op.Key]
		case storage.Set:
			m.values[op.Key] = op.Value
			writes = true
		case storage.Delete:
			delete(m.values, op.Key)
			writes = true
		}
	}
	if writes {
		m.batches++
	}
	return nil
}

func (*memoryClient) Close(context.Context) error { return nil }
