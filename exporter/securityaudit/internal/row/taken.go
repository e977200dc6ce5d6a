package row

import (
	"slices"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// taken is a text that a column holds, and the members of the source's object
// that say the same: such a member is left out of the metadata. A member of the
// name with another value stays, and so does the value under another name.
type taken struct {
	names []string
	text  string
}

// members are the names under which sources write what an attribute holds.
var members = map[string][]string{
	attr.OTelEventName:     {"event", "action", "event_type", "eventType", "name"},
	attr.LogRecordUID:      {"id", "uuid", "log_id"},
	attr.Domain:            {"domain"},
	attr.UserID:            {"identity_id", "user_id", "userId"},
	attr.UserName:          {"identifier", "username", "user_name"},
	attr.UserEmail:         {"identifier", "email"},
	attr.ClientAddress:     {"source_ip", "client_ip", "remote_ip", "ip_address", "ip"},
	attr.UserAgentOriginal: {"user_agent", "userAgent"},
	attr.ActorID:           {"admin_id", "actor_id", "admin_identity_id"},
	attr.ActorEmail:        {"admin_email", "actor"},
	attr.Outcome:           {"outcome"},
	attr.ClientID:          {"client_id"},
	targetMember:           {targetMember},
	actorTypeMember:        {actorTypeMember},
	identifierMember:       {identifierMember},
}

// Members that are read for columns, and are no attribute.
const (
	targetMember     = "target_id"
	actorTypeMember  = "actor_type"
	identifierMember = "identifier"
)

// take notes that a column holds all of a text that is an attribute's, or a
// member's of the source's object.
func (m *Mapper) take(name, text string) {
	if names := members[name]; names != nil {
		m.taken = append(m.taken, taken{names: names, text: text})
	}
}

// inColumn says whether a member of the source's object is in a column.
func (m *Mapper) inColumn(name, text string) bool {
	for i := range m.taken {
		if t := &m.taken[i]; t.text == text && slices.Contains(t.names, name) {
			return true
		}
	}
	return false
}
