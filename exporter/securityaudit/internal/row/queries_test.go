//go:build unix

package row

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/ddl"
	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/pgtest"
)

// now is what the queries of the page take for it: 24 hours before it is in the
// middle of the sample, so that a query that forgets the time is found out.
const now = "2026-08-22T08:10:00Z"

// event is a record as the plain computation sees it.
type event struct {
	name    string
	time    time.Time
	service string
	attrs   map[string]string
}

// sampleEvents are the events of the sample, each once, and their rows.
func sampleEvents(t *testing.T, m *Mapper) (events []event, rows [][]any) {
	t.Helper()
	seen := map[string]bool{}
	for _, file := range []string{"hera.ndjson", "login_gov.ndjson"} {
		each(parse(t, authevent.BodyText, filepath.Join(sampleFolder, file)), func(r pcommon.Resource, s pcommon.InstrumentationScope, lr plog.LogRecord) {
			var err error
			rows, err = m.Append(rows, r, s, lr)
			require.NoError(t, err)
			e := event{name: lr.EventName(), time: lr.Timestamp().AsTime(), attrs: map[string]string{}}
			for name, v := range lr.Attributes().All() {
				e.attrs[name] = v.AsString()
			}
			service, _ := r.Attributes().Get(attr.ServiceName)
			e.service = service.Str()
			if uid := e.attrs[attr.LogRecordUID]; !seen[uid] {
				seen[uid] = true
				events = append(events, e)
			}
		})
	}
	return events, rows
}

// TestQueriesOfThePage runs each query of the page in each layout, on the rows
// of the sample, and compares with what the records themselves say.
func TestQueriesOfThePage(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "docs", "destinations", "postgres.md"))
	require.NoError(t, err)
	page := string(text)
	server := pgtest.Start(t, pgtest.Options{})
	database := server.Database(t, `CREATE EXTENSION "uuid-ossp"`)
	config, err := pgx.ParseConfig(server.DSN(pgtest.Superuser, database))
	require.NoError(t, err)
	config.RuntimeParams["timezone"] = "UTC" // of the texts that are compared
	c, err := pgx.ConnectConfig(t.Context(), config)
	require.NoError(t, err)
	defer func() { assert.NoError(t, c.Close(t.Context())) }()

	for column, name := range []string{layout.SecurityAudit, layout.CIAMLog, layout.ActorLog} {
		table := table(t, layout.Config{Layout: name})
		server.Exec(t, database, ddl.Create(table, ddl.Options{})...)
		events, rows := sampleEvents(t, New(table))
		insert(t, c, table, rows)
		require.Equal(t, len(events), server.Count(t, database, table.Quoted()), "a row for each event")
		replace := replacements(t, page, column)
		titles := map[string]bool{}
		for title, query := range queriesOf(page) {
			titles[title] = true
			compute, known := computations[title]
			if !assert.True(t, known, "%s: nothing to compare with", title) || title == "The row of a line" && column == 1 {
				continue
			}
			want := compute(events)
			assert.NotEmpty(t, want, "%s: the sample has nothing for it", title)
			assert.ElementsMatch(t, want, run(t, c, replace.Replace(query), events), "%s: %s", name, title)
		}
		assert.ElementsMatch(t, slices.Collect(maps.Keys(computations)), slices.Collect(maps.Keys(titles)))
	}
}

// queriesOf are the SQL blocks below a heading each, in the part Queries.
func queriesOf(page string) map[string]string {
	_, part, _ := strings.Cut(page, "\n## Queries\n")
	part, _, _ = strings.Cut(part, "\n## ")
	list := map[string]string{}
	for _, section := range strings.Split(part, "\n### ")[1:] {
		title, rest, _ := strings.Cut(section, "\n")
		_, rest, _ = strings.Cut(rest, "```sql\n")
		list[title], _, _ = strings.Cut(rest, "```")
	}
	return list
}

// replacements are those that the page's table has for a layout, 0 for the
// first column.
func replacements(t *testing.T, page string, column int) *strings.Replacer {
	t.Helper()
	_, part, found := strings.Cut(page, "| `security_audit` | `ciam_log` | `actor_log` |\n|---|---|---|\n")
	require.True(t, found)
	part, _, _ = strings.Cut(part, "\n\n")
	var pairs []string
	for _, line := range strings.Split(part, "\n") {
		cells := strings.Split(strings.Trim(line, "|"), "|")
		require.Len(t, cells, 3)
		if with := strings.Trim(cells[column], " `"); with != "" && column > 0 {
			pairs = append(pairs, strings.Trim(cells[0], " `"), with)
		}
	}
	return strings.NewReplacer(pairs...)
}

// run returns the rows of a query as texts.
func run(t *testing.T, c *pgx.Conn, query string, events []event) [][]string {
	t.Helper()
	query = strings.NewReplacer("now()", "timestamptz '"+now+"'", ":'user'", "'"+busiest(events)+"'", ":'uid'", "'"+oneUID(events)+"'").Replace(query)
	results, err := c.PgConn().Exec(t.Context(), query).ReadAll()
	require.NoError(t, err, query)
	require.Len(t, results, 1)
	rows := [][]string{}
	for _, values := range results[0].Rows {
		row := make([]string, len(values))
		for i, value := range values {
			row[i] = string(value) // NULL is ""
		}
		rows = append(rows, row)
	}
	return rows
}

// busiest is the user with the most events; of several the first by id.
func busiest(events []event) string {
	counts := map[string]int{}
	for _, e := range events {
		if id := e.attrs[attr.UserID]; id != "" {
			counts[id]++
		}
	}
	return slices.MaxFunc(slices.Sorted(maps.Keys(counts)), func(a, b string) int { return counts[a] - counts[b] })
}

// oneUID is that of some event whose uid is a position.
func oneUID(events []event) string { return events[1000].attrs[attr.LogRecordUID] }
