package scrub

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// Presets are the program's: who changes what they got changes nothing.
func TestPresetsAreCopies(t *testing.T) {
	Presets()[0].Actions = Actions{}
	assert.Equal(t, analytics, Presets()[0].Actions)
}
