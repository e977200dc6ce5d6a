package ddl

import (
	"fmt"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
)

// Harden returns the statements that make a table's rows stay: nobody changes
// or deletes one, its owner neither. They are for an operator to run, and no
// part of Create. With them Postgres refuses ON CONFLICT on the table.
func Harden(t *layout.Table) []string {
	return []string{
		fmt.Sprintf("CREATE OR REPLACE RULE no_update AS ON UPDATE TO %s DO INSTEAD NOTHING", t.Quoted()),
		fmt.Sprintf("CREATE OR REPLACE RULE no_delete AS ON DELETE TO %s DO INSTEAD NOTHING", t.Quoted()),
	}
}

// GrantWriter returns the statements that let a role insert, and nothing else.
func GrantWriter(t *layout.Table, role string) []string {
	role = layout.Quote(role)
	statements := []string{fmt.Sprintf("GRANT INSERT ON %s TO %s", t.Quoted(), role)}
	if t.Serial != "" { // bigserial reads a sequence, whose name Postgres made
		sequence := *t
		sequence.Name = shortened(t.Name, "_"+t.Serial+"_seq")
		statements = append(statements, fmt.Sprintf("GRANT USAGE ON SEQUENCE %s TO %s", sequence.Quoted(), role))
	}
	if t.Schema != "" {
		statements = append([]string{fmt.Sprintf("GRANT USAGE ON SCHEMA %s TO %s", layout.Quote(t.Schema), role)}, statements...)
	}
	return statements
}

// GrantReader returns the statements that let a role read, and nothing else.
func GrantReader(t *layout.Table, role string) []string {
	role = layout.Quote(role)
	statements := []string{fmt.Sprintf("GRANT SELECT ON %s TO %s", t.Quoted(), role)}
	if t.Schema != "" {
		statements = append([]string{fmt.Sprintf("GRANT USAGE ON SCHEMA %s TO %s", layout.Quote(t.Schema), role)}, statements...)
	}
	return statements
}
