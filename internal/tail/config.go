package tail

import (
	"errors"
	"fmt"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/fileconsumer/matcher"
)

// MinLineSize is the smallest maximum size of a line.
const MinLineSize = 1024

// lineEnd is the room for "\r\n" behind a line of the maximum size.
const lineEnd = 2

// What FilesConfig.OrderBy may be.
const (
	OrderByMtime = "mtime"
	OrderByName  = "name"
)

// What stands for zero values.
const (
	defaultCheckpointInterval = time.Second
	defaultCheckpointLines    = 10_000
	defaultGoneAfter          = 2 * time.Second
)

// FilesConfig says which files to follow and how.
type FilesConfig struct {
	// Include and Exclude are paths and globs, ** among them.
	Include, Exclude []string
	// StartAtEnd leaves out what stands in the files that the first poll finds,
	// unless the storage holds the state of an earlier run. A last line that is
	// not complete by then is not left out.
	StartAtEnd bool
	// PollInterval is the time between two looks at the files.
	PollInterval time.Duration
	// MaxConcurrentFiles is how many files are open at once.
	MaxConcurrentFiles int
	// Gunzip decompresses files that begin like a gzip file.
	Gunzip bool
	// MaxLineSize is in bytes, without the line end.
	MaxLineSize int
	// OrderBy is the order in which files that wait are begun: OrderByMtime, by
	// time of modification and then by name, or OrderByName. "" is OrderByMtime.
	OrderBy string
	// CheckpointInterval and CheckpointLines: positions are saved after that time,
	// or before more lines of all files together, with those that handlers have,
	// would be read again after a crash. 0 is 1 s and 10,000 lines.
	CheckpointInterval time.Duration
	CheckpointLines    int
	// GoneAfter is how long a file that was deleted, or renamed to what the
	// patterns leave out, must have had nothing new before it is let go, in
	// addition to two polls. Its writer may be late to reopen it. 0 is 2 s.
	GoneAfter time.Duration
}

// Validate returns all that is wrong, joined.
func (c FilesConfig) Validate() error {
	var errs []error
	if len(c.Include) == 0 {
		errs = append(errs, errors.New("no files to include"))
	} else if _, err := c.matcher(); err != nil {
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
	if c.OrderBy != "" && c.OrderBy != OrderByMtime && c.OrderBy != OrderByName {
		errs = append(errs, fmt.Errorf("unknown order %q: use %s or %s", c.OrderBy, OrderByMtime, OrderByName))
	}
	if c.CheckpointInterval < 0 || c.CheckpointLines < 0 || c.GoneAfter < 0 {
		errs = append(errs, errors.New("the checkpoint interval, its number of lines and the time until a file is gone must not be negative"))
	}
	return errors.Join(errs...)
}

// withDefaults returns c with the defaults where values are zero.
func (c FilesConfig) withDefaults() FilesConfig {
	if c.CheckpointInterval == 0 {
		c.CheckpointInterval = defaultCheckpointInterval
	}
	if c.CheckpointLines == 0 {
		c.CheckpointLines = defaultCheckpointLines
	}
	if c.GoneAfter == 0 {
		c.GoneAfter = defaultGoneAfter
	}
	return c
}

func (c FilesConfig) matcher() (*matcher.Matcher, error) {
	return matcher.New(matcher.Criteria{Include: c.Include, Exclude: c.Exclude})
}

// ValidGlob says whether glob can stand in Include and Exclude.
func ValidGlob(glob string) bool {
	_, err := matcher.New(matcher.Criteria{Include: []string{glob}})
	return err == nil
}
