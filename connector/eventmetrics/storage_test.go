package eventmetrics

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

var storageID = component.MustNewID("file_storage")

// memory is a storage of one component, in memory. It outlives its clients, as
// a disk does.
type memory struct {
	component.Component

	mu     sync.Mutex
	values map[string][]byte
	sets   int // of snapshots
	open   bool
	fail   error // of what is called next, for good
	// onSet is called before and after a snapshot is stored.
	onSet func(stored bool)
}

func (m *memory) GetClient(_ context.Context, kind component.Kind, _ component.ID, _ string) (storage.Client, error) {
	if kind != component.KindConnector {
		return nil, errors.New("asked for another's")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.open {
		return nil, errors.New("timeout")
	}
	m.open = true
	return m, nil
}

func (m *memory) Get(_ context.Context, key string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.values[key]), m.fail
}

func (m *memory) Set(_ context.Context, key string, value []byte) error {
	if m.onSet != nil && key == snapshotKey {
		m.onSet(false)
		defer m.onSet(true)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return m.fail
	}
	if !m.open {
		return errors.New("closed")
	}
	if m.values == nil {
		m.values = map[string][]byte{}
	}
	m.values[key] = slices.Clone(value)
	if key == snapshotKey {
		m.sets++
	}
	return nil
}

func (m *memory) Delete(context.Context, string) error { return errors.ErrUnsupported }

func (m *memory) Batch(context.Context, ...*storage.Operation) error { return errors.ErrUnsupported }

func (m *memory) Close(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.open = false
	return nil
}

func (m *memory) failWith(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fail = err
}

// copied is the disk as a crash at this moment leaves it.
func (m *memory) copied() *memory {
	m.mu.Lock()
	defer m.mu.Unlock()
	return &memory{values: maps.Clone(m.values)}
}

func (m *memory) stored() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sets
}

type hostWith struct {
	component.Host
	storage component.Component
}

func (h hostWith) GetExtensions() map[component.ID]component.Component {
	return map[component.ID]component.Component{storageID: h.storage}
}

func host(storage component.Component) component.Host {
	return hostWith{componenttest.NewNopHost(), storage}
}

func TestMemoryIsAStorage(t *testing.T) {
	var _ storage.Client = (*memory)(nil)
	m := &memory{}
	client, err := m.GetClient(t.Context(), component.KindConnector, storageID, "")
	assert.NoError(t, err)
	_, err = m.GetClient(t.Context(), component.KindConnector, storageID, "")
	assert.Error(t, err, "a storage has one owner")
	assert.NoError(t, client.Set(t.Context(), "a", []byte("1")))
	before := m.copied()
	assert.NoError(t, client.Set(t.Context(), "a", []byte("2")))
	b, err := before.Get(t.Context(), "a")
	assert.NoError(t, err)
	assert.Equal(t, "1", string(b))
}
