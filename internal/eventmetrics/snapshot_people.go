package eventmetrics

import (
	"slices"
	"time"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/journey"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
)

// funnelSnapshot is who is in a funnel, as keyed hashes.
type funnelSnapshot struct {
	Name    string
	By      []string
	Steps   []string
	Entries []journey.FunnelEntry
}

// pairSnapshot is what is pending of a pair.
type pairSnapshot struct {
	Name       string
	By, Match  []string
	Dimensions []uint32 // of what is abandoned, in Snapshot.Values
	Entries    []pendingSnapshot
}

type pendingSnapshot struct {
	Key        uint64
	At         int64
	Waited     time.Duration
	Attributes []uint32 // one for each of the Dimensions
}

// keyCheck tells one key from another without saying what it is.
func keyCheck(k unique.Key) uint64 { return k.Hash("snapshot of event metrics") }

func (w *snapshotWriter) writeFunnel(f *funnel) {
	if entries := f.journey.Entries(); len(entries) > 0 {
		w.Funnels = append(w.Funnels, funnelSnapshot{Name: f.Name, By: f.By, Steps: f.stepNames(), Entries: entries})
	}
}

func (f *funnel) stepNames() []string {
	names := make([]string, len(f.Steps))
	for i, step := range f.Steps {
		names[i] = step.Name
	}
	return names
}

func (w *snapshotWriter) writePair(p *pair) {
	out := pairSnapshot{Name: p.Name, By: p.By, Match: p.Match}
	if p.abandoned != nil {
		out.Dimensions = w.dimensions(p.abandoned)
	}
	for _, e := range p.pending.Entries() {
		pending := pendingSnapshot{Key: e.Key, At: e.At, Waited: e.Waited}
		if p.abandoned != nil {
			pending.Attributes = w.attributes(p.abandoned, e.Payload)
		}
		out.Entries = append(out.Entries, pending)
	}
	if len(out.Entries) > 0 {
		w.Pairs = append(w.Pairs, out)
	}
}

// restoreFunnel finds the steps by their names: they may have moved.
func (r *restorer) restoreFunnel(f *funnel) {
	i := slices.IndexFunc(r.Funnels, func(s funnelSnapshot) bool { return s.Name == f.Name && slices.Equal(s.By, f.By) })
	if i < 0 {
		return
	}
	names := f.stepNames()
	var moved []int // step of the snapshot to step of the funnel, or -1
	for _, name := range r.Funnels[i].Steps {
		moved = append(moved, slices.Index(names, name))
	}
	for n := range r.Funnels[i].Entries {
		e := &r.Funnels[i].Entries[n]
		var steps uint64
		for from, to := range moved {
			if to >= 0 && e.Steps&(1<<from) != 0 {
				steps |= 1 << to
			}
		}
		e.Steps = steps
	}
	f.journey.Restore(r.Funnels[i].Entries)
}

func (r *restorer) restorePair(p *pair) {
	i := slices.IndexFunc(r.Pairs, func(s pairSnapshot) bool {
		return s.Name == p.Name && slices.Equal(s.By, p.By) && slices.Equal(s.Match, p.Match)
	})
	if i < 0 {
		return
	}
	from := &r.Pairs[i]
	entries := make([]journey.PairEntry[key], len(from.Entries))
	for n, e := range from.Entries {
		entries[n] = journey.PairEntry[key]{Key: e.Key, At: e.At, Waited: e.Waited}
		if p.abandoned != nil {
			entries[n].Payload = r.keyOf(p.abandoned, from.Dimensions, e.Attributes)
		}
	}
	p.pending.Restore(entries)
}
