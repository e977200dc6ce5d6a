package authevents

import (
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/confmap"

	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/knownkeys"
	"github.com/authevents/otelcol-auth/internal/tail"
	"github.com/authevents/otelcol-auth/receiver/authevents/internal/metadata"
)

// Config of the receiver. At least one of File and Stdin must be set.
type Config struct {
	File  configoptional.Optional[FileConfig]  `mapstructure:"file"`
	Stdin configoptional.Optional[StdinConfig] `mapstructure:"stdin"`

	// Source is "auto", which picks by line, or the name of a built-in profile.
	Source string `mapstructure:"source"`
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
	// Storage is the extension that keeps the positions in files.
	Storage *component.ID `mapstructure:"storage"`
	Retry   RetryConfig   `mapstructure:"retry"`
}

// FileConfig says which files to follow.
type FileConfig struct {
	// Include and Exclude are paths and globs, ** among them.
	Include []string `mapstructure:"include"`
	Exclude []string `mapstructure:"exclude"`
	// StartAt is "beginning" or "end": where to begin in files that are there
	// at the first start.
	StartAt            string        `mapstructure:"start_at"`
	PollInterval       time.Duration `mapstructure:"poll_interval"`
	MaxConcurrentFiles int           `mapstructure:"max_concurrent_files"`
	// Compression is "auto", which tells gzip by its first bytes, or "none".
	Compression string `mapstructure:"compression"`
}

// StdinConfig says how to read standard input.
type StdinConfig struct {
	// OnEOF is "stop", which ends the collector unless File is set too, or
	// "keep_running".
	OnEOF string `mapstructure:"on_eof"`
}

// RetryConfig says when to send again what the next component did not take. The
// receiver never gives up, so there is no limit to set.
type RetryConfig struct {
	InitialInterval time.Duration `mapstructure:"initial_interval"`
	MaxInterval     time.Duration `mapstructure:"max_interval"`
}

const (
	unparsedKeep = "keep"
	unparsedDrop = "drop"

	startAtBeginning = "beginning"
	startAtEnd       = "end"

	compressionAuto = "auto"
	compressionNone = "none"

	onEOFStop        = "stop"
	onEOFKeepRunning = "keep_running"
)

func createDefaultConfig() component.Config {
	return &Config{
		File: configoptional.Default(FileConfig{
			StartAt:            startAtBeginning,
			PollInterval:       200 * time.Millisecond,
			MaxConcurrentFiles: 1024,
			Compression:        compressionAuto,
		}),
		Stdin:       configoptional.Default(StdinConfig{OnEOF: onEOFStop}),
		Source:      authevent.SourceAuto,
		Body:        string(authevent.BodyText),
		Unparsed:    unparsedKeep,
		MaxLineSize: 1 << 20,
		Retry: RetryConfig{
			InitialInterval: 500 * time.Millisecond,
			MaxInterval:     30 * time.Second,
		},
	}
}

// Unmarshal refuses unknown keys, and says which ones there are.
func (c *Config) Unmarshal(conf *confmap.Conf) error { return knownkeys.Unmarshal(conf, c) }

// Validate returns all that is wrong, joined.
func (c *Config) Validate() error {
	_, err := compile(c, "")
	return err
}

// compiled is a valid config in the words of the packages that do the work.
type compiled struct {
	parser    *authevent.Parser
	files     *tail.FilesConfig // nil for none
	stdin     bool
	stopAtEOF bool
}

// compile checks cfg and makes what it describes. version is that of the collector.
func compile(cfg *Config, version string) (*compiled, error) {
	c := &compiled{stdin: cfg.Stdin.HasValue()}
	var errs []error
	addError := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }

	var err error
	c.parser, err = authevent.NewParser(authevent.Options{
		Source:       cfg.Source,
		Body:         authevent.Body(cfg.Body),
		DropUnparsed: cfg.Unparsed == unparsedDrop,
		Environment:  cfg.Environment,
		Domain:       cfg.Domain,
		ScopeName:    metadata.ScopeName,
		ScopeVersion: version,
	})
	if err != nil {
		errs = append(errs, err)
	}
	if cfg.Unparsed != unparsedKeep && cfg.Unparsed != unparsedDrop {
		addError("unparsed: unknown value %q: use %s or %s", cfg.Unparsed, unparsedKeep, unparsedDrop)
	}
	if cfg.MaxLineSize < tail.MinLineSize {
		addError("max_line_size: must be at least %d bytes (got %d)", tail.MinLineSize, cfg.MaxLineSize)
	}
	if cfg.Retry.InitialInterval <= 0 {
		addError("retry.initial_interval: must be a positive duration (got %s)", cfg.Retry.InitialInterval)
	}
	if cfg.Retry.MaxInterval < cfg.Retry.InitialInterval {
		addError("retry.max_interval: must be at least retry.initial_interval, %s (got %s)", cfg.Retry.InitialInterval, cfg.Retry.MaxInterval)
	}

	if !cfg.File.HasValue() && !cfg.Stdin.HasValue() {
		addError("no input: set file or stdin")
	}
	if file := cfg.File.Get(); file != nil {
		c.files = file.compile(cfg.MaxLineSize, addError)
	} else if cfg.Storage != nil {
		addError("storage: keeps positions in files, and file is not set: set file, or remove storage")
	}
	if stdin := cfg.Stdin.Get(); stdin != nil {
		if stdin.OnEOF != onEOFStop && stdin.OnEOF != onEOFKeepRunning {
			addError("stdin.on_eof: unknown value %q: use %s or %s", stdin.OnEOF, onEOFStop, onEOFKeepRunning)
		}
		// The end of one of two inputs is no reason to end the other.
		c.stopAtEOF = stdin.OnEOF == onEOFStop && c.files == nil
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return c, nil
}

func (f *FileConfig) compile(maxLineSize int, addError func(string, ...any)) *tail.FilesConfig {
	if len(f.Include) == 0 {
		addError("file.include: is empty: list the files to read, as paths or globs")
	}
	for _, list := range []struct {
		key   string
		globs []string
	}{{"include", f.Include}, {"exclude", f.Exclude}} {
		for _, glob := range list.globs {
			if !tail.ValidGlob(glob) {
				addError("file.%s: %q is no valid glob: check its brackets", list.key, glob)
			}
		}
	}
	if f.StartAt != startAtBeginning && f.StartAt != startAtEnd {
		addError("file.start_at: unknown value %q: use %s or %s", f.StartAt, startAtBeginning, startAtEnd)
	}
	if f.PollInterval <= 0 {
		addError("file.poll_interval: must be a positive duration (got %s)", f.PollInterval)
	}
	if f.MaxConcurrentFiles <= 0 {
		addError("file.max_concurrent_files: must be at least 1 (got %d)", f.MaxConcurrentFiles)
	}
	if f.Compression != compressionAuto && f.Compression != compressionNone {
		addError("file.compression: unknown value %q: use %s or %s", f.Compression, compressionAuto, compressionNone)
	}
	return &tail.FilesConfig{
		Include:            f.Include,
		Exclude:            f.Exclude,
		StartAtEnd:         f.StartAt == startAtEnd,
		PollInterval:       f.PollInterval,
		MaxConcurrentFiles: f.MaxConcurrentFiles,
		Gunzip:             f.Compression == compressionAuto,
		MaxLineSize:        maxLineSize,
	}
}
