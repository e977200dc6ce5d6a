// Package storageclient opens the storage in which a component keeps what
// outlives a restart, and keeps a damaged one from ending the process.
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
// kind; nil where id is nil. The errors name the key storage, the file where
// there is one, and what to do. So does each error of the client once it finds
// that it is damaged.
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
		return nil, fmt.Errorf("storage: %q can't be opened: %w", id, err)
	}
	return client, nil
}

func open(ctx context.Context, store storage.Extension, kind component.Kind, owner component.ID) (storage.Client, error) {
	path, known := fileOf(store, kind, owner)
	g := &guarded{remedy: remedy(path, kind, owner)}
	if known {
		// Before file_storage does: it checks as well, but in a goroutine of its
		// own, whose faults nobody can recover.
		if err := checkFile(path); err != nil {
			return nil, &damagedError{err, g.remedy}
		}
	}
	err := recovered(g.remedy, func() (err error) {
		g.client, err = store.GetClient(ctx, kind, owner, "")
		return err
	})
	if damaged := (*damagedError)(nil); err != nil && !errors.As(err, &damaged) {
		err = fmt.Errorf("%w: check that its directory has space and may be written; "+
			"a timeout means that it is in use by another collector: give each a directory of its own", err)
	}
	if err != nil {
		return nil, err
	}
	return g, nil
}

// Refused says of an error of sealed.ErrVersion whose state it is about, and what
// to do; any other is returned as it is. A component that gets such an error does
// not start, and has written nothing: a newer version's state is worth more than
// a start, and whoever rolled back can still go forward again.
func Refused(err error, id *component.ID, kind component.Kind, owner component.ID) error {
	if !errors.Is(err, sealed.ErrVersion) {
		return err
	}
	whose := strings.ToLower(kind.String())
	return fmt.Errorf("storage: the state of the %s %q in %q is not used, and left as it is: %w: run the version that wrote it, "+
		"or a newer one; or move the file of the %s %q in its directory away; %s", whose, owner, id, err, whose, owner, lost(kind))
}

// remedy is what to do about a damaged file, and what comes of it.
func remedy(path string, kind component.Kind, owner component.ID) string {
	if path == "" {
		path = fmt.Sprintf("what the storage has of the %s %q", strings.ToLower(kind.String()), owner)
	}
	return fmt.Sprintf("stop the collector, check the disk, and move %s away; %s", path, lost(kind))
}

// lost says what begins anew without what was stored.
func lost(kind component.Kind) string {
	if kind == component.KindReceiver {
		return "reading begins anew then, and what was delivered comes again"
	}
	return "counts begin anew then, with a new start time"
}
