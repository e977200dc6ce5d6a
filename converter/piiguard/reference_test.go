package piiguard

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// graph is a random configuration in its plainest form.
type graph struct {
	pipelines []node
	trusted   []string
}

type node struct{ receivers, processors, exporters []string }

var pool = struct{ receivers, processors, exporters, connectors []string }{
	receivers:  []string{"auth_events", "otlp"},
	processors: []string{"batch", "pii_scrub", "pii_scrub/watch"},
	exporters:  []string{"file", "file/2", "otlp_http"},
	connectors: []string{"forward", "forward/2", "routing", "event_metrics"},
}

func randomGraph(r *rand.Rand) graph {
	pick := func(share float64, from ...string) (list []string) {
		for _, s := range from {
			if r.Float64() < share {
				list = append(list, s)
			}
		}
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		return list
	}
	g := graph{trusted: pick(0.3, pool.exporters...)}
	for range 1 + r.IntN(6) {
		g.pipelines = append(g.pipelines, node{
			receivers:  pick(0.3, slices.Concat(pool.receivers, pool.connectors)...),
			processors: pick(0.2, pool.processors...),
			exporters:  pick(0.3, slices.Concat(pool.exporters, pool.connectors)...),
		})
	}
	return g
}

func (g *graph) yaml() string {
	var b strings.Builder
	fmt.Fprintf(&b, "trusted_destinations: [%s]\n", strings.Join(g.trusted, ", "))
	for section, ids := range map[string][]string{
		"receivers": pool.receivers, "exporters": pool.exporters, "connectors": pool.connectors,
	} {
		fmt.Fprintf(&b, "%s: {%s: }\n", section, strings.Join(ids, ": , "))
	}
	b.WriteString("processors: {batch: , pii_scrub: , pii_scrub/watch: {mode: audit}}\nservice:\n  pipelines:\n")
	for i, n := range g.pipelines {
		fmt.Fprintf(&b, "    logs/%d: {receivers: [%s], processors: [%s], exporters: [%s]}\n",
			i, strings.Join(n.receivers, ", "), strings.Join(n.processors, ", "), strings.Join(n.exporters, ", "))
	}
	return b.String()
}

// leaks finds what the converter has to find by another way: marks spread until
// nothing changes.
func (g *graph) leaks() map[string]bool {
	raw := map[string]bool{"auth_events": true} // what unscrubbed events come out of
	leaks := map[string]bool{}
	for changed := true; changed; {
		changed = false
		for i, n := range g.pipelines {
			if !slices.ContainsFunc(n.receivers, func(r string) bool { return raw[r] }) || slices.Contains(n.processors, "pii_scrub") {
				continue
			}
			for _, e := range n.exporters {
				switch {
				case slices.Contains(pool.exporters, e):
					if !slices.Contains(g.trusted, e) {
						leaks[fmt.Sprintf("service::pipelines::logs/%d: events of receiver auth_events reach exporter %s", i, e)] = true
					}
				case e != "event_metrics" && !raw[e]:
					raw[e], changed = true, true
				}
			}
		}
	}
	return leaks
}

// TestAgainstReference compares random graphs, circles among them,
// with what a plainer algorithm finds.
func TestAgainstReference(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	refused := 0
	for range 1000 {
		g := randomGraph(r)
		_, err := guarded(t, g.yaml())
		found := map[string]bool{}
		if err != nil {
			refused++
			for line := range strings.Lines(err.Error()) {
				line, _, _ = strings.Cut(line, " without pii_scrub")
				line, _, _ = strings.Cut(line, " through ")
				found[line] = true
			}
		}
		require.Equal(t, g.leaks(), found, g.yaml())
	}
	assert.Greater(t, refused, 150, "enough are refused to prove anything")
	assert.Less(t, refused, 850, "enough are taken")
}
