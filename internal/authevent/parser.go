package authevent

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Body says what a record's body is.
type Body string

const (
	// BodyText is the source's JSON object as text, byte for byte.
	BodyText Body = "text"
	// BodyMap is the object parsed. Integers stay integers, what fits no
	// int64 stays a string; of duplicate members the last counts.
	BodyMap Body = "map"
	// BodyEventName is the event's name alone.
	BodyEventName Body = "event_name"
)

// SourceAuto picks the profile line by line.
const SourceAuto = "auto"

// Options of a Parser. The zero value takes every source, with a text body.
type Options struct {
	// Source is SourceAuto, the default, or the name of a profile, see Sources.
	Source string
	// Body is BodyText unless set.
	Body Body
	// DropUnparsed leaves lines that are no event out of the batch.
	DropUnparsed bool
	// Environment is the resource's deployment.environment.name where the
	// line says none.
	Environment string
	// Domain is the attribute auth.domain where the line says none.
	Domain string
	// ScopeName and ScopeVersion are those of the records' scope.
	ScopeName, ScopeVersion string
}

// Parser holds the compiled profiles. It is immutable and may be used by
// several goroutines, each with a Batch of its own.
type Parser struct {
	options  Options
	trie     *trie
	profiles []*compiled
}

// NewParser compiles the profiles. An error names the option that is wrong and
// what it may be.
func NewParser(o Options) (*Parser, error) {
	profiles, err := builtIn()
	if err != nil {
		return nil, err
	}
	if o.Source == "" {
		o.Source = SourceAuto
	}
	if o.Body == "" {
		o.Body = BodyText
	}
	var errs []error
	if o.Source != SourceAuto {
		profiles = slices.DeleteFunc(profiles, func(p *profile) bool { return p.Name != o.Source })
		if len(profiles) == 0 {
			errs = append(errs, fmt.Errorf("source: unknown source %q: use %s or %s", o.Source, SourceAuto, strings.Join(Sources(), ", ")))
		}
	}
	if o.Body != BodyText && o.Body != BodyMap && o.Body != BodyEventName {
		errs = append(errs, fmt.Errorf("body: unknown form %q: use %s, %s or %s", o.Body, BodyText, BodyMap, BodyEventName))
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	p := &Parser{options: o}
	p.trie, p.profiles, err = compileProfiles(profiles)
	return p, err
}
