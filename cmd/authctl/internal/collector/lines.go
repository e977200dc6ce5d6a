package collector

import (
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/extension/autheventsencoding"
	"github.com/authevents/otelcol-auth/internal/ingest"
	"github.com/authevents/otelcol-auth/receiver/authevents"
	"github.com/authevents/otelcol-auth/receiver/autheventsblob"
)

// Names of the records' scope, which are the components' packages.
const (
	scopeReceiver = "github.com/authevents/otelcol-auth/receiver/authevents"
	scopeBlob     = "github.com/authevents/otelcol-auth/receiver/autheventsblob"
	scopeEncoding = "github.com/authevents/otelcol-auth/extension/autheventsencoding"
)

// Types of components that make records of lines.
var (
	typeReceiver = component.MustNewType("auth_events")
	typeBlob     = component.MustNewType("auth_events_blob")
	typeEncoding = component.MustNewType("auth_events_encoding")
)

// Source makes records of lines as one receiver of a pipeline does.
type Source struct {
	// ID is the receiver's.
	ID component.ID
	// Lines says what a line is.
	Lines ingest.Config
	// Parser is Lines, compiled.
	Parser *ingest.Parser

	decoder *ingest.Decoder
	lines   uint64
}

// Sources are the receivers of a pipeline that make records of lines. Of those
// that take an encoding, such as kafka, it is the encoding's config that counts.
func (c *Config) Sources(p Pipeline) ([]*Source, error) {
	var sources []*Source
	for _, id := range p.Receivers {
		lines, scope, err := c.linesOf(id)
		if err != nil {
			return nil, err
		}
		if scope == "" {
			continue
		}
		s, err := newSource(id, scope, lines)
		if err != nil {
			return nil, fmt.Errorf("receivers::%s: %w", id, err)
		}
		sources = append(sources, s)
	}
	return sources, nil
}

// Profiles are the user's own of all receivers of lines, by name. Of two receivers'
// with one name that of the first pipeline and receiver counts.
func (c *Config) Profiles() (map[string]any, error) {
	profiles := map[string]any{}
	for _, p := range c.Pipelines {
		for _, id := range p.Receivers {
			lines, _, err := c.linesOf(id)
			if err != nil {
				return nil, err
			}
			for name, profile := range lines.Profiles {
				if profiles[name] == nil {
					profiles[name] = profile
				}
			}
		}
	}
	return profiles, nil
}

// linesOf says what a receiver takes for a line, and what scope its records have: ""
// of one that makes no records of lines.
func (c *Config) linesOf(id component.ID) (lines ingest.Config, scope string, err error) {
	switch id.Type() {
	case typeReceiver:
		cfg, err := decode[*authevents.Config]("receivers", id, c.receivers[id], authevents.NewFactory().CreateDefaultConfig)
		if err != nil {
			return lines, "", err
		}
		return cfg.Lines, scopeReceiver, nil
	case typeBlob:
		cfg, err := decode[*autheventsblob.Config]("receivers", id, c.receivers[id], autheventsblob.NewFactory().CreateDefaultConfig)
		if err != nil {
			return lines, "", err
		}
		return cfg.Lines, scopeBlob, nil
	}
	encoding, ok := c.encodingOf(id)
	if !ok {
		return lines, "", nil
	}
	cfg, err := decode[*autheventsencoding.Config]("extensions", encoding, c.extensions[encoding], autheventsencoding.NewFactory().CreateDefaultConfig)
	if err != nil {
		return lines, "", err
	}
	return cfg.Lines, scopeEncoding, nil
}

// encodingOf finds the encoding of ours that a receiver names under logs::encoding
// or encoding, where kafka and others have it.
func (c *Config) encodingOf(receiver component.ID) (encoding component.ID, ok bool) {
	settings := c.receivers[receiver]
	if settings == nil {
		return encoding, false
	}
	for _, key := range []string{"logs::encoding", "encoding"} {
		name, _ := settings.Get(key).(string)
		if encoding.UnmarshalText([]byte(name)) == nil && encoding.Type() == typeEncoding {
			return encoding, true
		}
	}
	return encoding, false
}

// DefaultSource makes records as a receiver without any key does.
func DefaultSource() (*Source, error) {
	return newSource(component.NewID(typeReceiver), scopeReceiver, ingest.DefaultConfig())
}

func newSource(id component.ID, scope string, lines ingest.Config) (*Source, error) {
	parser, err := lines.Compile(scope, Version)
	if err != nil {
		return nil, err
	}
	decoder, err := ingest.NewDecoder("authctl", parser, telemetry())
	if err != nil {
		return nil, err
	}
	return &Source{ID: id, Lines: lines, Parser: parser, decoder: decoder}, nil
}

// Decode makes records of one line, or of several that a wrapper joins.
func (s *Source) Decode(line []byte) (plog.Logs, error) {
	s.lines++
	return s.decoder.Decode(line, s.lines)
}
