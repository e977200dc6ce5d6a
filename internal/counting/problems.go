package counting

import (
	"errors"
	"fmt"
	"time"

	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/journey"
)

// path is where something stands in the configuration, as the collector's own
// errors write it: custom::auth.consents::attributes::0.
type path string

func (p path) key(name string) path { return p + "::" + path(name) }

func (p path) index(i int) path { return path(fmt.Sprintf("%s::%d", p, i)) }

// problems collects what is wrong, so that a user sees all of it at once.
type problems struct{ errs []error }

func (p *problems) fail(at path, format string, args ...any) {
	p.errs = append(p.errs, fmt.Errorf("%s: %w", at, fmt.Errorf(format, args...)))
}

func (p *problems) err() error { return errors.Join(p.errs...) }

// length checks a length of time. YAML's 24 without a unit comes here as 24ns,
// so whatever is shorter than a millisecond is taken for a forgotten unit.
func (p *problems) length(at path, d time.Duration, example string) {
	switch {
	case d <= 0:
		p.fail(at, "must be a positive duration, such as %s (got %s)", example, d)
	case d < time.Millisecond:
		p.fail(at, "%d has no unit: write a duration such as %s", d.Nanoseconds(), example)
	case d > maxWindow:
		p.fail(at, "is too long (got %s): use at most %s", eventmetrics.WindowName(d), eventmetrics.WindowName(maxWindow))
	}
}

// held checks how many users a funnel or pair may hold.
func (p *problems) held(at path, n int) {
	if n < 1 || n > journey.MaxHeld {
		p.fail(at, "must be from 1 to %d (got %d)", journey.MaxHeld, n)
	}
}
