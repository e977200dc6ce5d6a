// Package storageclient opens the storage in which a component keeps what outlives a restart.
package storageclient

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/authevents/otelcol-auth/internal/sealed"
)

// Open returns the client of the extension id for the component owner, of a
// kind; nil where id is nil. The errors name the key storage, and what to do.
func Open(ctx context.Context, host component.Host, id *component.ID, kind component.Kind, owner component.ID) (storage.Client, error) {
	if id == nil {
		return nil, nil
	}
	extension, ok := host.GetExtensions()[*id]
	if !ok {
		return nil, fmt.Errorf("storage: there is no extension %q: list it under service.extensions", id)
	}
	store, ok := extension.(storage.Extension)
	if !ok {
		return nil, fmt.Errorf("storage: the extension %q is no storage: use one such as file_storage", id)
	}
	client, err := open(ctx, store, kind, owner)
	if err != nil {
		return nil, fmt.Errorf("storage: %q can't be opened; a timeout means that it is in use by another collector: "+
			"give each a directory of its own: %w", id, err)
	}
	return client, nil
}

// open makes an error of a panic: file_storage panics where its database is
// damaged, with a trace that tells an operator nothing.
func open(ctx context.Context, store storage.Extension, kind component.Kind, owner component.ID) (client storage.Client, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("it is damaged (%v): check its disk, then %s", cause, moveAway(kind, owner))
		}
	}()
	return store.GetClient(ctx, kind, owner, "")
}

// Refused says of an error of sealed.ErrVersion whose state it is about, and what
// to do; any other is returned as it is. A component that gets such an error does
// not start, and has written nothing: a newer version's state is worth more than
// a start, and whoever rolled back can still go forward again.
func Refused(err error, id *component.ID, kind component.Kind, owner component.ID) error {
	if !errors.Is(err, sealed.ErrVersion) {
		return err
	}
	return fmt.Errorf("storage: the state of the %s %q in %q is not used, and left as it is: %w: run the version that wrote it, "+
		"or a newer one; or %s", strings.ToLower(kind.String()), owner, id, err, moveAway(kind, owner))
}

// moveAway is the way on where a state is of no use.
func moveAway(kind component.Kind, owner component.ID) string {
	return fmt.Sprintf("move the file of the %s %q in its directory away; %s", strings.ToLower(kind.String()), owner, lost(kind))
}

// lost says what begins anew without what was stored.
func lost(kind component.Kind) string {
	if kind == component.KindReceiver {
		return "reading begins anew then, and what was delivered comes again"
	}
	return "counts begin anew then, with a new start time"
}
