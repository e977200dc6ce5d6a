package piiguard

import (
	"cmp"
	"slices"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pipeline"
)

// path is a way of events to an exporter on which nothing scrubs.
type path struct {
	source, exporter component.ID
	steps            []step
}

// step is a pipeline on a path.
type step struct {
	pipeline pipeline.ID
	from     component.ID // the connector before it; of the first one, the source
	idle     []idle       // its scrubbers that do not count
}

// unscrubbed finds a shortest path for every source, pipeline and exporter of
// that pipeline between which nothing scrubs, sorted by pipeline, exporter and
// source.
func unscrubbed(c *config) []path {
	var found []path
	readers := c.readers()
	for _, source := range c.sources() {
		found = append(found, c.follow(source, readers)...)
	}
	slices.SortFunc(found, func(a, b path) int {
		return cmp.Or(
			cmp.Compare(a.last().pipeline.String(), b.last().pipeline.String()),
			cmp.Compare(a.exporter.String(), b.exporter.String()),
			cmp.Compare(a.source.String(), b.source.String()),
		)
	})
	return found
}

func (p *path) last() step { return p.steps[len(p.steps)-1] }

// follow searches breadth-first from a source, so that the first way into a
// pipeline is a shortest one. Each pipeline is entered once.
func (c *config) follow(source component.ID, readers map[component.ID][]pipeline.ID) []path {
	var found []path
	entered := map[pipeline.ID]bool{}
	var queue [][]step
	enter := func(from component.ID, way []step) {
		for _, id := range readers[from] {
			if entered[id] {
				continue
			}
			entered[id] = true
			// A pipeline that scrubs ends the path: its processors run before
			// all of its exporters.
			if scrubs, idle := c.scrubs(c.pipelines[id]); !scrubs {
				queue = append(queue, append(slices.Clone(way), step{id, from, idle}))
			}
		}
	}
	enter(source, nil)
	for len(queue) > 0 {
		way := queue[0]
		queue = queue[1:]
		for _, id := range distinct(c.pipelines[way[len(way)-1].pipeline].Exporters) {
			_, connects := c.connectors[id]
			switch {
			case !connects:
				found = append(found, path{source, id, way})
			case id.Type().String() == typeConnector:
				// Counts under bounded labels come out, no event: docs/adr/0004.
			default:
				enter(id, way)
			}
		}
	}
	return found
}

// readers are the pipelines of each receiver or connector, sorted.
func (c *config) readers() map[component.ID][]pipeline.ID {
	readers := map[component.ID][]pipeline.ID{}
	for _, id := range sortedIDs(c.pipelines) {
		for _, from := range distinct(c.pipelines[id].Receivers) {
			readers[from] = append(readers[from], id)
		}
	}
	return readers
}

// distinct sorts ids, each once.
func distinct(ids []component.ID) []component.ID {
	set := make(map[component.ID]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return sortedIDs(set)
}
