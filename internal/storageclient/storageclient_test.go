package storageclient

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/authevents/otelcol-auth/internal/sealed"
)

var (
	id    = component.MustNewID("file_storage")
	owner = component.MustNewIDWithName("auth_events", "b")
)

type host struct {
	component.Host
	extension component.Component
}

func (h host) GetExtensions() map[component.ID]component.Component {
	return map[component.ID]component.Component{id: h.extension}
}

type extension struct {
	component.Component
	kind component.Kind
	get  func() (storage.Client, error)
}

func (e extension) GetClient(_ context.Context, kind component.Kind, of component.ID, name string) (storage.Client, error) {
	if kind != e.kind || of != owner || name != "" { // or the receiver's files had other names
		return nil, errors.New("asked for another's")
	}
	return e.get()
}

func TestOpen(t *testing.T) {
	receiver, connector := component.KindReceiver, component.KindConnector
	damaged := func() (storage.Client, error) { panic("freepages: page 7") }
	client := storage.NewNopClient()
	unknown := component.MustNewID("nobody")
	for name, test := range map[string]struct {
		id        *component.ID
		kind      component.Kind
		extension component.Component
		want      storage.Client
		message   string
	}{
		"none":        {},
		"open":        {id: &id, kind: receiver, extension: extension{kind: receiver, get: func() (storage.Client, error) { return client, nil }}, want: client},
		"connector's": {id: &id, kind: connector, extension: extension{kind: connector, get: func() (storage.Client, error) { return client, nil }}, want: client},
		"unknown":     {id: &unknown, message: `storage: there is no extension "nobody": list it under service.extensions`},
		"no storage":  {id: &id, extension: struct{ component.Component }{}, message: `storage: the extension "file_storage" is no storage: use one such as file_storage`},
		"in use": {id: &id, extension: extension{get: func() (storage.Client, error) { return nil, errors.New("timeout") }},
			message: `storage: "file_storage" can't be opened: timeout: check that its directory has space and may be written; ` +
				"a timeout means that it is in use by another collector: give each a directory of its own"},
		"damaged": {id: &id, kind: receiver, extension: extension{kind: receiver, get: damaged},
			message: `it is damaged (freepages: page 7): stop the collector, check the disk, and move what the storage has of the receiver "auth_events/b" away; ` +
				"reading begins anew then, and what was delivered comes again"},
		"damaged counts": {id: &id, kind: connector, extension: extension{kind: connector, get: damaged},
			message: `move what the storage has of the connector "auth_events/b" away; counts begin anew then, with a new start time`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Open(t.Context(), host{componenttest.NewNopHost(), test.extension}, test.id, test.kind, owner)
			if test.message != "" {
				require.ErrorContains(t, err, test.message)
			} else {
				require.NoError(t, err)
			}
			if test.want == nil {
				assert.Nil(t, got)
			} else {
				assert.Equal(t, test.want, got.(*guarded).client)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	version := fmt.Errorf("%w: the value x has version 2", sealed.ErrVersion)
	err := Refused(version, &id, component.KindReceiver, owner)
	require.ErrorIs(t, err, sealed.ErrVersion)
	assert.EqualError(t, err, `storage: the state of the receiver "auth_events/b" in "file_storage" is not used, and left as it is: `+
		`it was written by another version of this program: the value x has version 2: run the version that wrote it, or a newer one; `+
		`or move the file of the receiver "auth_events/b" in its directory away; reading begins anew then, and what was delivered comes again`)
	require.ErrorContains(t, Refused(version, &id, component.KindConnector, owner), "counts begin anew then, with a new start time")
	assert.Equal(t, sealed.ErrDamaged, Refused(sealed.ErrDamaged, &id, component.KindReceiver, owner), "another error stays as it is")
	assert.NoError(t, Refused(nil, nil, component.KindReceiver, owner))
}
