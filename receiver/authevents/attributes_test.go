package authevents

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
)

var update = flag.Bool("update", false, "write the README's table of attributes")

// TestReadmeAttributes holds the README's table against the vocabulary.
func TestReadmeAttributes(t *testing.T) {
	const head = "| attribute | status | kind | holds |\n|---|---|---|---|\n"
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(readme), head)
	require.True(t, found, "the README has no table of attributes")
	table, after, _ := strings.Cut(rest, "\n\n")
	table += "\n"

	if *update {
		require.NoError(t, os.WriteFile("README.md", []byte(before+head+attributeRows()+"\n"+after), 0o644))
		return
	}
	assert.Equal(t, attributeRows(), table, "run: go test ./receiver/authevents -run TestReadmeAttributes -update")
}

func attributeRows() string {
	var rows strings.Builder
	for _, list := range [][]attr.Attribute{attr.Record(), attr.Resource()} {
		for _, a := range list {
			kind := ""
			if a.Kind != pii.None {
				kind = a.Kind.String()
			}
			fmt.Fprintf(&rows, "| `%s` | %s | %s | %s |\n", a.Name, a.Status, kind, a.Brief)
		}
	}
	return rows.String()
}
