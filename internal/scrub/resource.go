package scrub

import (
	"math"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/xpdata/entity"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// schema is what has a schema URL: the resources and scopes of each signal.
type schema interface {
	SchemaUrl() string
	SetSchemaUrl(string)
}

// resource scrubs what belongs to a resource and says whether its records may
// pass on. It is treated by the top level of the policy: its records may be of
// several rules.
func (w *walker) resource(resource pcommon.Resource, outer schema) (ok bool) {
	if w.guard(func() {
		w.begin(w.s.base)
		w.seeResource(resource.Attributes())
		w.place = InResource
		w.attributes(resource.Attributes())
		w.place = InName
		w.entities(resource)
		w.schemaURL(outer)
		w.shared.forget()
		w.shared.resource = resource.Attributes()
		w.shared.collect()
	}) {
		return true
	}
	if w.s.policy.OnError == DropRecord {
		return false
	}
	pcommon.NewResource().MoveTo(resource)
	outer.SetSchemaUrl("")
	w.shared.forget()
	w.shared.resource = resource.Attributes()
	return true
}

// begin readies the walker for what is no record.
func (w *walker) begin(p *plan) {
	w.forgetIDs()
	w.left, w.reach = maxMembers, math.MaxInt
	w.t, w.plan = w.s.treatments[0], p
}

func (w *walker) schemaURL(of schema) {
	if url, became := w.search(of.SchemaUrl(), 0); became != same {
		of.SetSchemaUrl(url)
	}
}

// entities scrubs what a resource says of its entities: their types, and the
// names of the attributes that they are known by.
func (w *walker) entities(resource pcommon.Resource) {
	for _, ref := range entity.ResourceEntityRefs(resource).All() {
		if kind, became := w.search(ref.Type(), 0); became != same {
			ref.SetType(kind)
		}
		w.schemaURL(ref)
		for _, names := range []pcommon.StringSlice{ref.IdKeys(), ref.DescriptionKeys()} {
			for i, name := range names.All() {
				if changed, ok := w.key(name, pii.None); ok {
					names.SetAt(i, changed)
				}
			}
		}
	}
}

// instrumentation scrubs a scope and says whether its records may pass on. It
// takes auth.pii.fields off, and readies the walker for the records.
func (w *walker) instrumentation(scope pcommon.InstrumentationScope, outer schema) (ok bool) {
	if w.guard(func() {
		attrs := scope.Attributes()
		w.begin(nil)
		w.openScope(attrs)
		w.place = InScope
		w.attributes(attrs)
		if w.s.policy.KeepPIIFields && w.plan.profiled {
			attrs.PutStr(attr.PIIFields, w.scope.fields)
		}
		w.place = InName
		if name, became := w.search(scope.Name(), 0); became != same {
			scope.SetName(name)
		}
		if version, became := w.search(scope.Version(), 0); became != same {
			scope.SetVersion(version)
		}
		w.schemaURL(outer)
		w.shareScope(attrs)
	}) {
		return true
	}
	if w.s.policy.OnError == DropRecord {
		return false
	}
	pcommon.NewInstrumentationScope().MoveTo(scope)
	outer.SetSchemaUrl("")
	w.begin(nil)
	w.openScope(scope.Attributes()) // nothing is known of its records
	return true
}

// shareScope has the records' ids looked for in the scope's attributes.
func (w *walker) shareScope(attrs pcommon.Map) {
	w.shared.scope, w.shared.hasScope = attrs, true
	w.shared.collect()
}

// openScope reads what a scope says of its records, takes it off, and sets the
// plan of the records that no rule matches.
func (w *walker) openScope(attrs pcommon.Map) {
	fields := ""
	if v, ok := attrs.Get(attr.PIIFields); ok {
		if v.Type() == pcommon.ValueTypeStr {
			fields = v.Str()
		}
		takeFields(attrs)
	}
	w.scope.source = ""
	if v, ok := attrs.Get(attr.Source); ok {
		w.scope.source = v.AsString()
	}
	w.scope.read(w.s, fields, w.bodiless)
	w.use(w.s.treatments[0], w.s.sources[w.scope.source])
}

// takeFields takes auth.pii.fields off a scope.
func takeFields(attrs pcommon.Map) {
	attrs.RemoveIf(func(name string, _ pcommon.Value) bool { return name == attr.PIIFields })
}
