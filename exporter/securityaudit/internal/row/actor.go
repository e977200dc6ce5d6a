package row

import (
	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
	"github.com/authevents/otelcol-auth/internal/attr"
)

// Who acts.
const (
	admin  = "admin"
	user   = "user"
	system = "system"
)

// Categories of events that nobody does: the platform's own, and locks that
// fall by themselves.
const (
	platform = "platform"
	lockout  = "lockout"
)

// actorType is what the source says, or else who the record names: an
// administrator, or nobody where the platform acts, or else the user, known or not.
func (m *Mapper) actorType() string {
	switch said := m.bodyText(actorTypeMember); said {
	case admin, user, system:
		m.take(actorTypeMember, said)
		return said
	}
	if m.attributeText(attr.ActorID) != "" || m.attributeText(attr.ActorEmail) != "" {
		return admin
	}
	if category := m.attributeText(attr.Category); category == platform || category == lockout || m.unparsed() {
		return system
	}
	return user
}

func (m *Mapper) actorID(c *layout.Column) any {
	for _, name := range [...]string{attr.ActorID, attr.ActorEmail} {
		if v := m.attribute(c, name); v != nil {
			return v
		}
	}
	if m.actorType() == system {
		return nil
	}
	return m.attribute(c, attr.UserID)
}

// targetID is whom or what it was done to: the user where someone else acted,
// or the client that an administrator changed.
func (m *Mapper) targetID(c *layout.Column) any {
	if said := m.bodyText(targetMember); said != "" {
		v, whole := m.convertWhole(c, said)
		if whole {
			m.take(targetMember, said)
		}
		return v
	}
	byAdmin := m.attributeText(attr.ActorID) != "" || m.attributeText(attr.ActorEmail) != ""
	if !byAdmin && m.actorType() != system {
		return nil
	}
	if v := m.attribute(c, attr.UserID); v != nil || !byAdmin {
		return v
	}
	return m.attribute(c, attr.ClientID)
}

// identifier is the name that the user signs in by.
func (m *Mapper) identifier(c *layout.Column) any {
	for _, name := range [...]string{attr.UserName, attr.UserEmail} {
		if v := m.attribute(c, name); v != nil {
			return v
		}
	}
	said := m.bodyText(identifierMember)
	if said == "" {
		return nil
	}
	v, whole := m.convertWhole(c, said)
	if whole {
		m.take(identifierMember, said)
	}
	return v
}
