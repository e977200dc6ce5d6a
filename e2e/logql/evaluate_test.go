package logql

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/grafana/loki/v3/pkg/logql/syntax"
	"github.com/prometheus/prometheus/model/labels"
)

// entry is a line as Loki has it. e2e/loki writes testdata/entries.jsonl.
type entry struct {
	Labels   map[string]string
	Metadata map[string]string
	Time     int64
	Line     string
}

// TestPagesFindSomething: each query of the pages has a result on the sample,
// and what it groups by is there. A wrong name is good LogQL, too.
func TestPagesFindSomething(t *testing.T) {
	entries := fromFixture(t)
	for _, q := range fromPages(t) {
		if err := find(q.text, entries); err != nil {
			t.Errorf("%s: %v\n%s", q.place, err, q.text)
		}
	}
}

// TestNothingIsFound: the evaluation can fail.
func TestNothingIsFound(t *testing.T) {
	entries := fromFixture(t)
	for _, text := range []string{
		`{service_name="hera"} | auth_methd="totp"`,
		`{service="hera"} | auth_method="totp"`,
		`{service_name="hera"} | json | __error__!=""| auth_method="totp"`,
		`sum by (auth_methd) (count_over_time({service_name="hera"} | auth_method="totp" [5m]))`,
		`count_over_time({service_name="hera"} | auth_method="totp" [5m]) / count_over_time({service_name="hera"} | auth_method="ttp" [5m])`,
	} {
		if find(text, entries) == nil {
			t.Errorf("found something: %s", text)
		}
	}
}

// find runs each selector of a query, with its stages, over the entries.
func find(text string, entries []entry) error {
	expr, err := syntax.ParseExpr(variables.Replace(text))
	if err != nil {
		return err
	}
	var selectors []syntax.LogSelectorExpr
	var groups []string
	expr.Walk(func(e syntax.Expr) bool {
		switch e := e.(type) {
		case *syntax.LogRangeExpr:
			selectors = append(selectors, e.Left)
			return false
		case *syntax.VectorAggregationExpr:
			if e.Grouping != nil && !e.Grouping.Without {
				groups = append(groups, e.Grouping.Groups...)
			}
		}
		return true
	})
	if logs, ok := expr.(syntax.LogSelectorExpr); ok {
		selectors = append(selectors, logs)
	}
	if len(selectors) == 0 {
		return fmt.Errorf("no selector")
	}
	for _, selector := range selectors {
		matched, err := run(selector, entries)
		if err != nil {
			return err
		}
		if len(matched) == 0 {
			return fmt.Errorf("nothing is found by %s", selector)
		}
		for _, group := range groups {
			if !slices.ContainsFunc(matched, func(l labels.Labels) bool { return l.Get(group) != "" }) {
				return fmt.Errorf("no %s in what is found by %s", group, selector)
			}
		}
	}
	return nil
}

// run returns the labels of the lines that a selector leaves.
func run(selector syntax.LogSelectorExpr, entries []entry) (matched []labels.Labels, err error) {
	pipeline, err := selector.Pipeline()
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		stream := labels.FromMap(e.Labels)
		if !labels.Selector(selector.Matchers()).Matches(stream) {
			continue
		}
		_, result, ok := pipeline.ForStream(stream).ProcessString(e.Time, e.Line, labels.FromMap(e.Metadata))
		if ok {
			matched = append(matched, result.Labels())
		}
	}
	return matched, nil
}

func fromFixture(t *testing.T) (entries []entry) {
	t.Helper()
	for line := range strings.Lines(read(t, "testdata/entries.jsonl")) {
		var e entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		entries = append(entries, e)
	}
	if len(entries) < 50 {
		t.Fatalf("%d entries", len(entries))
	}
	return entries
}
