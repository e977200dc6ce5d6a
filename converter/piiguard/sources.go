package piiguard

import (
	"slices"

	"go.opentelemetry.io/collector/component"
)

// The components of this project, by type.
const (
	typeReceiver  = "auth_events"
	typeBlob      = "auth_events_blob"
	typeEncoding  = "auth_events_encoding"
	typeScrubber  = "pii_scrub"
	typeConnector = "event_metrics"
)

// sources are the receivers of all pipelines that bring events in, sorted.
func (c *config) sources() []component.ID {
	found := map[component.ID]bool{}
	for _, p := range c.pipelines {
		for _, id := range p.Receivers {
			if isSource(id, c.receivers[id]) {
				found[id] = true
			}
		}
	}
	return sortedIDs(found)
}

// isSource says whether a receiver brings events in: by its own type, or because
// its settings name an encoding of events.
func isSource(id component.ID, settings any) bool {
	return isReceiver(id) || namesEvents(settings)
}

func isReceiver(id component.ID) bool {
	t := id.Type().String()
	return t == typeReceiver || t == typeBlob
}

// namesEvents searches a receiver's settings at any depth for an encoding of
// events, under any key: `encoding` (kafka), `encodings: [{extension: …}]`
// (awss3), whatever the next one calls it. A topic by the encoding's name is
// taken for it. Names are searched for a receiver of events, since
// receiver_creator starts what it has there.
func namesEvents(settings any) bool {
	switch v := settings.(type) {
	case string:
		id, ok := parseID(v)
		return ok && id.Type().String() == typeEncoding
	case []any:
		return slices.ContainsFunc(v, namesEvents)
	case map[string]any:
		for key, inner := range v {
			if id, ok := parseID(key); ok && isReceiver(id) || namesEvents(inner) {
				return true
			}
		}
	}
	return false
}
