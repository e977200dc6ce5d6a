package ddl

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
)

var update = flag.Bool("update", false, "write the statements into the page")

// The page of the destination has the statements that the code makes.
func TestStatementsOfThePage(t *testing.T) {
	page := filepath.Join("..", "..", "..", "..", "docs", "destinations", "postgres.md")
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	tables := func(layoutName string, o Options) []string {
		return Create(compiled(t, layout.Config{Layout: layoutName}), o)
	}
	table := compiled(t, layout.Config{})
	inParts := tables(layout.SecurityAudit, Options{PartitionBy: Month})
	for block, statements := range map[string][]string{
		"table: security_audit":          tables(layout.SecurityAudit, Options{}),
		"table: ciam_log":                tables(layout.CIAMLog, Options{}),
		"table: actor_log":               tables(layout.ActorLog, Options{}),
		"table: security_audit by month": {inParts[0], inParts[1], Partition(table, month)},
		"grants":                         append(GrantWriter(table, "collector"), GrantReader(table, "athena")...),
		"harden":                         Harden(table),
	} {
		before, rest, found := strings.Cut(string(text), "<!-- "+block+" -->\n```sql\n")
		require.True(t, found, block)
		got, after, _ := strings.Cut(rest, "```\n")
		want := strings.Join(statements, ";\n") + ";\n"
		if *update {
			text = []byte(before + "<!-- " + block + " -->\n```sql\n" + want + "```\n" + after)
			continue
		}
		assert.Equal(t, want, got, "%s: run the test with -update", block)
	}
	if *update {
		require.NoError(t, os.WriteFile(page, text, 0o600))
	}
}
