package storageclient

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// guarded makes errors of the panics and memory faults of a client whose
// database is damaged while it is open: file_storage follows page numbers in a
// mapped file, and a wrong one would end the process with a trace that tells an
// operator nothing.
//
// One call at a time: a call that panics leaves the database's lock taken, and
// another that waits for it would wait for ever. file_storage does one at a time
// anyway. After a panic the client is not called again, not even to close it.
type guarded struct {
	remedy string

	mu      sync.Mutex
	client  storage.Client
	damaged error
}

var _ storage.Client = (*guarded)(nil)

func (g *guarded) Get(ctx context.Context, key string) (value []byte, err error) {
	err = g.call(func() (err error) {
		value, err = g.client.Get(ctx, key)
		return err
	})
	return value, err
}

func (g *guarded) Set(ctx context.Context, key string, value []byte) error {
	return g.call(func() error { return g.client.Set(ctx, key, value) })
}

func (g *guarded) Delete(ctx context.Context, key string) error {
	return g.call(func() error { return g.client.Delete(ctx, key) })
}

func (g *guarded) Batch(ctx context.Context, ops ...*storage.Operation) error {
	return g.call(func() error { return g.client.Batch(ctx, ops...) })
}

// Close of a damaged database does nothing: its lock may be taken for ever.
func (g *guarded) Close(ctx context.Context) error {
	err := g.call(func() error { return g.client.Close(ctx) })
	if damaged := (*damagedError)(nil); errors.As(err, &damaged) {
		return nil // it was said when it was found
	}
	return err
}

func (g *guarded) call(f func() error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.damaged != nil {
		return g.damaged
	}
	err := recovered(g.remedy, f)
	if damaged := (*damagedError)(nil); errors.As(err, &damaged) {
		g.damaged = damaged
	}
	return err
}

// damagedError says how damage was found, and what to do.
type damagedError struct {
	cause  any // an error, or what a panic gave
	remedy string
}

func (e *damagedError) Error() string {
	return fmt.Sprintf("it is damaged (%v): %s", e.cause, e.remedy)
}

// recovered returns what f returns, or a *damagedError where it panics.
func recovered(remedy string, f func() error) (err error) {
	// Without it a fault in mapped memory ends the process, and can't be recovered.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if cause := recover(); cause != nil {
			err = &damagedError{cause, remedy}
		}
	}()
	return f()
}
