package ingest

import (
	"context"
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// OpenStorage opens what a receiver's key storage names; nil where that is not
// set. The caller closes it.
func OpenStorage(ctx context.Context, host component.Host, name *component.ID, receiver component.ID) (storage.Client, error) {
	if name == nil {
		return nil, nil
	}
	extension, ok := host.GetExtensions()[*name]
	if !ok {
		return nil, fmt.Errorf("storage: there is no extension %q: list it under service.extensions", name)
	}
	store, ok := extension.(storage.Extension)
	if !ok {
		return nil, fmt.Errorf("storage: the extension %q is no storage: use one such as file_storage", name)
	}
	client, err := store.GetClient(ctx, component.KindReceiver, receiver, "")
	if err != nil {
		return nil, fmt.Errorf("storage: %q can't be opened; a timeout means that it is in use by another collector: "+
			"give each a directory of its own: %w", name, err)
	}
	return client, nil
}
