package counting

import (
	"cmp"
	"slices"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// maxCap is what the engine can number.
const maxCap = 50_000

// dimension makes a dimension of what the user says, and of base for what the
// user leaves out.
func (c *compiler) dimension(at path, a AttributeConfig, base definition.Dimension) (definition.Dimension, bool) {
	before := len(c.errs)
	place, _ := c.place(at, placeKeys{a.Attribute, a.Body, a.Resource})
	d := base
	if place.In != definition.Unset {
		d.From = place
	}
	if c.labelName(at.key("name"), a.Name) {
		c.refusePersonal(at, a, d.From)
	}
	if a.Allow != nil {
		if len(a.Allow) == 0 {
			c.fail(at.key("allow"), "is empty: list the values that are to be told apart, or leave it out")
		}
		d.Allowed = map[string][]string{"": c.texts(at.key("allow"), a.Allow)}
	}
	if a.Cap < 0 || a.Cap > maxCap {
		c.fail(at.key("cap"), "must be from 1 to %d (got %d)", maxCap, a.Cap)
	}
	d.Cap = cmp.Or(a.Cap, d.Cap)
	if a.Default != "" && c.value(at.key("default"), a.Default) {
		d.Default = a.Default
	}
	d.AcceptPersonalData = d.AcceptPersonalData || a.AcceptPersonalData
	return d, len(c.errs) == before
}

// refusePersonal looks at where the value is from, and at the name as well: a
// label called user.id is taken for one, whatever is in it.
func (c *compiler) refusePersonal(at path, a AttributeConfig, from definition.Place) {
	if a.AcceptPersonalData {
		return
	}
	for _, place := range []definition.Place{from, {In: definition.Attribute, Name: a.Name}} {
		if place.In == definition.Unset {
			continue // the attribute of the same name
		}
		if p, yes := personalAt(place); yes {
			c.fail(at, "%s holds personal data (%s), which would stand in a label: leave it out, or say i_accept_personal_data: true",
				p.what, p.kindName())
			return
		}
	}
}

// booleans are attributes that are booleans on a record, beside those that the
// built-in metrics have.
var booleans = []string{attr.PKCEUsed, attr.FirstLogin, attr.BrowserMobile, attr.TimeFallback}

// fresh is what is known of an attribute that a metric does not have yet.
func (c *compiler) fresh(a AttributeConfig) definition.Dimension {
	d := definition.Dimension{Name: a.Name}
	if a.Body == "" && a.Resource == "" && c.isBoolean(cmp.Or(a.Attribute, a.Name)) {
		d.Boolean = true
		d.Allowed = map[string][]string{"": {"true", "false"}}
	}
	return d
}

func (c *compiler) isBoolean(name string) bool {
	return slices.Contains(booleans, name) || slices.ContainsFunc(c.base.Metrics, func(m definition.Metric) bool {
		return slices.ContainsFunc(m.Dimensions, func(d definition.Dimension) bool { return d.Name == name && d.Boolean })
	})
}
