package tail

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOriginsBounded(t *testing.T) {
	var o origins
	first := o.claim(0)
	for file := uint64(1); file <= maxOrigins; file++ {
		o.claim(file)
	}
	assert.Len(t, o.list, maxOrigins)
	assert.Equal(t, first, o.claim(0), "forgotten, and so of generation 0 again")
	latest := o.claim(maxOrigins)
	assert.NotEqual(t, latest, o.claim(maxOrigins))
}

func TestOriginsSaved(t *testing.T) {
	var o origins
	table, err := o.save()
	require.NoError(t, err)
	assert.Nil(t, table, "nothing to save")
	first := o.claim(1<<63 + 1)
	table, err = o.save()
	require.NoError(t, err)

	var restored origins
	require.NoError(t, restored.load(table))
	second := restored.claim(1<<63 + 1)
	assert.NotEqual(t, first, second)
	assert.Equal(t, o.claim(1<<63+1), second)
}

func TestPosition(t *testing.T) {
	for _, p := range []position{{}, {1<<64 - 1, 1 << 40, inLongLine}, {7, 0, beforeLineEnd}} {
		got, ok := positionOf(map[string]any{positionKey: p.String()})
		assert.True(t, ok)
		assert.Equal(t, p, got)
	}
	for _, text := range []any{nil, 1, "", "x", "1", "1 x ", "-1 1 "} {
		_, ok := positionOf(map[string]any{positionKey: text})
		assert.False(t, ok, "%v", text)
	}
}
