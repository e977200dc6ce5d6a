package grafana

// Section is a row with its panels. Of a panel's place, width and height are
// given; where it stands follows.
type Section struct {
	Title  string
	Panels []Panel
}

// Layout places sections below each other, and their panels from left to right,
// a line as high as its highest panel, and gives each an id.
func Layout(sections []Section) []Panel {
	var panels []Panel
	y := 0
	add := func(p Panel) {
		p.ID = len(panels) + 1
		panels = append(panels, p)
	}
	for _, s := range sections {
		open := false
		add(Panel{Type: Row, Title: s.Title, GridPos: GridPos{Y: y, W: Columns, H: 1}, Collapsed: &open})
		y++
		x, height := 0, 0
		for _, p := range s.Panels {
			if x+p.GridPos.W > Columns {
				x, y, height = 0, y+height, 0
			}
			p.GridPos.X, p.GridPos.Y = x, y
			x, height = x+p.GridPos.W, max(height, p.GridPos.H)
			add(p)
		}
		y += height
	}
	return panels
}
