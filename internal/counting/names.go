package counting

import (
	"slices"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/naming"
)

// newName checks the name of a metric of the user's own.
func (c *compiler) newName(at path, name string) bool {
	switch {
	case !naming.Metric.MatchString(name):
		c.fail(at, "%q is no name of a metric: use letters, digits, dots and underscores, and begin with a letter", name)
	case c.isBuiltin(name) || name == funnelMetric:
		c.fail(at, "is the name of a built-in metric: change that under metrics::%s, or use another name", name)
	default:
		return true
	}
	return false
}

// named is a metric with the place of its name in the configuration.
type named struct {
	metric definition.Metric
	at     path
}

// refuseCollisions refuses two metrics that are one to Prometheus.
func (c *compiler) refuseCollisions(metrics []named) {
	definitions := make([]definition.Metric, len(metrics))
	for i, m := range metrics {
		definitions[i] = m.metric
	}
	for _, collision := range naming.Collisions(definitions) {
		first, second := metrics[collision.First], metrics[collision.Second]
		c.fail(second.at, "is %s to Prometheus, and so is %s (%s): rename one", collision.Name, first.metric.Name, first.at)
	}
}

// label is the attribute's name as Prometheus has it.
func label(attribute string) string {
	if translated, ok := naming.Label(attribute); ok {
		return translated
	}
	return attribute // refused by labelName
}

// labelName checks the name of an attribute on points.
func (c *compiler) labelName(at path, name string) bool {
	translated := label(name)
	switch {
	case name == "":
		c.fail(at, "is missing: give the attribute's name on the points")
	case !attributeName.MatchString(name):
		c.fail(at, "%q is no attribute: use letters, digits, dots and underscores", name)
	case slices.Contains(definition.Common(), name):
		c.fail(at, "%s is on every point: leave it out", name)
	case naming.IsReserved(translated):
		c.fail(at, "%s is a label that exporters write themselves: use another name, and attribute: %s", name, name)
	default:
		return true
	}
	return false
}
