// Package grafana is as much of Grafana's model of a dashboard as ours need:
// what is not here, Grafana fills in with its defaults. The types are those of
// schema version 38, which Grafana 10 writes and later ones migrate from.
package grafana

// SchemaVersion of the model.
const SchemaVersion = 38

// Dashboard is one file. It has no id, which is the server's, and a uid that
// stays, so that links last.
type Dashboard struct {
	UID           string      `json:"uid"`
	Title         string      `json:"title"`
	Description   string      `json:"description"`
	Tags          []string    `json:"tags"`
	SchemaVersion int         `json:"schemaVersion"`
	Editable      bool        `json:"editable"`
	GraphTooltip  int         `json:"graphTooltip"` // 1: one cursor for all panels
	Refresh       string      `json:"refresh"`
	Time          TimeRange   `json:"time"`
	Timezone      string      `json:"timezone"`
	Links         []Link      `json:"links"`
	Annotations   Annotations `json:"annotations"`
	Templating    Templating  `json:"templating"`
	Panels        []Panel     `json:"panels"`
}

// TimeRange is what a dashboard shows when it is opened.
type TimeRange struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Link leads to other dashboards, or to a page.
type Link struct {
	Title       string   `json:"title"`
	Type        string   `json:"type"` // dashboards or link
	Tags        []string `json:"tags"`
	AsDropdown  bool     `json:"asDropdown"`
	IncludeVars bool     `json:"includeVars"`
	KeepTime    bool     `json:"keepTime"`
	TargetBlank bool     `json:"targetBlank"`
	Icon        string   `json:"icon"`
	Tooltip     string   `json:"tooltip"`
	URL         string   `json:"url"`
}

// Annotations mark moments in all panels.
type Annotations struct {
	List []Annotation `json:"list"`
}

// Annotation is one query for such moments.
type Annotation struct {
	Name        string     `json:"name"`
	Datasource  Datasource `json:"datasource"`
	Enable      bool       `json:"enable"`
	Hide        bool       `json:"hide"`
	IconColor   string     `json:"iconColor"`
	Expr        string     `json:"expr,omitempty"`
	Step        string     `json:"step,omitempty"`
	TitleFormat string     `json:"titleFormat,omitempty"`
	TextFormat  string     `json:"textFormat,omitempty"`
	BuiltIn     int        `json:"builtIn,omitempty"`
	Type        string     `json:"type,omitempty"`
}

// Templating holds the variables.
type Templating struct {
	List []Variable `json:"list"`
}

// Datasource is where a query goes: a variable's name stands for its value.
type Datasource struct {
	Type string `json:"type"`
	UID  string `json:"uid"`
}

// Own is Grafana's own data source, of annotations made by hand.
var Own = Datasource{Type: "grafana", UID: "-- Grafana --"}
