package naming

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/pii"
)

func TestCollisions(t *testing.T) {
	assert.Empty(t, Collisions([]definition.Metric{{Name: "x"}, {Name: "x.y"}, {Name: "y", Kind: definition.Unique}}))
	assert.Equal(t, []Collision{{First: 0, Second: 2, Name: "x_y_total"}, {First: 1, Second: 3, Name: "d_seconds_sum"}},
		Collisions([]definition.Metric{
			{Name: "x.y"}, {Name: "d", Unit: "s", Kind: definition.Histogram}, {Name: "X_y"}, {Name: "d.seconds.sum", Kind: definition.Unique},
		}), "each once, though under other names as well")
}

func TestPersonal(t *testing.T) {
	for name, want := range map[string]pii.Kind{
		attr.UserID: pii.Identity, attr.UserID + attr.PreviousSuffix: pii.Identity, "enduser.id": pii.Identity, attr.LogFilePath: pii.None,
	} {
		kind, yes := Personal(name)
		assert.True(t, yes, name)
		assert.Equal(t, want, kind, name)
	}
	for _, name := range []string{attr.Method, "what nobody knows"} {
		_, yes := Personal(name)
		assert.False(t, yes, name)
	}
}

func TestLabels(t *testing.T) {
	label, ok := Label("auth.client-id")
	assert.True(t, ok)
	assert.Equal(t, "auth_client_id", label)
	_, ok = Label("")
	assert.False(t, ok)
	assert.True(t, IsReserved("le"))
	assert.True(t, IsReserved("otel_scope_name"))
	assert.False(t, IsReserved("auth_method"))
}
