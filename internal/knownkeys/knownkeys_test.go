package knownkeys

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/confmap"
)

type config struct {
	Name  string                         `mapstructure:"name"`
	Block configoptional.Optional[block] `mapstructure:"block"`
	List  []block                        `mapstructure:"list"`
	Plain block                          `mapstructure:"plain"`
	Own   ownBlock                       `mapstructure:"own"`
	none  string
}

type block struct {
	Size int `mapstructure:"size"`
}

type ownBlock struct {
	Depth int `mapstructure:"depth"`
}

func (b *ownBlock) Unmarshal(conf *confmap.Conf) error { return Unmarshal(conf, b) }

func TestUnmarshal(t *testing.T) {
	var c config
	require.NoError(t, Unmarshal(confmap.NewFromStringMap(map[string]any{"name": "a"}), &c))
	assert.Equal(t, config{Name: "a", none: ""}, c)

	err := Unmarshal(confmap.NewFromStringMap(map[string]any{"nam": "a"}), &c)
	require.Error(t, err)
	assert.Contains(t, err.Error(), "has invalid keys: nam")
	assert.Contains(t, err.Error(), "the keys here are: block.size, list.size, name, own, plain.size")

	err = Unmarshal(confmap.NewFromStringMap(map[string]any{"own": map[string]any{"deep": 1}}), &c)
	require.Error(t, err)
	assert.Contains(t, err.Error(), "has invalid keys: deep")
	assert.Equal(t, 1, strings.Count(err.Error(), "the keys here are"), "one list, of the block: %v", err)
	assert.True(t, strings.HasSuffix(err.Error(), "the keys here are: depth"), "%v", err)

	err = Unmarshal(confmap.NewFromStringMap(map[string]any{"plain": map[string]any{"size": "many"}}), &c)
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "the keys here are", "the key is right, its value is not")
}
