package layout

import "github.com/authevents/otelcol-auth/internal/attr"

// The layouts.
const (
	SecurityAudit = "security_audit"
	CIAMLog       = "ciam_log"
	ActorLog      = "actor_log"
	Custom        = "custom"
)

var layoutNames = []string{SecurityAudit, CIAMLog, ActorLog, Custom}

// Lengths of texts. An index takes no value above 2,704 bytes, and a row that
// has one is refused: what an index may hold stays far below.
const (
	nameLength      = 255  // of events, domains, outcomes, ids
	userAgentLength = 1024 // longer ones are not written by browsers
)

// builtIn returns a layout without its name and schema. Each call makes a new one.
func builtIn(layout string) *Table {
	switch layout {
	case SecurityAudit:
		return securityAudit()
	case CIAMLog:
		return ciamLog()
	case ActorLog:
		return actorLog()
	}
	return &Table{}
}

// defaultTables are the names of the layouts' tables.
var defaultTables = map[string]string{
	SecurityAudit: "security_audit",
	CIAMLog:       domainVariable + "_security_audit_log",
	ActorLog:      "security_audit_log",
}

// securityAudit is the table that Athena's analytics page reads.
func securityAudit() *Table {
	return &Table{
		Columns: []Column{
			{Name: "id", Type: UUID, Source: Source{Kind: ID}, Required: true},
			{Name: "domain", Type: Text, Source: Source{Kind: Domain}, MaxLength: nameLength, Required: true},
			{Name: "identity_id", Type: UUID, Source: attribute(attr.UserID)},
			{Name: "event_type", Type: Text, Source: Source{Kind: EventType}, MaxLength: nameLength, Required: true},
			{Name: "source_ip", Type: Inet, Source: attribute(attr.ClientAddress)},
			{Name: "user_agent", Type: Text, Source: attribute(attr.UserAgentOriginal), MaxLength: userAgentLength},
			{Name: "metadata", Type: JSONB, Source: Source{Kind: Metadata}, Required: true},
			{Name: "created_at", Type: TimestampTZ, Source: Source{Kind: Time}, Required: true},
		},
		Key:     []string{"id"},
		Indexes: [][]string{{"created_at"}, {"identity_id", "created_at"}, {"event_type", "created_at"}},
	}
}

// ciamLog is the log of one identity domain. Its own key is a serial number,
// which says nothing of a record's identity: the uid in the metadata does.
func ciamLog() *Table {
	return &Table{
		Serial: "id",
		Columns: []Column{
			{Name: "event_type", Type: Text, Source: Source{Kind: EventType}, MaxLength: nameLength, Required: true},
			{Name: "identifier", Type: Text, Source: Source{Kind: Identifier}, MaxLength: 320},
			{Name: "identity_id", Type: Text, Source: attribute(attr.UserID), MaxLength: nameLength},
			{Name: "admin_identity_id", Type: Text, Source: attribute(attr.ActorID), MaxLength: nameLength},
			{Name: "metadata", Type: JSONB, Source: Source{Kind: Metadata}, Required: true},
			{Name: "created_at", Type: TimestampTZ, Source: Source{Kind: Time}, Required: true},
		},
		Indexes: [][]string{{"created_at"}, {"identifier", "created_at"}, {"identity_id", "created_at"}, {"event_type", "created_at"}},
	}
}

// actorLog tells who acted from whom it was done to.
func actorLog() *Table {
	return &Table{
		Columns: []Column{
			{Name: "id", Type: UUID, Source: Source{Kind: ID}, Required: true},
			{Name: "event_type", Type: Text, Source: Source{Kind: EventType}, MaxLength: nameLength, Required: true},
			{Name: "actor_id", Type: Text, Source: Source{Kind: ActorID}, MaxLength: nameLength},
			{Name: "actor_type", Type: Text, Source: Source{Kind: ActorType}, MaxLength: nameLength, Required: true},
			{Name: "outcome", Type: Text, Source: attribute(attr.Outcome), MaxLength: nameLength},
			{Name: "target_id", Type: Text, Source: Source{Kind: TargetID}, MaxLength: nameLength},
			{Name: "source_ip", Type: Inet, Source: attribute(attr.ClientAddress)},
			{Name: "user_agent", Type: Text, Source: attribute(attr.UserAgentOriginal), MaxLength: userAgentLength},
			{Name: "metadata", Type: JSONB, Source: Source{Kind: Metadata}, Required: true},
			{Name: "created_at", Type: TimestampTZ, Source: Source{Kind: Time}, Required: true},
		},
		Key:     []string{"id"},
		Indexes: [][]string{{"created_at"}, {"actor_id", "created_at"}, {"event_type", "created_at"}},
	}
}

func attribute(name string) Source { return Source{Kind: FromAttribute, Name: name} }
