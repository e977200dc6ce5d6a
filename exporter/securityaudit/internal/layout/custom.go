package layout

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// custom is the table that the configuration describes.
func (c *Config) custom() (*Table, error) {
	t := &Table{Key: slices.Clone(c.Key)}
	var errs []error
	if len(c.Columns) == 0 {
		errs = append(errs, errors.New("columns: none are set: the layout custom needs them, such as {name: id, type: uuid, from: id}"))
	}
	for i := range c.Columns {
		column, err := c.Columns[i].compile(fmt.Sprintf("columns[%d]", i))
		errs = append(errs, err)
		if column.Name != "" && t.Column(column.Name) >= 0 {
			errs = append(errs, fmt.Errorf("columns[%d].name: %q stands there twice: remove one", i, column.Name))
		}
		t.Columns = append(t.Columns, column)
	}
	for i, name := range c.Key {
		switch j := t.Column(name); {
		case j < 0:
			errs = append(errs, fmt.Errorf("key[%d]: %q is none of the columns: list it there, or remove it from the key", i, name))
		case t.Columns[j].Type == JSONB:
			errs = append(errs, fmt.Errorf("key[%d]: %q is of type jsonb, which no key should be: take a column from id or uid", i, name))
		default:
			t.Columns[j].Required = true
		}
	}
	locate(t)
	if len(t.Key) == 0 {
		if i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Source.Kind == ID || c.Source.Kind == UID }); i >= 0 {
			t.Key = []string{t.Columns[i].Name}
			t.Columns[i].Required = true
		}
	}
	if t.Time >= 0 {
		t.Indexes = [][]string{{t.Columns[t.Time].Name}}
	}
	return t, errors.Join(errs...)
}

func (c *ColumnConfig) compile(key string) (Column, error) {
	column := Column{Name: c.Name, Type: c.Type, Required: c.Required, MaxLength: c.MaxLength}
	var errs []error
	if c.Name == "" {
		errs = append(errs, fmt.Errorf("%s.name: is empty: name the table's column", key))
	} else {
		errs = append(errs, checkColumnName(key+".name", c.Name))
	}
	if !slices.Contains(types, c.Type) {
		errs = append(errs, fmt.Errorf("%s.type: unknown type %q: use %s", key, c.Type, joined(types)))
	}
	var err error
	if column.Source, err = parseSource(c.From); err != nil {
		errs = append(errs, fmt.Errorf("%s.from: %w", key, err))
	} else if can := column.Source.types(); can != nil && !slices.Contains(can, c.Type) {
		errs = append(errs, fmt.Errorf("%s.type: %s from %s is not possible: use %s", key, c.Type, c.From, joined(can)))
	}
	switch {
	case c.MaxLength < 0:
		errs = append(errs, fmt.Errorf("%s.max_length: must not be negative (got %d): 0 is any length", key, c.MaxLength))
	case c.MaxLength > 0 && c.Type != Text:
		errs = append(errs, fmt.Errorf("%s.max_length: is for text (got type %s): remove it", key, c.Type))
	}
	if c.Default != "" {
		if column.Default, err = c.defaultValue(); err != nil {
			errs = append(errs, fmt.Errorf("%s.default: %w", key, err))
		}
	}
	return column, errors.Join(errs...)
}

func (c *ColumnConfig) defaultValue() (any, error) {
	switch c.Type {
	case Text:
		if strings.ContainsRune(c.Default, 0) || c.MaxLength > 0 && len(c.Default) > c.MaxLength {
			return nil, fmt.Errorf("%q does not fit the column: shorten it, and leave NUL characters out", c.Default)
		}
		return c.Default, nil
	case JSONB:
		return nil, errors.New("jsonb has no default: remove it")
	}
	value := c.Type.Parse(c.Default)
	if value == nil {
		return nil, fmt.Errorf("%q is no %s: write one, or remove it", c.Default, c.Type)
	}
	return value, nil
}

// checkColumnName accepts what Postgres does, quoted, as far as it is whole.
func checkColumnName(key, name string) error {
	if len(name) > maxName || strings.ContainsRune(name, 0) {
		return fmt.Errorf("%s: %q is no name that Postgres can hold: use at most %d bytes, and no NUL", key, name, maxName)
	}
	return nil
}

func joined(list []Type) string {
	texts := make([]string, len(list))
	for i, t := range list {
		texts[i] = string(t)
	}
	return strings.Join(texts, ", ")
}
