package authevents

import (
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/confmap"

	"github.com/authevents/otelcol-auth/internal/ingest"
	"github.com/authevents/otelcol-auth/internal/knownkeys"
	"github.com/authevents/otelcol-auth/internal/tail"
	"github.com/authevents/otelcol-auth/receiver/authevents/internal/metadata"
)

// Config of the receiver. At least one of File, Stdin and HTTP must be set.
type Config struct {
	File  configoptional.Optional[FileConfig]  `mapstructure:"file"`
	Stdin configoptional.Optional[StdinConfig] `mapstructure:"stdin"`
	HTTP  configoptional.Optional[HTTPConfig]  `mapstructure:"http"`

	// Lines says what a line is and what becomes of it.
	Lines ingest.Config `mapstructure:",squash"`
	// Storage is the extension that keeps the positions in files.
	Storage *component.ID      `mapstructure:"storage"`
	Retry   ingest.RetryConfig `mapstructure:"retry"`
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
	// OrderBy is the order in which waiting files are begun: "mtime", by time of
	// modification and then by name, or "name".
	OrderBy string `mapstructure:"order_by"`
	// Compression is "auto", which tells gzip by its first bytes, or "none".
	Compression string `mapstructure:"compression"`
}

// StdinConfig says how to read standard input.
type StdinConfig struct {
	// OnEOF is "stop", which ends the collector unless another input is set too, or
	// "keep_running".
	OnEOF string `mapstructure:"on_eof"`
}

const (
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
			OrderBy:            tail.OrderByMtime,
			Compression:        compressionAuto,
		}),
		Stdin: configoptional.Default(StdinConfig{OnEOF: onEOFStop}),
		HTTP:  configoptional.Default(defaultHTTPConfig()),
		Lines: ingest.DefaultConfig(),
		Retry: ingest.DefaultRetryConfig(),
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
	parser    *ingest.Parser
	files     *tail.FilesConfig // nil for none
	stdin     bool
	stopAtEOF bool
	http      *httpOptions // nil for none
}

// compile checks cfg and makes what it describes. version is that of the collector.
func compile(cfg *Config, version string) (*compiled, error) {
	c := &compiled{stdin: cfg.Stdin.HasValue()}
	var errs []error
	addError := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }

	var err error
	if c.parser, err = cfg.Lines.Compile(metadata.ScopeName, version); err != nil {
		errs = append(errs, err)
	}
	if err := cfg.Retry.Check(); err != nil {
		errs = append(errs, err)
	}
	if !cfg.File.HasValue() && !cfg.Stdin.HasValue() && !cfg.HTTP.HasValue() {
		addError("no input: set file, stdin or http")
	}
	if file := cfg.File.Get(); file != nil {
		c.files = file.compile(cfg.Lines.MaxLineSize, addError)
	} else if cfg.Storage != nil {
		addError("storage: keeps positions in files, and file is not set: set file, or remove storage")
	}
	if stdin := cfg.Stdin.Get(); stdin != nil {
		if stdin.OnEOF != onEOFStop && stdin.OnEOF != onEOFKeepRunning {
			addError("stdin.on_eof: unknown value %q: use %s or %s", stdin.OnEOF, onEOFStop, onEOFKeepRunning)
		}
		// The end of one input is no reason to end the others.
		c.stopAtEOF = stdin.OnEOF == onEOFStop && c.files == nil && !cfg.HTTP.HasValue()
	}
	if http := cfg.HTTP.Get(); http != nil {
		c.http = http.compile(cfg.Lines.MaxLineSize, addError)
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
	if err := ingest.CheckInterval("file.poll_interval", f.PollInterval); err != nil {
		addError("%w", err)
	}
	if f.MaxConcurrentFiles <= 0 {
		addError("file.max_concurrent_files: must be at least 1 (got %d)", f.MaxConcurrentFiles)
	}
	if f.Compression != compressionAuto && f.Compression != compressionNone {
		addError("file.compression: unknown value %q: use %s or %s", f.Compression, compressionAuto, compressionNone)
	}
	if f.OrderBy != tail.OrderByMtime && f.OrderBy != tail.OrderByName {
		addError("file.order_by: unknown value %q: use %s or %s", f.OrderBy, tail.OrderByMtime, tail.OrderByName)
	}
	return &tail.FilesConfig{
		Include:            f.Include,
		Exclude:            f.Exclude,
		StartAtEnd:         f.StartAt == startAtEnd,
		PollInterval:       f.PollInterval,
		MaxConcurrentFiles: f.MaxConcurrentFiles,
		OrderBy:            f.OrderBy,
		Gunzip:             f.Compression == compressionAuto,
		MaxLineSize:        maxLineSize,
	}
}
