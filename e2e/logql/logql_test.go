// Package logql parses the LogQL of the project with Loki's own parser. It has
// a go.mod of its own: Loki brings some hundred modules.
package logql

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grafana/loki/v3/pkg/logql/syntax"
)

const root = "../.."

// query is a query and where it stands.
type query struct{ place, text string }

// TestQueriesParse: every query of the pages and dashboards is LogQL. Those of
// the dashboards have Grafana's variables, which are filled in first.
func TestQueriesParse(t *testing.T) {
	queries := fromPages(t)
	if len(queries) == 0 {
		t.Fatal("no ```logql block in docs/")
	}
	queries = append(queries, fromDashboards(t)...)
	for _, q := range queries {
		if err := parse(q.text); err != nil {
			t.Errorf("%s: %v\n%s", q.place, err, q.text)
		}
	}
	t.Logf("%d queries parsed", len(queries))
}

// TestWrongQueriesFail: the parser is asked, and says no.
func TestWrongQueriesFail(t *testing.T) {
	for _, text := range []string{
		``,
		`{service_name="hera"} | jsn`,
		`{service_name="hera"} | auth_outcome="failure`,
		`sum by (auth_method) (count_over_time({service_name="hera"}))`,
		`sum by (auth_method) (rate({service_name="hera"} [5m])`,
		`{} | auth_outcome="failure"`, // at least one matcher has to be there
	} {
		if parse(text) == nil {
			t.Errorf("parsed: %s", text)
		}
	}
}

// TestBlocks: a page's blocks are found, and no others.
func TestBlocks(t *testing.T) {
	page := "text\n```logql\n{a=\"b\"}\n  | json\n```\n```yaml\nno: query\n```\n```logql\n{c=\"d\"}\n```\n"
	got := blocks(page)
	if len(got) != 2 || got[0] != "{a=\"b\"}\n  | json" || got[1] != `{c="d"}` {
		t.Errorf("%q", got)
	}
}

// TestDashboardQueries: targets of Loki's are found at any depth, by their own
// data source or by their panel's; those of Prometheus are left alone.
func TestDashboardQueries(t *testing.T) {
	const dashboard = `{"panels":[
		{"panels":[{"datasource":{"type":"loki","uid":"x"},"targets":[{"expr":"{a=\"b\"}"}]}]},
		{"datasource":{"type":"prometheus"},"targets":[{"expr":"up"},{"datasource":{"type":"loki"},"expr":"{c=\"d\"}"}]}],
		"templating":{"list":[{"type":"query","datasource":{"type":"loki"},"query":{"stream":"{e=\"f\"}","label":"l"}}]}}`
	var parsed any
	if err := json.Unmarshal([]byte(dashboard), &parsed); err != nil {
		t.Fatal(err)
	}
	var got []string
	exprs(parsed, "", func(expr string) { got = append(got, expr) })
	if strings.Join(got, " ") != `{a="b"} {c="d"} {e="f"}` {
		t.Errorf("%q", got)
	}
}

func parse(text string) error {
	_, err := syntax.ParseExpr(variables.Replace(text))
	return err
}

// variables are those that Grafana fills in.
var variables = strings.NewReplacer(
	"$__rate_interval", "5m", "$__interval", "1m", "$__range", "1h", "$__auto", "1m",
	"${__rate_interval}", "5m", "${__interval}", "1m", "${__range}", "1h", "${__auto}", "1m",
)

func fromPages(t *testing.T) (queries []query) {
	t.Helper()
	for _, path := range files(t, "docs", ".md") {
		for _, block := range blocks(read(t, path)) {
			queries = append(queries, query{path, block})
		}
	}
	return queries
}

// blocks are the texts between ```logql and ```.
func blocks(page string) (texts []string) {
	for _, part := range strings.Split("\n"+page, "\n```logql\n")[1:] {
		text, _, _ := strings.Cut(part, "\n```")
		texts = append(texts, text)
	}
	return texts
}

func fromDashboards(t *testing.T) (queries []query) {
	t.Helper()
	for _, path := range files(t, "dashboards", ".json") {
		var dashboard any
		if err := json.Unmarshal([]byte(read(t, path)), &dashboard); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		exprs(dashboard, "", func(expr string) { queries = append(queries, query{path, expr}) })
	}
	return queries
}

// exprs visits the queries below a value whose data source is of type loki.
// source is that of what is around it.
func exprs(value any, source string, visit func(expr string)) {
	switch v := value.(type) {
	case []any:
		for _, inner := range v {
			exprs(inner, source, visit)
		}
	case map[string]any:
		if own, ok := v["datasource"].(map[string]any); ok {
			if kind, ok := own["type"].(string); ok {
				source = kind
			}
		}
		for _, key := range []string{"expr", "stream"} {
			if expr, ok := v[key].(string); ok && source == "loki" {
				visit(expr)
			}
		}
		for _, key := range []string{"panels", "targets", "templating", "annotations", "list", "query", "target"} {
			exprs(v[key], source, visit)
		}
	}
}

func files(t *testing.T, dir, suffix string) (paths []string) {
	t.Helper()
	dir = filepath.Join(root, dir)
	if _, err := os.Stat(dir); os.IsNotExist(err) {
		return nil
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(path, suffix) {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
