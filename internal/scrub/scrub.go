// Package scrub takes personal data out of log records by policy.
//
// Where it is, the records' scope says: the attribute auth.pii.fields names
// paths of the body (see package pii). Attributes are known by their names.
// All else is searched for e-mail and IP addresses, phone numbers and secrets,
// and for the record's own user, session and visitor ids. What can't be
// scrubbed is redacted whole or dropped, and counted; nothing passes unseen.
package scrub

import (
	"sync"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/xpdata/entity"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// Redacted is what a redacted value is replaced by.
const Redacted = detect.Redacted

// Scrubber applies one policy. It is safe for concurrent use.
type Scrubber struct {
	actions    Actions
	bits4      int
	bits6      int
	keepFields bool
	context    string
	keyID      string
	hash       string
	names      *pseudonym.Pseudonymizer
	plans      planCache
	walkers    sync.Pool
	// scrubRecord is (*walker).scrubRecord. Tests make it panic.
	scrubRecord func(*walker, plog.LogRecord, *node)
}

// New checks the policy and builds a Scrubber. The error names every YAML key
// at fault, and never holds a secret.
func New(p Policy) (*Scrubber, error) {
	names, err := p.compile()
	if err != nil {
		return nil, err
	}
	p.Actions[pii.None] = Redact // a value that nothing is known of, under strict
	s := &Scrubber{
		actions:     p.Actions,
		bits4:       p.IPv4Bits,
		bits6:       p.IPv6Bits,
		keepFields:  p.KeepPIIFields,
		names:       names,
		scrubRecord: (*walker).scrubRecord,
	}
	s.walkers.New = func() any { return &walker{s: s} }
	return s, nil
}

// SetKeys replaces the keys, as when a file with a secret has changed. Where
// they are at fault the old ones stay, and the error says which and why.
func (s *Scrubber) SetKeys(keys []pseudonym.Key) error {
	_, err := pseudonym.New(pseudonym.Options{Keys: keys, Context: s.context})
	return err
}

// Warnings says, for start-up, what is allowed and should not last: a key that
// is kept longer than it was to be.
func (s *Scrubber) Warnings() []string { return nil }

// KeyID is the id of the key that makes the pseudonyms, "" if there is none.
func (s *Scrubber) KeyID() string { return s.keyID }

// PolicyHash tells policies apart: 16 hexadecimal digits over all of the
// policy but the secrets of its keys.
func (s *Scrubber) PolicyHash() string { return s.hash }

// Logs scrubs ld in place and says what it did. Records that it can't scrub
// are removed, and what is empty without them.
func (s *Scrubber) Logs(ld plog.Logs) Stats {
	w := s.walkers.Get().(*walker)
	w.stats = Stats{}
	ld.ResourceLogs().RemoveIf(func(rl plog.ResourceLogs) bool { return !w.resource(rl) })
	stats := w.stats
	if w.recyclable() {
		s.walkers.Put(w)
	}
	return stats
}

// resource scrubs what belongs to a resource and says whether it may pass on.
func (w *walker) resource(rl plog.ResourceLogs) (keep bool) {
	if !w.guard(func() {
		w.forgetIDs()
		w.place = InResource
		w.attributes(rl.Resource().Attributes(), false)
		w.place = InName
		w.entities(rl.Resource())
		if url, changed := w.search(rl.SchemaUrl(), 0); changed {
			rl.SetSchemaUrl(url)
		}
	}) {
		for _, sl := range rl.ScopeLogs().All() {
			w.lose(sl.LogRecords().Len())
		}
		return false
	}
	scopes := rl.ScopeLogs().Len()
	rl.ScopeLogs().RemoveIf(func(sl plog.ScopeLogs) bool { return !w.scope(sl) })
	return scopes == 0 || rl.ScopeLogs().Len() > 0
}

// entities scrubs what a resource says of its entities: their types, and the
// names of the attributes that they are known by.
func (w *walker) entities(resource pcommon.Resource) {
	for _, ref := range entity.ResourceEntityRefs(resource).All() {
		if kind, changed := w.search(ref.Type(), 0); changed {
			ref.SetType(kind)
		}
		if url, changed := w.search(ref.SchemaUrl(), 0); changed {
			ref.SetSchemaUrl(url)
		}
		for _, names := range []pcommon.StringSlice{ref.IdKeys(), ref.DescriptionKeys()} {
			for i, name := range names.All() {
				if changed, ok := w.key(name, pii.None); ok {
					names.SetAt(i, changed)
				}
			}
		}
	}
}

// scope scrubs a scope and its records, and says whether it may pass on.
func (w *walker) scope(sl plog.ScopeLogs) (keep bool) {
	var plan *node
	records := sl.LogRecords().Len()
	if !w.guard(func() { plan = w.scopeItself(sl) }) {
		w.lose(records)
		return false
	}
	w.stats.Records += records
	sl.LogRecords().RemoveIf(func(lr plog.LogRecord) bool {
		if w.guard(func() { w.s.scrubRecord(w, lr, plan) }) {
			return false
		}
		w.stats.Dropped++
		w.stats.DroppedBy[Panicked]++
		return true
	})
	return records == 0 || sl.LogRecords().Len() > 0
}

func (w *walker) lose(records int) {
	w.stats.Records += records
	w.stats.Dropped += records
	w.stats.DroppedBy[Panicked] += records
}

// plan takes auth.pii.fields off a scope. It returns nil, which is strict,
// where the scope has none that can be read.
func (w *walker) plan(attrs pcommon.Map) (plan *node, fields string) {
	if v, ok := attrs.Get(attr.PIIFields); ok && v.Type() == pcommon.ValueTypeStr {
		fields = v.Str()
		plan = w.s.plans.get(fields)
	}
	attrs.RemoveIf(func(name string, _ pcommon.Value) bool { return name == attr.PIIFields })
	// No profile has personal data in its paths; who sends some gets strict.
	if plan != nil && w.s.keepFields && len(detect.Find(nil, fields)) > 0 {
		plan = nil
	}
	return plan, fields
}

// scopeItself scrubs what belongs to a scope but its records.
func (w *walker) scopeItself(sl plog.ScopeLogs) (plan *node) {
	w.forgetIDs()
	scope := sl.Scope()
	plan, fields := w.plan(scope.Attributes())
	w.place = InScope
	w.attributes(scope.Attributes(), plan == nil)
	w.place = InName
	if plan != nil && w.s.keepFields {
		scope.Attributes().PutStr(attr.PIIFields, fields)
	}
	if name, changed := w.search(scope.Name(), 0); changed {
		scope.SetName(name)
	}
	if version, changed := w.search(scope.Version(), 0); changed {
		scope.SetVersion(version)
	}
	if url, changed := w.search(sl.SchemaUrl(), 0); changed {
		sl.SetSchemaUrl(url)
	}
	return plan
}

// guard runs f and says whether it returned. A panic costs what f was
// scrubbing, which the caller removes, and not the batch or the collector.
func (w *walker) guard(f func()) (ok bool) {
	defer func() {
		if value := recover(); value != nil {
			ok = false
			w.stats.Panics++
			if w.stats.FirstPanic == nil {
				w.stats.FirstPanic = describePanic(value)
			}
		}
	}()
	f()
	return true
}
