package tail

import (
	"errors"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/fileconsumer"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/fileconsumer/matcher"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/helper"
)

// MinLineSize is the smallest maximum size of a line.
const MinLineSize = 1024

// lineEnd is the room for "\r\n" behind a line of the maximum size.
const lineEnd = 2

// FilesConfig says which files to follow and how.
type FilesConfig struct {
	// Include and Exclude are paths and globs, ** among them.
	Include, Exclude []string
	// StartAtEnd leaves out what stands in a file when it is found in the first
	// poll, unless a position of it is in storage.
	StartAtEnd bool
	// PollInterval is the time between two looks at the files.
	PollInterval time.Duration
	// MaxConcurrentFiles is how many files are open at once.
	MaxConcurrentFiles int
	// Gunzip decompresses files that begin like a gzip file.
	Gunzip bool
	// MaxLineSize is in bytes, without the line end.
	MaxLineSize int
}

// Validate returns all that is wrong, joined.
func (c FilesConfig) Validate() error {
	var errs []error
	if len(c.Include) == 0 {
		errs = append(errs, errors.New("no files to include"))
	} else if _, err := matcher.New(c.consumerConfig().Criteria); err != nil {
		errs = append(errs, err)
	}
	if c.MaxConcurrentFiles <= 0 {
		errs = append(errs, errors.New("the number of concurrent files must be positive"))
	}
	if c.PollInterval <= 0 {
		errs = append(errs, errors.New("the poll interval must be positive"))
	}
	if c.MaxLineSize < MinLineSize {
		errs = append(errs, errors.New("the maximum line size is too small"))
	}
	return errors.Join(errs...)
}

// consumerConfig puts the config into fileconsumer's words.
func (c FilesConfig) consumerConfig() *fileconsumer.Config {
	fc := fileconsumer.NewConfig()
	fc.Include, fc.Exclude = c.Include, c.Exclude
	fc.IncludeFileName, fc.IncludeFilePath = true, true
	fc.StartAt = "beginning"
	if c.StartAtEnd {
		fc.StartAt = "end"
	}
	fc.PollInterval = c.PollInterval
	fc.MaxConcurrentFiles = c.MaxConcurrentFiles
	if c.Gunzip {
		fc.Compression = "auto"
	}
	// nop hands out bytes as they are, each token copied.
	fc.Encoding = "nop"
	// A line waits for its end, however long its writer takes.
	fc.FlushPeriod = 0
	fc.OnTruncate = fileconsumer.OnTruncateReadWholeFile
	// Not "truncate": that keeps whether it is inside a long line apart from the
	// position that it saves, and after a stop at the wrong moment takes a good
	// line for the rest of a long one. Files.emit does the cutting.
	fc.MaxLogSizeBehavior = fileconsumer.MaxLogSizeBehaviorSplit
	fc.MaxLogSize = helper.ByteSize(c.MaxLineSize + lineEnd)
	return fc
}

// ValidGlob says whether glob can stand in Include and Exclude.
func ValidGlob(glob string) bool {
	_, err := matcher.New(matcher.Criteria{Include: []string{glob}})
	return err == nil
}
