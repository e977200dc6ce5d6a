// Package scrub takes personal data out of log records, spans and metrics by
// policy.
//
// Where it is, the records' scope says: the attribute auth.pii.fields names
// paths of the body (see package pii). Attributes are known by their names.
// All else is searched for e-mail and IP addresses, phone numbers and secrets,
// and for the record's own user, session and visitor ids. What can't be
// scrubbed is redacted whole or dropped, and counted; nothing passes unseen.
package scrub

import (
	"sync"
	"sync/atomic"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/scrub/detect"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// Redacted is what a redacted value is replaced by.
const Redacted = detect.Redacted

// Scrubber applies one policy. It is safe for concurrent use.
type Scrubber struct {
	policy Policy
	hash   string
	names  *pseudonym.Pseudonymizer
	finder detect.Options
	// treatments[0] is the top level's, the others are of the rules in order.
	treatments []*treatment
	rules      []rule
	conditions int // of all rules
	// sources are those that fields are limited to, from 1 on; 0 is any other.
	// The lists are indexed by it.
	sources         map[string]int
	bodyFields      [][]bodyField
	attributeFields [][]attributeField
	attributes      [][]*attributeTable // by treatment and source
	// base is the plan of what belongs to no scope.
	base    *plan
	plans   planCache
	budget  planBudget
	walkers sync.Pool
	// unlisted has the names that operators are told.
	unlisted unlistedNames
	// records counts all that came in, to pick those that are walked twice.
	records atomic.Uint64
	// scrubRecord is (*walker).scrubRecord. Tests make it panic.
	scrubRecord func(*walker, plog.LogRecord)
}

// New checks the policy and builds a Scrubber. The error names every YAML key
// at fault, and never holds a secret.
func New(p Policy) (*Scrubber, error) {
	s := &Scrubber{scrubRecord: (*walker).scrubRecord}
	if err := s.compile(p); err != nil {
		return nil, err
	}
	s.hash = p.hash()
	s.finder.DecodeTokens = p.DecodeTokens
	s.base = &plan{attributes: s.attributes[0][0], unlisted: s.treatments[0].unlisted}
	s.walkers.New = func() any { return &walker{s: s} }
	return s, nil
}

// PolicyHash tells policies apart: 16 hexadecimal digits over all of the
// policy but the secrets of its keys.
func (s *Scrubber) PolicyHash() string { return s.hash }

// walk lends a walker for a batch of so many records.
func (s *Scrubber) walk(records int) *walker {
	w := s.walkers.Get().(*walker)
	w.stats, w.bodiless = Stats{}, false
	w.names, w.clean.left = s.names.View(), maxCleanTried
	w.scope.forgetUnplanned()
	n := uint64(records)
	w.turn = turn{s.records.Add(n) - n, s.policy.Verify}
	return w
}

// done takes the walker back and returns what it counted.
func (s *Scrubber) done(w *walker) Stats {
	stats := w.stats
	if s.policy.Audit { // nothing is
		stats.Dropped, stats.Redacted = 0, 0
	}
	if w.recyclable() {
		s.walkers.Put(w)
	}
	return stats
}

// guard runs f, which scrubs what is no record, and says whether it returned. A
// panic costs what f was scrubbing, and not the batch or the collector.
func (w *walker) guard(f func()) (ok bool) {
	defer w.recovered(&ok)
	f()
	w.tallies.settle(&w.stats, !w.s.policy.Audit)
	return true
}

// recovered is to be deferred.
func (w *walker) recovered(ok *bool) {
	if value := recover(); value != nil {
		*ok = false
		w.rewalk = false
		w.tallies.back(mark{})
		w.stats.Panics++
		if w.stats.FirstPanic == nil {
			w.stats.FirstPanic = describePanic(value)
		}
	}
}

// failed counts a record that can't be scrubbed, and says whether it is to be
// redacted; else it is to be removed.
func (w *walker) failed(reason DropReason) (redact bool) {
	w.stats.DroppedBy[reason]++
	if w.s.policy.OnError == RedactRecord {
		w.stats.Redacted++
		return true
	}
	w.stats.Dropped++
	return false
}
