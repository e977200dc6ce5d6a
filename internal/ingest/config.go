package ingest

import (
	"errors"
	"fmt"

	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/tail"
	"github.com/authevents/otelcol-auth/internal/wrapper"
)

// Config are the keys that say what a line is and what becomes of it. They
// stand at the top of a component's config (mapstructure's squash).
type Config struct {
	// Source is "auto", which picks by line, or the name of a profile.
	Source string `mapstructure:"source"`
	// Profiles are the user's own, by name, in the schema of the built-in ones.
	Profiles map[string]any `mapstructure:"profiles"`
	// Wrapper is what carries a line: "auto", which decides by line, "none", or
	// a format of internal/wrapper.
	Wrapper string `mapstructure:"wrapper"`
	// Body is what a record's body is: "text", "map" or "event_name".
	Body string `mapstructure:"body"`
	// Unparsed is what becomes of a line that is no event: "keep" or "drop".
	Unparsed string `mapstructure:"unparsed"`
	// MaxLineSize is in bytes, without the line end; longer lines are cut.
	MaxLineSize int `mapstructure:"max_line_size"`
	// Environment is deployment.environment.name where the line says none.
	Environment string `mapstructure:"environment"`
	// Domain is auth.domain where the line says none.
	Domain string `mapstructure:"domain"`
}

const (
	unparsedKeep = "keep"
	unparsedDrop = "drop"
)

// maxMaxLineSize bounds MaxLineSize: buffers hold a line and its end, and the
// parser counts in 32 bits. A line of that size is no line of a log.
const maxMaxLineSize = 1 << 30

// DefaultConfig returns the defaults.
func DefaultConfig() Config {
	return Config{
		Source:      authevent.SourceAuto,
		Wrapper:     string(wrapper.Auto),
		Body:        string(authevent.BodyText),
		Unparsed:    unparsedKeep,
		MaxLineSize: 1 << 20,
	}
}

// Parser is a valid Config, ready for lines.
type Parser struct {
	events      *authevent.Parser
	wrapper     wrapper.Format
	maxLineSize int
}

// Compile checks c and makes what it describes; the error joins all that is
// wrong. Records have the scope's name and version.
func (c *Config) Compile(scopeName, version string) (*Parser, error) {
	var errs []error
	events, err := authevent.NewParser(authevent.Options{
		Source:       c.Source,
		Profiles:     c.Profiles,
		Body:         authevent.Body(c.Body),
		DropUnparsed: c.Unparsed == unparsedDrop,
		Environment:  c.Environment,
		Domain:       c.Domain,
		ScopeName:    scopeName,
		ScopeVersion: version,
	})
	if err != nil {
		errs = append(errs, err)
	}
	format, err := wrapper.ParseFormat(c.Wrapper)
	if err != nil {
		errs = append(errs, err)
	}
	if c.Unparsed != unparsedKeep && c.Unparsed != unparsedDrop {
		errs = append(errs, fmt.Errorf("unparsed: unknown value %q: use %s or %s", c.Unparsed, unparsedKeep, unparsedDrop))
	}
	switch {
	case c.MaxLineSize < tail.MinLineSize:
		errs = append(errs, fmt.Errorf("max_line_size: must be at least %d bytes (got %d)", tail.MinLineSize, c.MaxLineSize))
	case c.MaxLineSize > maxMaxLineSize:
		errs = append(errs, fmt.Errorf("max_line_size: must be at most %d bytes (got %d)", maxMaxLineSize, c.MaxLineSize))
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return &Parser{events: events, wrapper: format, maxLineSize: c.MaxLineSize}, nil
}

// MaxLineSize is that of the config, in bytes.
func (p *Parser) MaxLineSize() int { return p.maxLineSize }

func (p *Parser) newUnwrapper() *wrapper.Unwrapper { return wrapper.New(p.wrapper, p.maxLineSize) }
