package authevents

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// TestReadmeAttributes holds the README's table against the vocabulary.
func TestReadmeAttributes(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	for _, list := range [][]attr.Attribute{attr.Record(), attr.Resource()} {
		for _, a := range list {
			kind := ""
			if a.Kind != pii.None {
				kind = a.Kind.String()
			}
			assert.Contains(t, string(readme), fmt.Sprintf("| `%s` | %s | %s | %s |\n", a.Name, a.Status, kind, a.Brief))
		}
	}
}
