package scrub

import (
	"go.opentelemetry.io/collector/pdata/plog"
)

// Logs scrubs ld in place and says what it did. Records that it can't scrub
// are removed or redacted, and what is empty without them goes as well. In
// audit mode ld stays as it is.
func (s *Scrubber) Logs(ld plog.Logs) Stats {
	if s.policy.Audit {
		copied := plog.NewLogs()
		ld.CopyTo(copied)
		ld = copied
	}
	w := s.walk(ld.LogRecordCount())
	ld.ResourceLogs().RemoveIf(func(rl plog.ResourceLogs) bool { return !w.resourceLogs(rl) })
	return s.done(w)
}

func (w *walker) resourceLogs(rl plog.ResourceLogs) (keep bool) {
	if !w.resource(rl.Resource(), rl) {
		for _, sl := range rl.ScopeLogs().All() {
			w.lose(sl.LogRecords().Len())
		}
		return false
	}
	scopes := rl.ScopeLogs().Len()
	rl.ScopeLogs().RemoveIf(func(sl plog.ScopeLogs) bool { return !w.scopeLogs(sl) })
	return scopes == 0 || rl.ScopeLogs().Len() > 0
}

func (w *walker) scopeLogs(sl plog.ScopeLogs) (keep bool) {
	records := sl.LogRecords().Len()
	if !w.instrumentation(sl.Scope(), sl) {
		w.lose(records)
		return false
	}
	w.stats.Records += records
	sl.LogRecords().RemoveIf(func(lr plog.LogRecord) bool { return !w.logRecord(lr) })
	return records == 0 || sl.LogRecords().Len() > 0
}

// lose counts records that go with their scope or resource.
func (w *walker) lose(records int) {
	w.stats.Records += records
	w.stats.Dropped += records
	w.stats.DroppedBy[Panicked] += records
}

// logRecord scrubs a record and says whether it may pass on.
func (w *walker) logRecord(lr plog.LogRecord) (keep bool) {
	reason, ok := Panicked, false
	w.attempt(lr, &reason, &ok)
	if !ok && !w.failed(reason) {
		return false
	}
	if !ok {
		redactRecord(lr)
	}
	w.annotate(lr.Attributes())
	return true
}

// attempt sets ok, or the reason why the record can't pass as it is.
func (w *walker) attempt(lr plog.LogRecord, reason *DropReason, ok *bool) {
	defer w.recovered(ok)
	w.choose(lr.EventName(), lr.Attributes())
	w.s.scrubRecord(w, lr)
	if w.turn.next() {
		if n := w.residue(func() { w.s.scrubRecord(w, lr) }); n > 0 {
			w.stats.Residual += n
			*reason = HadResidue
			w.tallies.back(mark{})
			return
		}
	}
	w.tallies.settle(&w.stats, !w.s.policy.Audit)
	*ok = true
}
