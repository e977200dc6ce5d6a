package layout

// Config is the part of the exporter's configuration that says what the table
// looks like. It is meant to be squashed into the exporter's.
type Config struct {
	// Layout is security_audit, ciam_log, actor_log or custom.
	Layout string `mapstructure:"layout"`
	// Schema is that of the table; empty for the connection's search_path.
	Schema string `mapstructure:"schema"`
	// Table is the table's name, by default the layout's. With {auth.domain} in
	// it there is a table for each of Domains.
	Table string `mapstructure:"table"`
	// Domain is that of records which say none, "ciam" unless set.
	Domain string `mapstructure:"domain"`
	// Domains are those that have a table of their own, [ciam, iam] unless set,
	// where Table holds {auth.domain}. Records of others go to Domain's.
	Domains []string `mapstructure:"domains"`
	// Columns are those of the layout custom.
	Columns []ColumnConfig `mapstructure:"columns"`
	// Key names the columns of the layout custom that tell rows apart.
	Key []string `mapstructure:"key"`
}

// ColumnConfig is a column of the layout custom.
type ColumnConfig struct {
	Name string `mapstructure:"name"`
	// Type is uuid, text, inet, jsonb, timestamptz, bigint, boolean or double.
	Type Type `mapstructure:"type"`
	// From is attribute:<name>, resource:<name>, scope:<name>, body:/<path>, or
	// a field of the record such as event_name; see fieldNames.
	From string `mapstructure:"from"`
	// Default takes the place of a value that is missing, written as a text.
	Default string `mapstructure:"default"`
	// Required: a record without a value has no row.
	Required bool `mapstructure:"required"`
	// MaxLength is the most bytes of a text; 0 for any number.
	MaxLength int `mapstructure:"max_length"`
}

const (
	domainVariable = "{auth.domain}"
	defaultDomain  = "ciam"
)

var defaultDomains = []string{"ciam", "iam"}
