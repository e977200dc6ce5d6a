package autheventsblob

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/internal/sealed"
)

// A kill repeats what was taken since the last save: in checkpointInterval, or
// checkpointLines, whichever comes first.
const (
	checkpointInterval = time.Second
	checkpointLines    = 10_000
)

// checkpoints keeps a state in storage, where there is one.
type checkpoints struct {
	client    storage.Client // nil for none, and once closed
	state     *state
	selection uint64
	logger    *zap.Logger

	mu      sync.Mutex // one save at a time, in the order of what they save
	failing bool
}

// load reads the state, or sets that of the first start. What is damaged is
// left out, and what it told of is read again: nothing is lost by it. A value of
// another version is an error that wraps sealed.ErrVersion, and stays as it is.
func (c *checkpoints) load(ctx context.Context, first start) error {
	c.state.floor = first.floor(time.Now())
	c.state.dirty = true
	if c.client == nil {
		return nil
	}
	pass, open := storage.GetOperation(passKey), storage.GetOperation(openKey)
	ops := []*storage.Operation{pass, open}
	for shard := range shards {
		ops = append(ops, storage.GetOperation(shardKey(shard)))
	}
	if err := c.client.Batch(ctx, ops...); err != nil {
		return fmt.Errorf("storage: read the state: %w", err)
	}
	if pass.Value != nil {
		var selection uint64
		ok, err := c.decode(pass, func(content []byte) (err error) {
			selection, err = c.state.decodePass(content)
			return err
		})
		switch {
		case err != nil:
			return err
		case !ok:
			// Not at first: what came since the real first start would be lost.
			c.state.floor = 0
		case selection != c.selection:
			c.logger.Info("The bucket, the prefix or the globs have changed: reading begins anew at start")
			c.state.floor, c.state.cursor = first.floor(time.Now()), ""
		}
	}
	for _, op := range ops[1:] {
		if op.Value == nil {
			continue
		}
		if pass.Value == nil { // a damaged key hides its value: this is no first start
			c.logger.Error("A value is gone from the storage: the whole bucket is read again, but for what is known as read. Check the disk that it is on.", zap.String("key", passKey))
			c.state.floor, c.state.cursor = 0, ""
			pass.Value = []byte{} // said once
		}
		decode := c.state.decodeDone
		if op == open {
			decode = c.state.decodeOpen
		}
		ok, err := c.decode(op, decode)
		if err != nil {
			return err
		}
		if !ok && op == open {
			// What failed and is to be tried again may be older than floor, and
			// stand on pages that are done with: only a whole pass shows it.
			c.state.floor, c.state.cursor = 0, ""
		}
	}
	return nil
}

// decode reads a value from storage, and says whether it could. The error is one
// of version.
func (c *checkpoints) decode(op *storage.Operation, decode func(content []byte) error) (bool, error) {
	content, err := sealed.Unseal(op.Key, op.Value)
	if errors.Is(err, sealed.ErrVersion) {
		return false, fmt.Errorf("read the state: %w", err)
	}
	if err == nil {
		err = decode(content)
	}
	if err == nil {
		return true, nil
	}
	c.logger.Error("A part of the state in storage can't be used: the objects that it told of are read again, with the same uids. "+
		"It is replaced; check the disk that it is on.", zap.String("key", op.Key), zap.Error(err))
	return false, nil
}

// run saves until ctx is done.
func (c *checkpoints) run(ctx context.Context) {
	ticker := time.NewTicker(checkpointInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			c.save(context.WithoutCancel(ctx))
		}
	}
}

// close saves for the last time. A handler that shutdown did not wait for can
// change nothing any more.
func (c *checkpoints) close(ctx context.Context) {
	c.save(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.client = nil
}

// save saves what changed. What could not be saved is saved with the next call.
func (c *checkpoints) save(ctx context.Context) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.client == nil {
		return
	}
	ops, err := c.state.snapshot(c.selection)
	if err == nil && ops != nil {
		if err = c.client.Batch(ctx, ops...); err != nil {
			c.state.unsaved(ops)
		}
	}
	switch {
	case err != nil && !c.failing:
		c.failing = true
		c.logger.Error("The state can't be saved; it is tried again every second. A restart would read again what was read since.", zap.Error(err))
	case err == nil && ops != nil && c.failing:
		c.failing = false
		c.logger.Info("The state is saved again")
	}
}
