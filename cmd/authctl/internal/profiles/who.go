package profiles

import (
	"slices"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/profiles/sample"
	"github.com/authevents/otelcol-auth/internal/attr"
)

// adminCategory is that of the events in which somebody does something to another.
const adminCategory = "admin"

// behalfNames are folded names of objects with the one for whom somebody acts.
var behalfNames = []string{"onbehalfof", "actingfor"}

// whoIsMeant tells whom an event is about from who did it. What a role's table
// chose is read in all lines: of an administrator's it says who did it, where the
// sample names the other one elsewhere.
func (d *draft) whoIsMeant(all []*field) {
	d.notNobody(all)
	for i := range d.attributes {
		if c := &d.attributes[i]; c.isBehalf() {
			c.when = append(c.when, condition{pointer: c.field.object(), jsonType: sample.Object})
		}
	}
	if targets := parties(all, targetNames); len(targets) > 0 {
		d.aboutTargets(targets, parties(all, actorNames))
		return
	}
	d.onlyUsers()
	for _, p := range userPaths(all) {
		if d.isAnother(&p) {
			d.aboutPath(&p)
			return
		}
	}
	d.onBehalf()
}

// notNobody leaves out an id beside which a name says that it is nobody's.
func (d *draft) notNobody(all []*field) {
	for i := range d.attributes {
		c := &d.attributes[i]
		if c.role != attr.UserID {
			continue
		}
		for _, f := range all {
			beside := f.depth > 1 && f.object() == c.field.object() && slices.Contains(memberNames[attr.UserName], f.name)
			if nobody := sentinelsOf(f); beside && f != c.field && len(nobody) > 0 {
				c.when = append(c.when, condition{pointer: f.pointer, notIn: nobody})
			}
		}
	}
}

// onlyUsers takes back that an administrator is the user, where the sample knows
// users by another field; and the other way round where the actor is all there is.
func (d *draft) onlyUsers() {
	others := slices.ContainsFunc(d.attributes, func(c choice) bool { return c.role == attr.UserID && !c.isActor() })
	for i := range d.attributes {
		if c := &d.attributes[i]; others && c.role == attr.UserID && c.isActor() {
			c.role = attr.ActorID
		}
	}
}

func (c *choice) isActor() bool {
	return slices.Contains(actorNames, c.field.parent) || c.field.name == "actorid"
}

// isUser says whether a choice fills an attribute of the user.
func (c *choice) isUser() bool {
	return c.role == attr.UserID || c.role == attr.UserName || c.role == attr.UserEmail
}

// isBehalf says whether a choice tells of the one for whom somebody acts.
func (c *choice) isBehalf() bool { return c.isUser() && slices.Contains(behalfNames, c.field.parent) }

// onBehalf takes whoever acts for another for the actor.
func (d *draft) onBehalf() {
	var doers []choice
	for _, behalf := range d.attributes {
		for _, c := range d.attributes {
			if behalf.isBehalf() && behalf.role == c.role && d.isBesideID(&c) {
				doers = append(doers, c.asActor(limit{when: behalf.when}))
			}
		}
	}
	d.put(nil, doers)
}

// isBesideID says whether a choice tells of the user whose id stands in the same
// object: an address elsewhere, as in a request's body, may be another's. Who is
// acted for is never the actor.
func (d *draft) isBesideID(c *choice) bool {
	return c.isUser() && !c.isBehalf() && slices.ContainsFunc(d.attributes, func(id choice) bool {
		return id.role == attr.UserID && id.field.object() == c.field.object()
	})
}

// asActor is the choice as one of the actor; its role is empty where an actor has
// no such attribute.
func (c *choice) asActor(of limit) choice {
	actor := *c
	actor.limit = of
	actor.role = map[string]string{attr.UserID: attr.ActorID, attr.UserEmail: attr.ActorEmail}[c.role]
	return actor
}

// put adds whom the events are about before what else fills these attributes, and
// who did it where no place says that in all lines.
func (d *draft) put(about, doers []choice) {
	doers = slices.DeleteFunc(doers, func(c choice) bool { return c.role == "" || len(d.withRole(c.role)) > 0 })
	d.attributes = slices.Concat(about, d.attributes, doers)
}

// hasAdmins says whether some of the events are an administrator's.
func (d *draft) hasAdmins() bool {
	return slices.ContainsFunc(d.events, func(e event) bool { return e.category == adminCategory }) ||
		d.knows != nil && slices.ContainsFunc(d.knows.byLine, func(k known) bool { return k.category == adminCategory })
}

// category is that of a line's event, "" where nothing names it.
func (d *draft) category(line int) string {
	if d.knows.has(line) {
		return d.knows.byLine[line].category
	}
	for _, c := range d.names {
		if i := slices.Index(c.field.lines, line); i >= 0 {
			return categoryOf(c.field.of[i])
		}
	}
	return ""
}
