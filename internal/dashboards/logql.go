package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/naming"
)

// logQL asks Loki for the records of a category, as far as the variables say,
// and with the given values of attributes. Attributes are structured metadata
// there, with underscores for dots, so that no parser is needed. A filter that
// takes anything takes records without the attribute as well.
func logQL(category string, more map[string]string) (string, error) {
	if !slices.Contains(categories(), category) {
		return "", fmt.Errorf("no profile has the category %q", category)
	}
	query := `{service_name=~".+"}`
	add := func(attribute, operator, value string) error {
		if _, known := attr.KindOf(attribute); !known {
			return fmt.Errorf("no attribute %q", attribute)
		}
		label, _ := naming.Label(attribute)
		query += fmt.Sprintf(" | %s%s%q", label, operator, value)
		return nil
	}
	for _, v := range []struct{ attribute, variable string }{
		{attr.DeploymentEnvironmentName, "$environment"}, {attr.Source, "$source"}, {attr.Domain, "$domain"},
	} {
		if err := add(v.attribute, "=~", v.variable); err != nil {
			return "", err
		}
	}
	if err := add(attr.Category, "=", category); err != nil {
		return "", err
	}
	for _, attribute := range slices.Sorted(maps.Keys(more)) {
		if err := add(attribute, "=", more[attribute]); err != nil {
			return "", err
		}
	}
	return query, nil
}

// categories are those of the built-in profiles' events.
func categories() []string {
	var list []string
	for _, p := range authevent.Known() {
		for _, e := range p.Events {
			list = append(list, e.Category)
		}
	}
	return list
}
