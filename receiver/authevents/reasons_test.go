package authevents

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/authevent"
)

// TestReadmeReasons holds the README's codes against lines that have them.
func TestReadmeReasons(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	parser, err := authevent.NewParser(authevent.Options{})
	require.NoError(t, err)
	batch := parser.NewBatch()
	for reason, line := range map[string]authevent.Line{
		"not_json":            {Text: []byte("started")},
		"not_an_object":       {Text: []byte("[1]")},
		"invalid_json":        {Text: []byte(`{"a":1,}`)},
		"trailing_data":       {Text: []byte(`{"a":1}{"b":2}`)},
		"number_out_of_range": {Text: []byte(`{"a":1e999}`)},
		"too_deep":            {Text: []byte(`{"a":` + strings.Repeat("[", 65))},
		"too_many_members":    {Text: []byte(`{"a":[` + strings.Repeat("1,", 20_001) + `1]}`)},
		"too_long":            {Text: []byte(`{"a":"`), Truncated: true},
		"no_event":            {Text: []byte(`{}`)},
	} {
		assert.Equal(t, authevent.Result{Kind: authevent.Unparsed, Reason: reason}, batch.Add(line, &authevent.Origin{}, time.Now()))
		assert.Contains(t, string(readme), "| `"+reason+"` | ")
	}
}
