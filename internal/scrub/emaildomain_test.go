package scrub

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSoleEmail(t *testing.T) {
	w := newWalker(newTest(t, testPolicy()))
	for text, want := range map[string]string{
		"alice@example.com":                 "alice@example.com",
		" Alice Smith <alice@example.com> ": "alice@example.com",
		"mailto:alice%40example.com":        "alice@example.com",
		"a@example.com, b@example.com":      "a@example.com, b@example.com",
		" alice ":                           "alice",
	} {
		assert.Equal(t, want, w.soleEmail(text))
	}
}
