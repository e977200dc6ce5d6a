package grafana

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func dashboard() Dashboard {
	ask := func(expr string) Panel {
		return Panel{
			Type: Stat, Title: expr, Description: "d", Datasource: &Own, GridPos: GridPos{W: 10, H: 4},
			Targets: []Target{{RefID: "A", Expr: expr}},
		}
	}
	return Dashboard{UID: "a-b", Title: "t", Description: "d", Panels: Layout([]Section{
		{Title: "one", Panels: []Panel{ask("a"), ask("b"), ask("c")}}, {Title: "two", Panels: []Panel{ask("d")}},
	})}
}

func TestLayout(t *testing.T) {
	d := dashboard()
	assert.NoError(t, Check(d))
	var places []GridPos
	for i, p := range d.Panels {
		assert.Equal(t, i+1, p.ID)
		places = append(places, p.GridPos)
	}
	assert.Equal(t, []GridPos{
		{0, 0, 24, 1}, {0, 1, 10, 4}, {10, 1, 10, 4}, {0, 5, 10, 4}, {0, 9, 24, 1}, {0, 10, 10, 4},
	}, places)
}

func TestCheck(t *testing.T) {
	for want, spoil := range map[string]func(*Dashboard){
		"uid must be":                   func(d *Dashboard) { d.UID = "A b" },
		"title, description and panels": func(d *Dashboard) { d.Title = "" },
		`two variables are named "x"`:   func(d *Dashboard) { d.Templating.List = []Variable{{Name: "x"}, {Name: "x"}} },
		`id 2 must be above 0`:          func(d *Dashboard) { d.Panels[2].ID = 2 },
		`lies over "a"`:                 func(d *Dashboard) { d.Panels[2].GridPos.X = 9 },
		"is not on the grid":            func(d *Dashboard) { d.Panels[2].GridPos.X = 15 },
		"data source and queries":       func(d *Dashboard) { d.Panels[1].Description = "" },
		`query "A" must have`:           func(d *Dashboard) { d.Panels[1].Targets = append(d.Panels[1].Targets, d.Panels[1].Targets[0]) },
		`no variable "nobody"`:          func(d *Dashboard) { d.Panels[1].Targets[0].Expr = "a{b=~\"$nobody\"}" },
	} {
		d := dashboard()
		spoil(&d)
		assert.ErrorContains(t, Check(d), want)
	}
}
