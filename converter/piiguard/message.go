package piiguard

import (
	"fmt"
	"strings"
)

// err names the path, where it could be cut, and the other remedy.
func (p *path) err() error {
	return fmt.Errorf("service::pipelines::%s: events of receiver %s reach exporter %s%s without pii_scrub%s: "+
		"put pii_scrub into its processors, or, if that destination may hold personal data, list %s under %s",
		p.last().pipeline, p.source, p.exporter, p.through(), p.idle(), p.exporter, trustedKey)
}

// through names what lies between the source and the last pipeline, in order.
func (p *path) through() string {
	var between []string
	for i, s := range p.steps[1:] {
		between = append(between, fmt.Sprintf("pipeline %s, connector %s", p.steps[i].pipeline, s.from))
	}
	if between == nil {
		return ""
	}
	return " through " + strings.Join(between, ", ")
}

// idle names the scrubbers that do not count.
func (p *path) idle() string {
	var idle []string
	for _, s := range p.steps {
		for _, scrubber := range s.idle {
			idle = append(idle, fmt.Sprintf("%s does not count: %s", scrubber.id, scrubber.why))
		}
	}
	if idle == nil {
		return ""
	}
	return " (" + strings.Join(idle, "; ") + ")"
}
