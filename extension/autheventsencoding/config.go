package autheventsencoding

import (
	"errors"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/confmap"

	"github.com/authevents/otelcol-auth/extension/autheventsencoding/internal/metadata"
	"github.com/authevents/otelcol-auth/internal/ingest"
	"github.com/authevents/otelcol-auth/internal/knownkeys"
)

// Config of the extension. The zero value of UIDKey is valid.
type Config struct {
	// Lines says what a line is and what becomes of it.
	Lines ingest.Config `mapstructure:",squash"`
	// UIDKey has at least 32 bytes, or is empty. With it, equal messages have
	// equal uids; without it, no two messages have.
	UIDKey configopaque.String `mapstructure:"uid_key"`
}

func createDefaultConfig() component.Config {
	return &Config{Lines: ingest.DefaultConfig()}
}

// Unmarshal refuses unknown keys, and says which ones there are.
func (c *Config) Unmarshal(conf *confmap.Conf) error { return knownkeys.Unmarshal(conf, c) }

// Validate returns all that is wrong, joined.
func (c *Config) Validate() error {
	_, err := compile(c, "")
	return err
}

// compiled is a valid config, ready for messages.
type compiled struct {
	parser *ingest.Parser
	ids    identities
}

// compile checks cfg and makes what it describes. version is that of the collector.
func compile(cfg *Config, version string) (*compiled, error) {
	parser, lines := cfg.Lines.Compile(metadata.ScopeName, version)
	ids, key := newIdentities([]byte(cfg.UIDKey))
	if err := errors.Join(lines, key); err != nil {
		return nil, err
	}
	return &compiled{parser: parser, ids: ids}, nil
}
