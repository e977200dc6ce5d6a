package sample

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/authevent"
)

// TestLinesEnd: the part of a line whose rest does not come is there in the end.
func TestLinesEnd(t *testing.T) {
	var got []string
	require.NoError(t, Lines(strings.NewReader("2026-05-20T10:00:04.1Z stdout P {\"a\":"), func(l authevent.Line) error {
		got = append(got, string(l.Text))
		return nil
	}))
	assert.Equal(t, []string{`{"a":`}, got)
}
