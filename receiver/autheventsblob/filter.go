package autheventsblob

import (
	"errors"
	"fmt"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/cespare/xxhash/v2"
)

// filter says which keys are read.
type filter struct {
	prefix           string
	include, exclude []string
}

func (f *filter) check() error {
	var errs []error
	for _, list := range []struct {
		key   string
		globs []string
	}{{"include", f.include}, {"exclude", f.exclude}} {
		for _, glob := range list.globs {
			if !doublestar.ValidatePattern(glob) {
				errs = append(errs, fmt.Errorf("%s: %q is no valid glob: check its brackets", list.key, glob))
			}
		}
	}
	return errors.Join(errs...)
}

// takes leaves out what stands for a directory: consoles make such empty objects.
func (f *filter) takes(key string) bool {
	if strings.HasSuffix(key, "/") {
		return false
	}
	return (len(f.include) == 0 || matches(f.include, key)) && !matches(f.exclude, key)
}

func matches(globs []string, key string) bool {
	for _, glob := range globs {
		if doublestar.MatchUnvalidated(glob, key) {
			return true
		}
	}
	return false
}

// selection identifies what is read of which bucket. What is known of the
// objects of one selection says nothing of those that another one adds.
func (f *filter) selection(bucket bucketID) uint64 {
	h := xxhash.New()
	write := func(s string) {
		_, _ = h.WriteString(s)
		_, _ = h.Write([]byte{0})
	}
	write(string(bucket))
	write(f.prefix)
	for _, globs := range [][]string{f.include, f.exclude} {
		for _, glob := range globs {
			write(glob)
		}
		write("")
	}
	return h.Sum64()
}
