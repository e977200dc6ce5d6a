package piiguard

import (
	"fmt"

	"go.opentelemetry.io/collector/component"
)

// trustedKey is the top-level key that lists the exporters which may get
// personal data.
const trustedKey = "trusted_destinations"

// trusted reads the list. An entry has to be an exporter that is configured: a
// slip of the pen would trust nobody, or, once someone adds an exporter under
// that name, the wrong one. It need not be in use.
func (c *config) trusted() (map[component.ID]bool, []error) {
	if c.trustedList == nil {
		return nil, nil
	}
	list, ok := c.trustedList.([]any)
	if !ok {
		return nil, []error{fmt.Errorf("%s: must be a list of exporters, such as [file/audit] (got %s)", trustedKey, shape(c.trustedList))}
	}
	trusted := make(map[component.ID]bool, len(list))
	var errs []error
	for i, entry := range list {
		text, ok := entry.(string)
		if !ok {
			errs = append(errs, fmt.Errorf("%s[%d]: must be the id of an exporter, such as file/audit (got %s)", trustedKey, i, shape(entry)))
			continue
		}
		id, ok := parseID(text)
		if _, configured := c.exporters[id]; !ok || !configured {
			errs = append(errs, fmt.Errorf("%s[%d]: %q is not one of the exporters: use the full id of one that is configured, or take it out", trustedKey, i, text))
			continue
		}
		trusted[id] = true
	}
	return trusted, errs
}

// shape is a value's YAML type. The value itself may be a secret that slipped
// in here.
func shape(value any) string {
	switch value.(type) {
	case string:
		return "a text"
	case map[string]any:
		return "a map"
	case []any:
		return "a list"
	case bool:
		return "a boolean"
	case nil:
		return "null"
	}
	return "a number"
}
