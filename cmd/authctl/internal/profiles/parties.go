package profiles

import (
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// party is an object that says of itself what it is, and is a user in some lines:
// {"id": …, "type": "User"}; or members of another that begin alike, targetId and
// targetType.
type party struct {
	prefix  string    // what the members begin with, folded
	isUser  condition // on its type
	members []*field
}

// Folded names of objects that an event is about, of those that did it, of members
// that say what an object is, and the values by which it is a user.
var (
	targetNames = []string{"target", "targets", "targetresources", "object", "subject", "entity", "resource", "aggregate", "affecteduser"}
	actorNames  = []string{"actor", "initiator", "initiatedby", "performedby", "caller", "editor"}
	typeNames   = []string{"type", "kind", "objecttype", "entitytype", "resourcetype"}
	userTypes   = []string{"user", "users", "person", "identity", "account", "member", "customer"}
)

// memberNames are what an object calls the user's id, name and address.
var memberNames = map[string][]string{
	attr.UserID:    {"id", "uuid", "pk", "guid", "userid", "objectid"},
	attr.UserName:  {"username", "login", "alternateid", "userprincipalname", "upn"},
	attr.UserEmail: {"email", "mail", "emailaddress", "alternateid", "userprincipalname"},
}

// parties finds the objects of these names that are users in some lines, and have an
// id.
func parties(all []*field, called []string) (list []party) {
	for _, f := range all {
		prefix, ok := typed(f, called)
		if !ok {
			continue
		}
		p := party{prefix: prefix, isUser: condition{pointer: f.pointer}}
		for value := range f.values {
			if slices.Contains(userTypes, fold(value)) {
				p.isUser.in = append(p.isUser.in, value)
			}
		}
		slices.Sort(p.isUser.in)
		for _, m := range all {
			if m != f && m.isPlace() && m.object() == f.object() && strings.HasPrefix(m.name, prefix) {
				p.members = append(p.members, m)
			}
		}
		if len(p.isUser.in) > 0 && p.member(roleOf(attr.UserID)) != nil {
			list = append(list, p)
		}
	}
	return list
}

// typed says whether a field tells what something of these names is, and what its
// members begin with.
func typed(f *field, called []string) (prefix string, ok bool) {
	if !f.isPlace() {
		return "", false
	}
	if slices.Contains(typeNames, f.name) && slices.Contains(called, objectName(f.object())) {
		return "", true
	}
	i := slices.IndexFunc(called, func(name string) bool { return f.name == name+"type" || f.name == name+"kind" })
	if i < 0 {
		return "", false
	}
	return called[i], true
}

func roleOf(name string) *role {
	return &attributeRoles[slices.IndexFunc(attributeRoles, func(r role) bool { return r.name == name })]
}

// member is the one that fills an attribute of the user; nil for none.
func (p *party) member(r *role) *field {
	for _, name := range memberNames[r.name] {
		for _, f := range p.members {
			if f.name == p.prefix+name && f.share(r.shapes...) >= 0.5 {
				return f
			}
		}
	}
	return nil
}

// place is the member as a choice, in the lines in which the party is a user.
func (p *party) place(r *role) (c choice, ok bool) {
	f := p.member(r)
	if f == nil {
		return c, false
	}
	return choice{role: r.name, as: r.as, field: f, fits: f.share(r.shapes...), limit: limit{when: []condition{p.isUser}}}, true
}

// aboutTargets reads the user of the target where that is one, and else the actor.
func (d *draft) aboutTargets(targets, actors []party) {
	var about, doers []choice
	ids := map[string][]string{} // the targets' places, by attribute
	for i := range attributeRoles {
		r := &attributeRoles[i]
		for t := range targets {
			if c, ok := targets[t].place(r); ok {
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
		if !c.isUser() || !c.isActor() && !d.isBesideID(c) || slices.Contains(ids[c.role], c.field.pointer) {
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
			if c, ok := actors[a].place(r); ok && !isThere {
				c.limit = limit{}
				d.attributes = append(d.attributes, c)
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
