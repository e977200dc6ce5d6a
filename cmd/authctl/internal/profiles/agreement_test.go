package profiles

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
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
// profile has: in all of them, as shipped. The second table is what is found of a
// source whose own profile does not exist yet; what falls short stands there.
func TestAgreement(t *testing.T) {
	var table strings.Builder
	for _, title := range []string{withOwn, "without the source's own profile"} {
		fmt.Fprintf(&table, "%s\n%-12s", title, "source")
		for _, name := range append(asked, "taken") {
			fmt.Fprintf(&table, " %-16s", name)
		}
		table.WriteString("\n")
		for _, source := range []string{"auth0", "authelia", "authentik", "caddy", "hera", "hera_tables", "keycloak", "login_gov", "okta", "ory"} {
			text, err := os.ReadFile(filepath.Join(testdata, source+".ndjson"))
			require.NoError(t, err)
			own := strings.TrimSuffix(source, "_tables")
			known := slices.DeleteFunc(authevent.Known(), func(p authevent.ProfileInfo) bool { return title != withOwn && p.Name == own })
			row, disagree := agreement(t, own, text, known)
			fmt.Fprintf(&table, "%-12s", source)
			for _, cell := range row {
				fmt.Fprintf(&table, " %-16s", cell)
			}
			table.WriteString("\n")
			if title == withOwn {
				assert.Empty(t, disagree, source)
			}
		}
		table.WriteString("\n")
	}
	golden(t, "agreement.txt", table.String())
}

const withOwn = "as shipped"

// TestFork: of lines that no profile takes the draft has the names of the one that
// knows their events, and says so.
func TestFork(t *testing.T) {
	text := strings.ReplaceAll(read(t, filepath.Join(testdata, "keycloak.ndjson")), "org.keycloak.events", "com.acme.sso.events")
	got, err := run(t, text, "draft")
	require.NoError(t, err)
	assert.Contains(t, got, "# The built-in profile keycloak takes 0 of the lines, and knows the events of 17: their names are from it.\n# Each choice")
	assert.Contains(t, got, "        CODE_TO_TOKEN_ERROR: {outcome: failure} # 1 lines, as keycloak has it\n")
	assert.Contains(t, got, "        QUANTUM_LOGIN_ERROR: {outcome: failure} # 1 lines\n")
}

// agreement returns, for each of what is asked, in how many of the records that
// have it the draft has the same, and behind + in how many that lack it it has some.
func agreement(t *testing.T, source string, text []byte, known []authevent.ProfileInfo) (row, disagree []string) {
	t.Helper()
	d, err := draftOf(bytes.NewReader(text), "drafted", 10_000, false, known)
	require.NoError(t, err)
	drafted, _, _, err := parserOf([]byte(d.YAML), "drafted")
	require.NoError(t, err)
	builtIn, err := authevent.NewParser(authevent.Options{Source: source})
	require.NoError(t, err)
	have, same, more, taken, lines := map[string]int{}, map[string]int{}, map[string]int{}, 0, 0
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
			w, g := valueOf(want, name), ""
			if ok {
				g = valueOf(got, name)
			}
			if w == "" {
				if g != "" {
					more[name]++
					disagree = append(disagree, fmt.Sprintf("%s: %q, not absent", name, g))
				}
				continue
			}
			have[name]++
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
		cell := fmt.Sprintf("%d/%d", same[name], have[name])
		if more[name] > 0 {
			cell += fmt.Sprintf(" +%d", more[name])
		}
		row = append(row, cell)
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
