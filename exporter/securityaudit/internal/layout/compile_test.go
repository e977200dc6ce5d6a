package layout

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLayouts(t *testing.T) {
	for name, want := range map[string]struct{ table, columns, key string }{
		"":            {`"security_audit"`, "id domain identity_id event_type source_ip user_agent metadata created_at", "id"},
		SecurityAudit: {`"security_audit"`, "id domain identity_id event_type source_ip user_agent metadata created_at", "id"},
		CIAMLog:       {`"ciam_security_audit_log"`, "event_type identifier identity_id admin_identity_id metadata created_at", ""},
		ActorLog: {`"security_audit_log"`,
			"id event_type actor_id actor_type outcome target_id source_ip user_agent metadata created_at", "id"},
	} {
		tables, err := (&Config{Layout: name}).Compile()
		require.NoError(t, err, name)
		table := tables.All[0]
		assert.Equal(t, want.table, table.Quoted(), name)
		assert.Equal(t, want.columns, strings.Join(names(table), " "), name)
		assert.Equal(t, want.key, strings.Join(table.Key, " "), name)
		assert.Equal(t, "metadata", table.Columns[table.Metadata].Name, name)
		assert.Equal(t, "created_at", table.Columns[table.Time].Name, name)
		assert.NotEmpty(t, table.SameRow("a", "b"), name)
		for _, columns := range table.Indexes {
			for _, column := range columns {
				assert.GreaterOrEqual(t, table.Column(column), 0, "%s: index on %s", name, column)
			}
		}
	}
}

func names(t *Table) []string {
	list := make([]string, len(t.Columns))
	for i := range t.Columns {
		list[i] = t.Columns[i].Name
	}
	return list
}

func TestTablePerDomain(t *testing.T) {
	tables, err := (&Config{Layout: CIAMLog, Schema: "Idp", Domain: "iam"}).Compile()
	require.NoError(t, err)
	quoted := func(domain string) string { return tables.All[tables.For(domain)].Quoted() }
	assert.Equal(t, `"Idp"."ciam_security_audit_log"`, quoted("CIAM"), "in any letter case")
	assert.Equal(t, `"Idp"."iam_security_audit_log"`, quoted("iam"))
	assert.Equal(t, `"Idp"."iam_security_audit_log"`, quoted(""), "the domain of records which say none")
	assert.Equal(t, `"Idp"."iam_security_audit_log"`, quoted(`x"; DROP TABLE y`), "a domain that is none of the list")
	assert.Len(t, tables.All, 2)

	tables, err = (&Config{Layout: CIAMLog, Table: "one_log"}).Compile()
	require.NoError(t, err)
	assert.Equal(t, 0, tables.For("anything"))
}

func TestSameRow(t *testing.T) {
	tables, err := (&Config{Layout: CIAMLog}).Compile()
	require.NoError(t, err)
	assert.Equal(t, `("a"."metadata" ->> 'log.record.uid') = ("b"."metadata" ->> 'log.record.uid')`, tables.All[0].SameRow("a", "b"))
	keyed := Table{Key: []string{"id", `a"t`}}
	assert.Equal(t, `"a"."id" = "b"."id" AND "a"."a""t" = "b"."a""t"`, keyed.SameRow("a", "b"))
	assert.Empty(t, (&Table{Metadata: -1}).SameRow("a", "b"), "nothing tells rows apart")
}

func TestCustom(t *testing.T) {
	c := Config{Layout: Custom, Table: "events", Columns: []ColumnConfig{
		{Name: "Event ID", Type: UUID, From: "id"},
		{Name: "who", Type: Text, From: "attribute:user.id", Default: "nobody", MaxLength: 10},
		{Name: "count", Type: BigInt, From: "body:/a~1b/c~0d", Default: "1"},
		{Name: "at", Type: TimestampTZ, From: "time"},
	}}
	tables, err := c.Compile()
	require.NoError(t, err)
	table := tables.All[0]
	assert.Equal(t, []string{"Event ID"}, table.Key, "the id, where no key is set")
	assert.True(t, table.Columns[0].Required)
	assert.Equal(t, Source{Kind: FromAttribute, Name: "user.id"}, table.Columns[1].Source)
	assert.Equal(t, "nobody", table.Columns[1].Default)
	assert.Equal(t, Source{Kind: FromBody, Path: []string{"a/b", "c~d"}}, table.Columns[2].Source)
	assert.Equal(t, int64(1), table.Columns[2].Default)
	assert.Equal(t, -1, table.Metadata)
	assert.Equal(t, 3, table.Time)
}

// Each error names the key, the value and the remedy.
func TestErrors(t *testing.T) {
	column := func(c ColumnConfig) Config {
		return Config{Layout: Custom, Table: "t", Columns: []ColumnConfig{c}}
	}
	for want, c := range map[string]Config{
		`layout: unknown layout "audit": use security_audit, ciam_log, actor_log, custom`: {Layout: "audit", Table: "t"},
		`table: "a.b" holds a dot: set the schema by the key schema`:                      {Table: "a.b"},
		`schema: "x.y" holds a dot`: {Schema: "x.y"},
		`table: "` + strings.Repeat("t", 64) + `" has 64 bytes, and Postgres cuts names at 63: shorten it`:           {Table: strings.Repeat("t", 64)},
		`table: "{domain}_log" holds a character that no name should`:                                                {Table: "{domain}_log"},
		`table: is empty: the layout custom needs a name`:                                                            {Layout: Custom, Columns: []ColumnConfig{{Name: "id", Type: UUID, From: "id"}}},
		`columns: none are set: the layout custom needs them`:                                                        {Layout: Custom, Table: "t"},
		`columns: the layout actor_log has its own: remove them, or set layout: custom`:                              {Layout: ActorLog, Columns: []ColumnConfig{{}}},
		`key: the layout ciam_log has its own: remove it`:                                                            {Layout: CIAMLog, Key: []string{"id"}},
		`domains: table "security_audit" is one for all of them: put {auth.domain} into its name, or remove domains`: {Domains: []string{"a"}},
		`domain: "ciam" is none of domains (a, b)`:                                                                   {Layout: CIAMLog, Domains: []string{"a", "b"}},
		`domains[1]: "CIAM" stands there twice: remove one`:                                                          {Layout: CIAMLog, Domains: []string{"ciam", "CIAM"}},
		`domains[0]: is empty`: {Layout: CIAMLog, Domains: []string{"", "ciam"}},
		`domains[1]: table: "a.b_security_audit_log" holds a dot`: {Layout: CIAMLog, Domains: []string{"ciam", "a.b"}},
		`columns[0].name: is empty`:                               column(ColumnConfig{Type: UUID, From: "id"}),
		`columns[0].type: unknown type "varchar": use uuid, text, inet, jsonb, timestamptz, bigint, boolean, double`:       column(ColumnConfig{Name: "a", Type: "varchar", From: "id"}),
		`columns[0].from: unknown source "user.id": use attribute:<name>, resource:<name>, scope:<name>, body:/<path>, or`: column(ColumnConfig{Name: "a", Type: Text, From: "user.id"}),
		`columns[0].from: "attribute:" names no attribute`:                                                                 column(ColumnConfig{Name: "a", Type: Text, From: "attribute:"}),
		`columns[0].from: "body:a.b" is no path into the body: write /member or /outer/inner behind the colon`:             column(ColumnConfig{Name: "a", Type: Text, From: "body:a.b"}),
		`columns[0].type: bigint from id is not possible: use uuid, text`:                                                  column(ColumnConfig{Name: "a", Type: BigInt, From: "id"}),
		`columns[0].type: text from metadata is not possible: use jsonb`:                                                   column(ColumnConfig{Name: "a", Type: Text, From: "metadata"}),
		`columns[0].max_length: must not be negative (got -1)`:                                                             column(ColumnConfig{Name: "a", Type: Text, From: "uid", MaxLength: -1}),
		`columns[0].max_length: is for text (got type uuid): remove it`:                                                    column(ColumnConfig{Name: "a", Type: UUID, From: "id", MaxLength: 9}),
		`columns[0].default: "x" is no inet: write one, or remove it`:                                                      column(ColumnConfig{Name: "a", Type: Inet, From: "attribute:client.address", Default: "x"}),
		`columns[0].default: "xyz" does not fit the column`:                                                                column(ColumnConfig{Name: "a", Type: Text, From: "uid", Default: "xyz", MaxLength: 2}),
		`columns[0].default: jsonb has no default`:                                                                         column(ColumnConfig{Name: "a", Type: JSONB, From: "metadata", Default: "{}"}),
		`columns[1].name: "a" stands there twice: remove one`: {Layout: Custom, Table: "t", Columns: []ColumnConfig{
			{Name: "a", Type: UUID, From: "id"}, {Name: "a", Type: Text, From: "uid"}}},
		`key[0]: "b" is none of the columns: list it there, or remove it from the key`: {Layout: Custom, Table: "t", Key: []string{"b"},
			Columns: []ColumnConfig{{Name: "a", Type: UUID, From: "id"}}},
		`key[0]: "a" is of type jsonb, which no key should be`: {Layout: Custom, Table: "t", Key: []string{"a"},
			Columns: []ColumnConfig{{Name: "a", Type: JSONB, From: "body"}}},
	} {
		_, err := c.Compile()
		assert.ErrorContains(t, err, want)
	}
}

func TestAllErrorsAtOnce(t *testing.T) {
	c := Config{Layout: Custom, Schema: "a.b", Columns: []ColumnConfig{{Name: "a", Type: "int", From: "x"}, {Type: Text, From: "uid"}}}
	_, err := c.Compile()
	require.Error(t, err)
	for _, key := range []string{"schema:", "table:", "columns[0].type:", "columns[0].from:", "columns[1].name:"} {
		assert.Contains(t, err.Error(), key)
	}
}
