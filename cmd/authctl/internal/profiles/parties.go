package profiles

import (
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// party is an object that says of itself what it is, and is a user in some lines:
// {"id": …, "type": "User"}.
type party struct {
	isUser  condition // on its type
	lines   []int     // where it is a user
	members []*field
}

// Folded names of objects that an event is about, of those that did it, of members
// that say what an object is, and the values by which it is a user.
var (
	targetNames = []string{"target", "targets", "targetresources", "object", "subject", "entity", "resource", "affecteduser"}
	actorNames  = []string{"actor", "initiator", "initiatedby", "performedby", "caller"}
	typeNames   = []string{"type", "kind", "objecttype", "entitytype", "resourcetype"}
	userTypes   = []string{"user", "users", "person", "identity", "account", "member", "customer"}
)

// memberNames are what an object calls the user's id, name and address.
var memberNames = map[string][]string{
	attr.UserID:    {"id", "uuid", "pk", "guid", "userid", "objectid"},
	attr.UserName:  {"username", "login", "alternateid", "userprincipalname", "upn"},
	attr.UserEmail: {"email", "mail", "emailaddress", "alternateid", "userprincipalname"},
}

// parties finds the objects of these names that are users in some lines.
func parties(all []*field, called []string) (list []party) {
	for _, f := range all {
		if !f.isPlace() || !slices.Contains(typeNames, f.name) || !slices.Contains(called, objectName(f.object())) {
			continue
		}
		p := party{isUser: condition{pointer: f.pointer}}
		for i, line := range f.lines {
			value := f.of[i]
			if !slices.Contains(userTypes, fold(value)) {
				continue
			}
			p.lines = append(p.lines, line)
			if !slices.Contains(p.isUser.in, value) {
				p.isUser.in = append(p.isUser.in, value)
			}
		}
		if len(p.lines) == 0 {
			continue
		}
		slices.Sort(p.isUser.in)
		for _, m := range all {
			if m != f && m.isPlace() && m.object() == f.object() {
				p.members = append(p.members, m)
			}
		}
		list = append(list, p)
	}
	return list
}

// places are the members of the party that fill an attribute of the user.
func (p *party) places(r *role) (chosen []choice) {
	for _, name := range memberNames[r.name] {
		for _, f := range p.members {
			if f.name == name && f.share(r.shapes...) >= 0.5 {
				return []choice{{role: r.name, as: r.as, field: f, fits: f.share(r.shapes...), limit: limit{when: []condition{p.isUser}}}}
			}
		}
	}
	return nil
}

// aboutTargets reads the user of the target where that is one, and else the actor.
func (d *draft) aboutTargets(targets, actors []party) {
	var about, doers []choice
	ids := map[string][]string{} // the targets' places, by attribute
	for i := range attributeRoles {
		r := &attributeRoles[i]
		for t := range targets {
			for _, c := range targets[t].places(r) {
				about = append(about, c)
				ids[r.name] = append(ids[r.name], c.field.pointer)
			}
		}
	}
	var isUser []condition // the actor is one
	if len(actors) > 0 {
		isUser = []condition{actors[0].isUser}
	}
	d.actorsToo(actors)
	for i := range d.attributes {
		c := &d.attributes[i]
		if !c.isUser() || !c.isActor() {
			continue
		}
		if d.hasAdmins() {
			doers = append(doers, c.asActor(limit{unlike: ids[c.role], when: isUser, categories: []string{adminCategory}}))
			c.notCategories = []string{adminCategory}
		}
		for _, t := range targets {
			doers = append(doers, c.asActor(limit{unlike: ids[c.role], when: slices.Concat(isUser, []condition{t.isUser})}))
		}
		c.when = append(c.when, isUser...)
	}
	d.put(about, doers)
}

// actorsToo reads of actors what no role's table chose: it takes an actor's address
// for nobody's, since it may be an administrator's.
func (d *draft) actorsToo(actors []party) {
	for i := range attributeRoles {
		r := &attributeRoles[i]
		isThere := slices.ContainsFunc(d.attributes, func(c choice) bool { return c.role == r.name && c.isActor() })
		for a := range actors {
			for _, c := range actors[a].places(r) {
				if c.limit = (limit{}); !isThere {
					d.attributes = append(d.attributes, c)
				}
			}
		}
	}
}

// object is the pointer of what the field is a member of.
func (f *field) object() string { return f.pointer[:strings.LastIndexByte(f.pointer, '/')] }

// objectName is the folded name of an object, or of the array that it is in.
func objectName(pointer string) string {
	for pointer != "" {
		end := strings.LastIndexByte(pointer, '/')
		name := pointer[end+1:]
		if strings.Trim(name, "0123456789") != "" {
			return fold(name)
		}
		pointer = pointer[:max(0, end)]
	}
	return ""
}
