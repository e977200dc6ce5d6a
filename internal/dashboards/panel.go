package main

import (
	"fmt"
	"maps"
	"strings"

	"github.com/authevents/otelcol-auth/internal/dashboards/grafana"
	"github.com/authevents/otelcol-auth/internal/dashboards/promql"
)

// Units, as Grafana names them.
const (
	perSecond = "cps" // counts a second
	count     = "short"
	percent   = "percentunit"
	seconds   = "s"
	bytesUnit = "bytes"
	rateBytes = "Bps"
	cores     = "none"
)

// view says what a panel shows.
type view struct {
	title string
	// answers is what the panel tells, and what to do where it looks bad.
	answers string
	unit    string
	// width in columns of 24; 0 for what is usual for the kind.
	width int
	// warn and bad are the values from which it is orange and red; 0 for never.
	warn, bad float64
	// none is shown where there is no data; "" says that nothing happened.
	none    string
	queries []query
}

// query of a view.
type query struct {
	expr promql.Expr
	// legend of each result; "" for its labels.
	legend string
}

// by are queries whose results their labels tell apart.
func by(exprs ...promql.Expr) []query {
	queries := make([]query, len(exprs))
	for i, e := range exprs {
		queries[i] = query{expr: e}
	}
	return queries
}

func (q query) legendFormat() string {
	if q.legend != "" {
		return q.legend
	}
	var parts []string
	for _, label := range q.expr.Labels() {
		parts = append(parts, "{{"+label+"}}")
	}
	return strings.Join(parts, " ")
}

// timeseries shows values over time.
func (b *board) timeseries(v view) grafana.Panel {
	p := b.panel(grafana.TimeSeries, v, 12, 8)
	p.FieldConfig.Defaults.Custom = map[string]any{
		"drawStyle": "line", "lineInterpolation": "linear", "lineWidth": 1, "fillOpacity": 10, "showPoints": "auto", "spanNulls": false,
	}
	if p.FieldConfig.Defaults.Thresholds != nil {
		p.FieldConfig.Defaults.Custom["thresholdsStyle"] = map[string]any{"mode": "dashed"}
	}
	p.FieldConfig.Defaults.Color.Mode = "palette-classic"
	p.Options = map[string]any{
		"legend":  map[string]any{"displayMode": "table", "placement": "bottom", "showLegend": true, "calcs": []string{"mean", "max"}},
		"tooltip": map[string]any{"mode": "multi", "sort": "desc"},
	}
	return p
}

// stat shows one number each.
func (b *board) stat(v view) grafana.Panel {
	p := b.instant(b.panel(grafana.Stat, v, 6, 4))
	p.Options = map[string]any{
		"colorMode": "value", "graphMode": "none", "justifyMode": "auto", "orientation": "auto", "textMode": "auto",
		"reduceOptions": map[string]any{"calcs": []string{"lastNotNull"}, "fields": "", "values": false},
	}
	return p
}

// bars compares numbers with each other.
func (b *board) bars(v view) grafana.Panel {
	p := b.instant(b.panel(grafana.BarGauge, v, 12, 8))
	p.Options = map[string]any{
		"displayMode": "basic", "orientation": "horizontal", "showUnfilled": true, "valueMode": "color",
		"reduceOptions": map[string]any{"calcs": []string{"lastNotNull"}, "fields": "", "values": false},
	}
	zero := 0.0
	p.FieldConfig.Defaults.Min = &zero
	return p
}

// table lists the results of one query, the largest first.
func (b *board) table(v view) grafana.Panel {
	p := b.instant(b.panel(grafana.Table, v, 12, 8))
	for i := range p.Targets {
		p.Targets[i].Format = "table"
	}
	p.Options = map[string]any{
		"cellHeight": "sm", "showHeader": true, "sortBy": []any{map[string]any{"displayName": "Value", "desc": true}},
	}
	p.Transformations = []grafana.Transformation{{ID: "organize", Options: map[string]any{
		"excludeByName": map[string]any{"Time": true}, "indexByName": map[string]any{}, "renameByName": map[string]any{},
	}}}
	return p
}

// instant asks for the value at the end of the dashboard's time alone.
func (b *board) instant(p grafana.Panel) grafana.Panel {
	for i := range p.Targets {
		p.Targets[i].Range, p.Targets[i].Instant = false, true
	}
	return p
}

func (b *board) panel(kind string, v view, width, height int) grafana.Panel {
	if v.width > 0 {
		width = v.width
	}
	if v.none == "" {
		v.none = "nothing in this time"
	}
	p := grafana.Panel{
		Type: kind, Title: v.title, Description: v.answers, Datasource: &prometheus,
		GridPos: grafana.GridPos{W: width, H: height},
		FieldConfig: &grafana.FieldConfig{Overrides: []any{}, Defaults: grafana.FieldDefaults{
			Unit: v.unit, NoValue: v.none, Color: grafana.Color{Mode: "thresholds"}, Thresholds: thresholds(v.warn, v.bad),
		}},
	}
	if v.unit == percent {
		zero := 0.0
		p.FieldConfig.Defaults.Min = &zero
	}
	for i, q := range v.queries {
		if err := q.expr.Err(); err != nil {
			b.errs = append(b.errs, fmt.Errorf("dashboard %s: panel %q: %w", b.uid, v.title, err))
		}
		p.Targets = append(p.Targets, grafana.Target{
			RefID: string(rune('A' + i)), Datasource: prometheus, Expr: q.expr.String(), LegendFormat: q.legendFormat(), EditorMode: "code", Range: true,
		})
	}
	return p
}

// thresholds are green below warn; nil where neither is set.
func thresholds(warn, bad float64) *grafana.Thresholds {
	if warn == 0 && bad == 0 {
		return nil
	}
	t := &grafana.Thresholds{Mode: "absolute", Steps: []grafana.Step{{Color: "green"}}}
	if warn > 0 {
		t.Steps = append(t.Steps, grafana.Step{Color: "orange", Value: &warn})
	}
	if bad > 0 {
		t.Steps = append(t.Steps, grafana.Step{Color: "red", Value: &bad})
	}
	return t
}

// logs shows the records behind the numbers, of one category.
func (b *board) logs(title, answers, category string, more map[string]string) grafana.Panel {
	expr, err := logQL(category, more)
	b.errs = append(b.errs, err)
	return grafana.Panel{
		Type: grafana.Logs, Title: title, Description: answers, Datasource: &loki,
		GridPos: grafana.GridPos{W: grafana.Columns, H: 8},
		Targets: []grafana.Target{{RefID: "A", Datasource: loki, Expr: expr, EditorMode: "code", QueryType: "range", MaxLines: 200}},
		Options: maps.Clone(map[string]any{
			"showTime": true, "wrapLogMessage": true, "enableLogDetails": true, "sortOrder": "Descending", "dedupStrategy": "none", "prettifyLogMessage": false,
		}),
	}
}
