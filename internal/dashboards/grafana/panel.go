package grafana

// Kinds of panels.
const (
	TimeSeries = "timeseries"
	Stat       = "stat"
	BarGauge   = "bargauge"
	Table      = "table"
	Logs       = "logs"
	Row        = "row"
)

// Panel is one picture, or the row above some.
type Panel struct {
	ID              int              `json:"id"`
	Type            string           `json:"type"`
	Title           string           `json:"title"`
	Description     string           `json:"description,omitempty"`
	GridPos         GridPos          `json:"gridPos"`
	Datasource      *Datasource      `json:"datasource,omitempty"`
	Targets         []Target         `json:"targets,omitempty"`
	FieldConfig     *FieldConfig     `json:"fieldConfig,omitempty"`
	Options         map[string]any   `json:"options,omitempty"`
	Transformations []Transformation `json:"transformations,omitempty"`
	// Of a row alone.
	Collapsed *bool `json:"collapsed,omitempty"`
	// Of a row whose panels are folded in; ours are not.
	Panels []Panel `json:"panels,omitempty"`
}

// GridPos is a place on the grid, which is Columns wide.
type GridPos struct {
	X int `json:"x"`
	Y int `json:"y"`
	W int `json:"w"`
	H int `json:"h"`
}

// Columns of the grid.
const Columns = 24

// Target is one query of a panel.
type Target struct {
	RefID        string     `json:"refId"`
	Datasource   Datasource `json:"datasource"`
	Expr         string     `json:"expr"`
	LegendFormat string     `json:"legendFormat,omitempty"`
	EditorMode   string     `json:"editorMode,omitempty"`
	Format       string     `json:"format,omitempty"`
	Range        bool       `json:"range,omitempty"`
	Instant      bool       `json:"instant,omitempty"`
	MaxLines     int        `json:"maxLines,omitempty"`
	QueryType    string     `json:"queryType,omitempty"`
}

// FieldConfig says how values look.
type FieldConfig struct {
	Defaults  FieldDefaults `json:"defaults"`
	Overrides []any         `json:"overrides"`
}

// FieldDefaults hold for all values of a panel.
type FieldDefaults struct {
	Unit       string         `json:"unit,omitempty"`
	Min        *float64       `json:"min,omitempty"`
	Max        *float64       `json:"max,omitempty"`
	Decimals   *int           `json:"decimals,omitempty"`
	NoValue    string         `json:"noValue,omitempty"`
	Color      Color          `json:"color"`
	Thresholds *Thresholds    `json:"thresholds,omitempty"`
	Custom     map[string]any `json:"custom,omitempty"`
}

// Color says what a color tells.
type Color struct {
	Mode string `json:"mode"` // thresholds or palette-classic
}

// Thresholds are the values from which another color holds.
type Thresholds struct {
	Mode  string `json:"mode"`
	Steps []Step `json:"steps"`
}

// Step is one of them; the first has no value.
type Step struct {
	Color string   `json:"color"`
	Value *float64 `json:"value"`
}

// Transformation changes what the queries gave before it is shown.
type Transformation struct {
	ID      string         `json:"id"`
	Options map[string]any `json:"options"`
}
