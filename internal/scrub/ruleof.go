package scrub

import "go.opentelemetry.io/collector/pdata/plog"

// RuleOf says which of Policy.Rules treats the first record of ld, from 0; -1
// where none matches, or there is no record. ld stays as it is. It chooses as Logs
// does, and is for who shows what Logs did.
func (s *Scrubber) RuleOf(ld plog.Logs) int {
	copied := plog.NewLogs() // what a choice looks at is scrubbed on the way
	ld.CopyTo(copied)
	w := s.walk(0)
	defer s.done(w)
	for _, rl := range copied.ResourceLogs().All() {
		w.resource(rl.Resource(), rl)
		for _, sl := range rl.ScopeLogs().All() {
			w.instrumentation(sl.Scope(), sl)
			for _, lr := range sl.LogRecords().All() {
				w.choose(lr.EventName(), lr.Attributes())
				return w.t.index - 1
			}
		}
	}
	return -1
}
