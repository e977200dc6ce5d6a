package piiscrub

import (
	"errors"
	"fmt"
	"strings"

	"github.com/authevents/otelcol-auth/internal/scrub"
)

// choice is the values that a key may have, in the order of docs.
type choice[T comparable] []option[T]

type option[T any] struct {
	name  string
	value T
}

var (
	unlisted     = choice[scrub.Unlisted]{{"scan", scrub.ScanUnlisted}, {"drop", scrub.DropUnlisted}}
	unparsed     = choice[scrub.Unparsed]{{"redact", scrub.RedactUnparsed}, {"scan", scrub.ScanUnparsed}}
	onError      = choice[scrub.OnError]{{"drop", scrub.DropRecord}, {"redact", scrub.RedactRecord}}
	ipKeep       = choice[scrub.IPKeep]{{"none", scrub.KeepNone}, {"private", scrub.KeepPrivate}, {"class", scrub.KeepClass}}
	emailDomains = choice[scrub.Action]{{"full", scrub.Keep}, {"registrable", scrub.Registrable}, {"provider", scrub.Provider}}
	audit        = choice[bool]{{modeEnforce, false}, {modeAudit, true}}
	shapes       = choice[bool]{{shapeToken, false}, {shapePreserve, true}}
)

// parse sets into to the value of a name. Where there is none, into stays.
func (c choice[T]) parse(name string, into *T, key string, errs *problems) {
	names := make([]string, len(c))
	for i, o := range c {
		if o.name == name {
			*into = o.value
			return
		}
		names[i] = o.name
	}
	last := len(names) - 1
	errs.addf(key, "must be %s or %s (got %q)", strings.Join(names[:last], ", "), names[last], name)
}

func (c choice[T]) name(value T) string {
	for _, o := range c {
		if o.value == value {
			return o.name
		}
	}
	return ""
}

// problems are what is wrong with a config, each with its YAML key.
type problems []error

func (p *problems) add(key string, err error) { *p = append(*p, fmt.Errorf("%s: %w", key, err)) }

func (p *problems) addf(key, format string, args ...any) { p.add(key, fmt.Errorf(format, args...)) }

func (p *problems) join(others ...error) error { return errors.Join(append(*p, others...)...) }
