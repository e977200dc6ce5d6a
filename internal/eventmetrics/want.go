package eventmetrics

import (
	"slices"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// want has a plan read a field. What stands in the resource is read anyway.
func (p *plan) want(f *fields, id field) {
	switch spec := &f.specs[id]; {
	case id == fieldEvent || slices.Contains(p.clear, id):
	case spec.place.In == definition.Attribute:
		if len(p.wanted.entries) < maxWanted {
			p.wanted.add(spec.place.Name, id)
			p.clear = append(p.clear, id)
		}
	case spec.place.In == definition.Body:
		p.clear = append(p.clear, id)
		p.bodyFields = append(p.bodyFields, id)
		p.body.add(id, spec.path)
	}
}

func (p *plan) wantLabel(f *fields, id field) {
	p.want(f, id)
	if !slices.Contains(p.fields, id) {
		p.fields = append(p.fields, id)
	}
	if f.specs[id].place.In == definition.Resource {
		return
	}
	if !slices.ContainsFunc(p.labels, func(l label) bool { return l.field == id }) {
		p.labels = append(p.labels, label{table: f.specs[id].table, field: id})
	}
}

// wantUser returns where in the plan's identities the i-th of the engine is.
func (p *plan) wantUser(e *Engine, i int) int {
	if n := slices.Index(p.identities, i); n >= 0 {
		return n
	}
	for _, id := range e.identities[i].fields {
		p.want(e.fields, id)
	}
	p.identities = append(p.identities, i)
	if p.salts == nil {
		p.salts = make([][]uint64, len(e.identities))
	}
	p.salts[i] = e.identities[i].salts(e.settings.UniqueKey, p.source)
	return len(p.identities) - 1
}
