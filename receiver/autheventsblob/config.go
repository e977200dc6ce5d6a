package autheventsblob

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"gocloud.dev/blob"

	"github.com/authevents/otelcol-auth/internal/ingest"
	"github.com/authevents/otelcol-auth/internal/knownkeys"
	"github.com/authevents/otelcol-auth/receiver/autheventsblob/internal/metadata"
)

// Config of the receiver. URL must be set, and Storage unless Start is "now".
type Config struct {
	// URL of the bucket, as gocloud.dev/blob has it: s3://, gs://, azblob:// or
	// file:///. Credentials come from the environment.
	URL string `mapstructure:"url"`
	// Prefix of the keys to list.
	Prefix string `mapstructure:"prefix"`
	// Include and Exclude are globs on whole keys, ** among them. An empty
	// Include takes all.
	Include []string `mapstructure:"include"`
	Exclude []string `mapstructure:"exclude"`
	// Start is "beginning", "now", or a date or time as in RFC 3339: objects that
	// were modified before it are left out. It counts at the first start.
	Start        string        `mapstructure:"start"`
	PollInterval time.Duration `mapstructure:"poll_interval"`
	// Lookback is how much older than the newest object one may be that appears
	// after it.
	Lookback time.Duration `mapstructure:"lookback"`
	// Compression is "auto", which tells by an object's first bytes, "none",
	// "gzip" or "zstd".
	Compression string `mapstructure:"compression"`
	// MaxObjectSize is in bytes, decompressed.
	MaxObjectSize int64 `mapstructure:"max_object_size"`
	// MaxCompressionRatio is decompressed to compressed.
	MaxCompressionRatio  int `mapstructure:"max_compression_ratio"`
	MaxConcurrentObjects int `mapstructure:"max_concurrent_objects"`

	// Lines says what a line is and what becomes of it.
	Lines ingest.Config `mapstructure:",squash"`
	// Storage is the extension that keeps what was read.
	Storage *component.ID      `mapstructure:"storage"`
	Retry   ingest.RetryConfig `mapstructure:"retry"`
}

func createDefaultConfig() component.Config {
	return &Config{
		Start:                startBeginning,
		PollInterval:         time.Minute,
		Lookback:             24 * time.Hour,
		Compression:          string(compressionAuto),
		MaxObjectSize:        10 << 30,
		MaxCompressionRatio:  1000,
		MaxConcurrentObjects: 4,
		Lines:                ingest.DefaultConfig(),
		Retry:                ingest.DefaultRetryConfig(),
	}
}

// Unmarshal refuses unknown keys, and says which ones there are.
func (c *Config) Unmarshal(conf *confmap.Conf) error {
	// YAML makes a time of what looks like one and has no quotes.
	if at, ok := conf.Get("start").(time.Time); ok {
		text := confmap.NewFromStringMap(map[string]any{"start": at.Format(time.RFC3339Nano)})
		if err := conf.Merge(text); err != nil {
			return err
		}
	}
	return knownkeys.Unmarshal(conf, c)
}

// Validate returns all that is wrong, joined.
func (c *Config) Validate() error {
	_, err := compile(c, "")
	return err
}

// compiled is a valid config, ready for work.
type compiled struct {
	parser *ingest.Parser
	bucket bucketID
	filter filter
	start  start
	limits limits
}

// compile checks cfg and makes what it describes. version is that of the collector.
func compile(cfg *Config, version string) (*compiled, error) {
	c := &compiled{
		filter: filter{prefix: cfg.Prefix, include: cfg.Include, exclude: cfg.Exclude},
		limits: limits{
			compression: compression(cfg.Compression), size: cfg.MaxObjectSize,
			ratio: int64(cfg.MaxCompressionRatio), line: cfg.Lines.MaxLineSize,
		},
	}
	var errs []error
	addError := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	add := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}

	var err error
	c.parser, err = cfg.Lines.Compile(metadata.ScopeName, version)
	add(err)
	add(cfg.Retry.Check())
	c.bucket, err = parseURL(cfg.URL)
	add(err)
	add(c.filter.check())
	c.start, err = parseStart(cfg.Start)
	add(err)
	if cfg.Storage == nil && cfg.Start != startNow {
		addError("storage: is not set, so that each restart would read the bucket again: set it to an extension such as file_storage, or start to %s", startNow)
	}
	if !c.limits.compression.valid() {
		addError("compression: unknown value %q: use %s, %s, %s or %s", cfg.Compression,
			compressionAuto, compressionNone, compressionGzip, compressionZstd)
	}
	add(ingest.CheckInterval("poll_interval", cfg.PollInterval))
	switch {
	case cfg.Lookback < 0:
		addError("lookback: must not be negative (got %s)", cfg.Lookback)
	case cfg.Lookback > 0:
		add(ingest.CheckInterval("lookback", cfg.Lookback))
	}
	for _, limit := range []struct {
		key   string
		value int64
	}{
		{"max_object_size", cfg.MaxObjectSize},
		{"max_compression_ratio", int64(cfg.MaxCompressionRatio)},
		{"max_concurrent_objects", int64(cfg.MaxConcurrentObjects)},
	} {
		if limit.value < 1 {
			addError("%s: must be at least 1 (got %d)", limit.key, limit.value)
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return c, nil
}

// bucketID identifies a bucket: scheme, host and path of its URL, and no more,
// so that the uids of its records stay when a parameter changes.
type bucketID string

// parseURL returns no part of text in its error: it may hold a credential that
// is in the wrong place.
func parseURL(text string) (bucketID, error) {
	if text == "" {
		return "", errors.New("url: is empty: set it to the bucket, such as s3://my-bucket?region=us-east-1")
	}
	u, err := url.Parse(text)
	if err != nil {
		return "", errors.New("url: is no URL: write it as s3://my-bucket?region=us-east-1")
	}
	var errs []error
	if !blob.DefaultURLMux().ValidBucketScheme(u.Scheme) {
		errs = append(errs, fmt.Errorf("url: unknown scheme %q: use s3, gs, azblob or file", u.Scheme))
	} else if u.Host == "" && (u.Path == "" || u.Scheme != schemeFile) {
		errs = append(errs, errors.New("url: names no bucket: write it as s3://my-bucket, or file:///a/directory"))
	}
	if u.Scheme != schemeFile && u.Host != "" && strings.Trim(u.Path, "/") != "" {
		// The drivers would leave it out, and read the whole bucket.
		errs = append(errs, errors.New("url: has a path behind the bucket's name: use the key prefix, beside url"))
	}
	if u.User != nil {
		errs = append(errs, errors.New("url: holds a user or a password: take them out, credentials come from the environment"))
	}
	for _, parameter := range []string{"prefix", "key"} {
		if u.Query().Has(parameter) {
			errs = append(errs, fmt.Errorf("url: has the parameter %q: use the key prefix, beside url", parameter))
		}
	}
	return bucketID(u.Scheme + "://" + u.Host + u.Path), errors.Join(errs...)
}

const schemeFile = "file"
