package grafana

// Variable is a choice at the top of a dashboard.
type Variable struct {
	Name        string         `json:"name"`
	Label       string         `json:"label"`
	Description string         `json:"description,omitempty"`
	Type        string         `json:"type"` // datasource or query
	Query       any            `json:"query"`
	Definition  string         `json:"definition,omitempty"`
	Datasource  *Datasource    `json:"datasource,omitempty"`
	Current     map[string]any `json:"current,omitempty"`
	IncludeAll  bool           `json:"includeAll"`
	AllValue    string         `json:"allValue,omitempty"`
	Multi       bool           `json:"multi"`
	Refresh     int            `json:"refresh"` // 1: on load, 2: with the time range
	Sort        int            `json:"sort"`    // 1: by the alphabet
	Regex       string         `json:"regex"`
	Hide        int            `json:"hide"`
	SkipURLSync bool           `json:"skipUrlSync"`
	Options     []any          `json:"options"`
}

// ChooseDatasource lets the user choose a data source of a type.
func ChooseDatasource(name, label, kind string) Variable {
	return Variable{
		Name: name, Label: label, Type: "datasource", Query: kind, Refresh: 1,
		Options: []any{},
	}
}

// ChooseLabel lets the user choose among a label's values. All is any, and none.
func ChooseLabel(name, label, description string, source Datasource, selector, of string) Variable {
	query := "label_values(" + selector + ", " + of + ")"
	return Variable{
		Name: name, Label: label, Description: description, Type: "query", Datasource: &source, Definition: query,
		Query:      map[string]any{"query": query, "refId": "PrometheusVariableQueryEditor-VariableQuery"},
		Current:    map[string]any{"selected": true, "text": []any{"All"}, "value": []any{"$__all"}},
		IncludeAll: true, AllValue: ".*", Multi: true, Refresh: 2, Sort: 1, Options: []any{},
	}
}
