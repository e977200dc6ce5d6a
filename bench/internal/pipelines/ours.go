package pipelines

// ours are auth_events, pii_scrub and event_metrics with their defaults, but for
// two: an IP address gets a pseudonym, as on the stock side, where the default
// keeps its network; and the counts are sent each second, so that a short run has
// its share of that. The default policy does more than the stock side can: it takes
// user agents, versions, paths and the ids of vendors down to what tells no one apart.
func ours(row Row, o Options) parts {
	p := parts{receiver: map[string]any{"auth_events": map[string]any{
		"file":    map[string]any{"include": list(o.Include)},
		"storage": "file_storage",
	}}}
	if row.Scrubs() {
		p.processors = append(p.processors, processor{"pii_scrub", map[string]any{
			"keys": []any{map[string]any{"id": "bench", "secret": Key}},
			"ip":   "pseudonym",
		}})
	}
	if row.Counts() {
		p.connector = map[string]any{"event_metrics": map[string]any{"interval": "1s"}}
	}
	return p
}

func list[T any](items []T) []any {
	all := make([]any, len(items))
	for i, item := range items {
		all[i] = item
	}
	return all
}
