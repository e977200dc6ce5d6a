package grafana

import (
	"errors"
	"fmt"
	"regexp"
)

// uid is what Grafana takes for one: at most 40 characters.
var uid = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// Check returns what Grafana would refuse or show wrongly, all at once.
func Check(d Dashboard) error {
	var errs []error
	fail := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("dashboard "+d.UID+": "+format, args...))
	}
	if !uid.MatchString(d.UID) {
		fail("uid must be up to 40 lower-case letters, digits and hyphens")
	}
	if d.Title == "" || d.Description == "" || len(d.Panels) == 0 {
		fail("title, description and panels must be there")
	}
	known := map[string]bool{}
	for _, v := range d.Templating.List {
		if known[v.Name] {
			fail("two variables are named %q", v.Name)
		}
		known[v.Name] = true
	}
	ids := map[int]bool{}
	for i, p := range d.Panels {
		if p.ID < 1 || ids[p.ID] {
			fail("panel %q: id %d must be above 0 and its own", p.Title, p.ID)
		}
		ids[p.ID] = true
		if err := checkPlace(p, d.Panels[:i]); err != nil {
			fail("panel %q: %w", p.Title, err)
		}
		if err := checkContent(p, known); err != nil {
			fail("panel %q: %w", p.Title, err)
		}
	}
	return errors.Join(errs...)
}

func checkPlace(p Panel, before []Panel) error {
	g := p.GridPos
	if g.X < 0 || g.Y < 0 || g.W < 1 || g.H < 1 || g.X+g.W > Columns {
		return fmt.Errorf("%+v is not on the grid of %d columns", g, Columns)
	}
	for _, other := range before {
		o := other.GridPos
		if g.X < o.X+o.W && o.X < g.X+g.W && g.Y < o.Y+o.H && o.Y < g.Y+g.H {
			return fmt.Errorf("lies over %q", other.Title)
		}
	}
	return nil
}

var variable = regexp.MustCompile(`\$\{?([A-Za-z_]+)`)

// filledIn are the variables that Grafana has by itself.
var filledIn = map[string]bool{"__rate_interval": true, "__range": true, "__interval": true}

func checkContent(p Panel, variables map[string]bool) error {
	if p.Type == Row {
		return nil
	}
	if p.Description == "" || p.Datasource == nil || len(p.Targets) == 0 || p.Title == "" {
		return errors.New("title, description, data source and queries must be there")
	}
	refs := map[string]bool{}
	for _, t := range p.Targets {
		if t.Expr == "" || t.RefID == "" || refs[t.RefID] {
			return fmt.Errorf("query %q must have an expression and a name of its own", t.RefID)
		}
		refs[t.RefID] = true
		for _, found := range variable.FindAllStringSubmatch(t.Expr+" "+t.Datasource.UID, -1) {
			if !variables[found[1]] && !filledIn[found[1]] {
				return fmt.Errorf("the dashboard has no variable %q", found[1])
			}
		}
	}
	return nil
}
