package main

import (
	"errors"
	"fmt"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/dashboards/grafana"
	"github.com/authevents/otelcol-auth/internal/dashboards/promql"
	"github.com/authevents/otelcol-auth/internal/dashboards/series"
)

// tag is what the links between the dashboards go by.
const tag = "otelcol-auth"

var (
	prometheus = grafana.Datasource{Type: "prometheus", UID: "${datasource}"}
	loki       = grafana.Datasource{Type: "loki", UID: "${loki}"}
)

// uptime is what every collector serves of itself.
const uptime = "otelcol_process_uptime"

// all returns the dashboards, and what is wrong with any of them.
func all(names series.Names) ([]grafana.Dashboard, error) {
	var dashboards []grafana.Dashboard
	var errs []error
	for _, build := range []func(*board){signIns, mfa, clients, social, captcha, registration, collector} {
		b := &board{names: names}
		build(b)
		d := b.finish()
		dashboards = append(dashboards, d)
		errs = append(errs, errors.Join(b.errs...), grafana.Check(d))
	}
	return dashboards, errors.Join(errs...)
}

// board is a dashboard that is being built.
type board struct {
	names                   series.Names
	uid, title, description string
	// ofCollector is a board of the collector's own metrics, not of what it counts.
	ofCollector bool
	sections    []grafana.Section
	errs        []error
}

// counted selects a metric of the catalogue, as far as the variables say.
func (b *board) counted(metric string) promql.Selector {
	return promql.Select(b.names, metric).
		Like(attr.Source, "$source").Like(attr.Domain, "$domain").Like(attr.DeploymentEnvironmentName, "$environment").
		Target("job", "$job").Target("instance", "$instance")
}

// own selects one of the collector's own metrics.
func (b *board) own(metric string) promql.Selector {
	return promql.Select(b.names, metric).Target("job", "$job").Target("instance", "$instance")
}

// section adds a row with its panels.
func (b *board) section(title string, panels ...grafana.Panel) {
	b.sections = append(b.sections, grafana.Section{Title: title, Panels: panels})
}

func (b *board) finish() grafana.Dashboard {
	return grafana.Dashboard{
		UID: b.uid, Title: b.title, Description: b.description, Tags: []string{tag},
		SchemaVersion: grafana.SchemaVersion, Editable: true, GraphTooltip: 1, Refresh: "30s",
		Time: grafana.TimeRange{From: "now-6h", To: "now"}, Timezone: "browser",
		Links: []grafana.Link{{
			Title: "Sign-ins", Type: "dashboards", Tags: []string{tag}, AsDropdown: true, IncludeVars: true, KeepTime: true,
			Icon: "external link", Tooltip: "The other dashboards, with the same choices and time",
		}},
		Annotations: b.annotations(),
		Templating:  grafana.Templating{List: b.variables()},
		Panels:      grafana.Layout(b.sections),
	}
}

// annotations mark where a collector began anew: its gauges and, without
// storage, its counts do as well.
func (b *board) annotations() grafana.Annotations {
	started := promql.Below(promql.Raw(promql.Select(b.names, uptime)), 60)
	b.errs = append(b.errs, started.Err())
	return grafana.Annotations{List: []grafana.Annotation{
		{Name: "Annotations & Alerts", Datasource: grafana.Own, Enable: true, Hide: true, IconColor: "rgba(0, 211, 255, 1)", BuiltIn: 1, Type: "dashboard"},
		{
			Name: "Collector started", Datasource: prometheus, Enable: true, IconColor: "orange",
			Expr: started.String(), Step: "60s", TitleFormat: "Collector started", TextFormat: "{{instance}}",
		},
	}}
}

func (b *board) variables() []grafana.Variable {
	list := []grafana.Variable{grafana.ChooseDatasource("datasource", "Prometheus", "prometheus")}
	if b.ofCollector {
		return append(list, b.targets(uptime)...)
	}
	list = append(list, grafana.ChooseDatasource("loki", "Loki", "loki"))
	events := promql.Select(b.names, "auth.events")
	for _, v := range []struct{ name, label, attribute, description string }{
		{"source", "Source", attr.Source, "The identity provider."},
		{"domain", "Domain", attr.Domain, "The identity domain, where events say it. All takes those that do not."},
		{"environment", "Environment", attr.DeploymentEnvironmentName, "The deployment, where events say it. All takes those that do not."},
	} {
		list = append(list, grafana.ChooseLabel(v.name, v.label, v.description, prometheus, promql.Raw(events).String(), b.label("auth.events", v.attribute)))
	}
	return append(list, b.targets("auth.events")...)
}

// targets are the variables of what Prometheus scrapes.
func (b *board) targets(metric string) []grafana.Variable {
	s := promql.Select(b.names, metric)
	return []grafana.Variable{
		grafana.ChooseLabel("job", "Job", "Prometheus' job.", prometheus, promql.Raw(s).String(), "job"),
		grafana.ChooseLabel("instance", "Instance", "The collector, as Prometheus scrapes it.", prometheus,
			promql.Raw(s.Target("job", "$job")).String(), "instance"),
	}
}

// label is a metric's label for an attribute.
func (b *board) label(metric, attribute string) string {
	s, err := b.names.Find(metric)
	b.errs = append(b.errs, err)
	label, ok := s.Label(attribute)
	if !ok {
		b.errs = append(b.errs, fmt.Errorf("%s has no label for %q", metric, attribute))
	}
	return label.Name
}
