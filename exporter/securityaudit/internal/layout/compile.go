package layout

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Tables are the tables that one exporter writes to: one, or one a domain.
type Tables struct {
	All []*Table

	domains []string // beside All; nil for a single table
	other   int      // in All, for records of no such domain
}

// For returns the index in All of the table for records of a domain, as
// row.Domain tells it; "" for none.
func (t *Tables) For(domain string) int {
	for i, d := range t.domains { // few
		if strings.EqualFold(d, domain) {
			return i
		}
	}
	return t.other
}

// Compile checks the configuration and returns its tables. All that is wrong is
// reported at once; each error names the key, its value and the remedy.
func (c *Config) Compile() (*Tables, error) {
	layout := c.Layout
	if layout == "" {
		layout = SecurityAudit
	}
	var errs []error
	if !slices.Contains(layoutNames, layout) {
		errs = append(errs, fmt.Errorf("layout: unknown layout %q: use %s", c.Layout, strings.Join(layoutNames, ", ")))
	}
	if c.Schema != "" {
		errs = append(errs, checkName("schema", c.Schema))
	}
	table, err := c.prototype(layout)
	tables, err2 := c.tables(layout, table)
	if err = errors.Join(append(errs, err, err2)...); err != nil {
		return nil, err
	}
	return tables, nil
}

// prototype is the layout's table, without its name.
func (c *Config) prototype(layout string) (*Table, error) {
	if layout == Custom {
		return c.custom()
	}
	var errs []error
	if len(c.Columns) > 0 {
		errs = append(errs, fmt.Errorf("columns: the layout %s has its own: remove them, or set layout: %s", layout, Custom))
	}
	if len(c.Key) > 0 {
		errs = append(errs, fmt.Errorf("key: the layout %s has its own: remove it, or set layout: %s", layout, Custom))
	}
	table := builtIn(layout)
	locate(table)
	return table, errors.Join(errs...)
}

// locate finds the columns that a Table points to.
func locate(t *Table) {
	find := func(kind Kind) int {
		return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Source.Kind == kind })
	}
	t.Metadata, t.Time = find(Metadata), find(Time)
}

// tables names the table, once a domain where the name holds the domain.
func (c *Config) tables(layout string, prototype *Table) (*Tables, error) {
	name := c.Table
	if name == "" {
		name = defaultTables[layout]
	}
	domain := c.Domain
	if domain == "" {
		domain = defaultDomain
	}
	if !strings.Contains(name, domainVariable) {
		var errs []error
		if len(c.Domains) > 0 {
			errs = append(errs, fmt.Errorf("domains: table %q is one for all of them: put %s into its name, or remove domains", name, domainVariable))
		}
		if name == "" {
			errs = append(errs, errors.New("table: is empty: the layout custom needs a name"))
		} else {
			errs = append(errs, checkName("table", name))
		}
		return &Tables{All: []*Table{prototype.named(c.Schema, name, domain)}}, errors.Join(errs...)
	}
	return c.tablePerDomain(name, domain, prototype)
}

func (c *Config) tablePerDomain(name, domain string, prototype *Table) (*Tables, error) {
	domains := c.Domains
	if len(domains) == 0 {
		domains = defaultDomains
	}
	t := &Tables{domains: domains}
	var errs []error
	for i, d := range domains {
		key := fmt.Sprintf("domains[%d]", i)
		if d == "" {
			errs = append(errs, fmt.Errorf("%s: is empty: name a domain or remove it", key))
			continue
		}
		if slices.ContainsFunc(domains[:i], func(other string) bool { return strings.EqualFold(d, other) }) {
			errs = append(errs, fmt.Errorf("%s: %q stands there twice: remove one", key, d))
		}
		full := strings.ReplaceAll(name, domainVariable, d)
		errs = append(errs, checkName(key+": table", full))
		t.All = append(t.All, prototype.named(c.Schema, full, d))
	}
	t.other = slices.IndexFunc(domains, func(d string) bool { return strings.EqualFold(d, domain) })
	if t.other < 0 {
		errs = append(errs, fmt.Errorf("domain: %q is none of domains (%s), so that records without a domain have no table: list it, or set domain to one of them",
			domain, strings.Join(domains, ", ")))
	}
	return t, errors.Join(errs...)
}

// named is a copy of the table under a name. The columns are shared.
func (t *Table) named(schema, name, domain string) *Table {
	n := *t
	n.Schema, n.Name, n.Domain = schema, name, domain
	return &n
}

// maxName is the length in bytes at which Postgres cuts names off.
const maxName = 63

func checkName(key, name string) error {
	switch {
	case len(name) > maxName:
		return fmt.Errorf("%s: %q has %d bytes, and Postgres cuts names at %d: shorten it", key, name, len(name), maxName)
	case strings.ContainsAny(name, "\x00\"{}"):
		return fmt.Errorf("%s: %q holds a character that no name should: use letters, digits and _; the only variable is %s, in table", key, name, domainVariable)
	case strings.Contains(name, "."):
		return fmt.Errorf("%s: %q holds a dot: set the schema by the key schema", key, name)
	}
	return nil
}
