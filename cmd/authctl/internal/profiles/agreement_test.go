package profiles

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
)

const testdata = "../../../../internal/authevent/testdata"

// asked are what a draft has to find as the built-in profile does.
var asked = []string{"time", attr.OTelEventName, attr.UserID, attr.ClientAddress, attr.Outcome}

// TestAgreement drafts a profile from the lines of each built-in source, reads the
// lines by both, and counts the records in which the draft has what the built-in
// profile has. The table is the golden file: what falls short stands there, too.
func TestAgreement(t *testing.T) {
	var table strings.Builder
	fmt.Fprintf(&table, "%-12s", "source")
	for _, name := range append(asked, "taken") {
		fmt.Fprintf(&table, " %-16s", name)
	}
	table.WriteString("\n")
	for _, source := range []string{"auth0", "authelia", "authentik", "caddy", "hera", "hera_tables", "keycloak", "login_gov", "okta", "ory"} {
		text, err := os.ReadFile(filepath.Join(testdata, source+".ndjson"))
		require.NoError(t, err)
		row, disagree := agreement(t, strings.TrimSuffix(source, "_tables"), text)
		fmt.Fprintf(&table, "%-12s", source)
		for _, cell := range row {
			fmt.Fprintf(&table, " %-16s", cell)
		}
		table.WriteString("\n")
		t.Log(source, disagree)
	}
	golden(t, "agreement.txt", table.String())
}

// agreement returns, for each of what is asked, in how many of the records that
// have it the draft has the same.
func agreement(t *testing.T, source string, text []byte) (row, disagree []string) {
	t.Helper()
	d, err := draftOf(bytes.NewReader(text), "drafted", 10_000, false)
	require.NoError(t, err)
	drafted, _, _, err := parserOf([]byte(d.YAML), "drafted")
	require.NoError(t, err)
	builtIn, err := authevent.NewParser(authevent.Options{Source: source})
	require.NoError(t, err)
	have, same, taken, lines := map[string]int{}, map[string]int{}, 0, 0
	for line := range bytes.Lines(text) {
		want, ok := parse(builtIn, line)
		if !ok || line[0] != '{' {
			continue
		}
		lines++
		got, ok := parse(drafted, line)
		if ok {
			taken++
		}
		for _, name := range asked {
			w := valueOf(want, name)
			if w == "" {
				continue
			}
			have[name]++
			g := ""
			if ok {
				g = valueOf(got, name)
			}
			// An alias stands at the same place; the names that the built-in
			// profile gives are its own.
			if g == w || name == attr.OTelEventName && g != "" && g == valueOf(want, attr.EventOriginalName) {
				same[name]++
			} else {
				disagree = append(disagree, fmt.Sprintf("%s: %q, not %q", name, g, w))
			}
		}
	}
	for _, name := range asked {
		row = append(row, fmt.Sprintf("%d/%d", same[name], have[name]))
	}
	return append(row, fmt.Sprintf("%d/%d", taken, lines)), disagree
}

func parse(p *authevent.Parser, line []byte) (plog.LogRecord, bool) {
	batch := p.NewBatch()
	ok := batch.Add(authevent.Line{Text: bytes.TrimSpace(line)}, &authevent.Origin{}, time.Unix(0, 0)).Kind == authevent.Event
	if !ok {
		return plog.LogRecord{}, false
	}
	return batch.Take().ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0), true
}

func valueOf(lr plog.LogRecord, name string) string {
	if name == "time" {
		return lr.Timestamp().String()
	}
	v, ok := lr.Attributes().Get(name)
	if !ok {
		return ""
	}
	return v.AsString()
}

// golden holds output against a file of testdata; UPDATE=1 writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE") != "" {
		require.NoError(t, os.MkdirAll("testdata", 0o750))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "UPDATE=1 go test writes the file anew")
}
