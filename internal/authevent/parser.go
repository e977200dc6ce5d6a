package authevent

import (
	"fmt"
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
	// Profiles are a user's own, by name, each as decoded YAML: maps, lists and
	// scalars, with the keys of the files in profiles/. They are tried before
	// the built-in ones, sorted by name, and replace those of the same name.
	Profiles map[string]any
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
	options Options
	compiledProfiles
	readsText bool // some profile has templates of lines
	// sharesValues: records may share the values of attributes.
	sharesValues bool
}

// NewParser compiles the profiles. An error names the option that is wrong and
// what it may be; all that is wrong is reported at once.
func NewParser(o Options) (*Parser, error) {
	if o.Source == "" {
		o.Source = SourceAuto
	}
	if o.Body == "" {
		o.Body = BodyText
	}
	profiles, err := o.compile()
	if err != nil {
		return nil, err
	}
	p := &Parser{options: o, compiledProfiles: profiles, sharesValues: sharesValues()}
	for _, profile := range p.profiles {
		p.readsText = p.readsText || len(profile.lineTemplates) > 0
	}
	return p, nil
}

func (b Body) check() error {
	if b == BodyText || b == BodyMap || b == BodyEventName {
		return nil
	}
	return fmt.Errorf("body: unknown form %q: use %s, %s or %s", b, BodyText, BodyMap, BodyEventName)
}
