package policydiff

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/collector"
	"github.com/authevents/otelcol-auth/internal/attr"
)

// maxChanges bounds what is told apart of one pii_scrub; the rest is counted.
const maxChanges = 4096

// change is a place that is treated in another way.
type change struct {
	place    string
	old, new treatment
	verdict  verdict
}

// differ compares the scrubbers of two configurations.
type differ struct {
	pairs   []*pair
	counts  []map[change]int // by pair: records
	lost    []int            // by pair: values beyond maxChanges
	records int
	// notEvents are, by pair, those of lines that are no events.
	notEvents []int
}

func newDiffer(old, next *collector.Config) (*differ, error) {
	olds, errOld := policedOf(old)
	news, errNew := policedOf(next)
	if errOld != nil {
		errOld = fmt.Errorf("old: %w", errOld)
	}
	if errNew != nil {
		errNew = fmt.Errorf("new: %w", errNew)
	}
	if err := errors.Join(errOld, errNew); err != nil {
		return nil, err
	}
	d := &differ{pairs: paired(olds, news)}
	for _, p := range d.pairs {
		d.counts, d.lost, d.notEvents = append(d.counts, map[change]int{}), append(d.lost, 0), append(d.notEvents, 0)
		if p.old == nil || p.new == nil {
			continue
		}
		var err error
		if p.source, err = sourceOf(old, p.old.pipeline); err == nil && p.source == nil {
			p.source, err = readsLines()
		}
		if err != nil {
			return nil, err
		}
	}
	return d, nil
}

func readsLines() (*collector.Source, error) {
	cfg, err := collector.Load(context.Background(), defaultSource)
	if err != nil {
		return nil, err
	}
	return sourceOf(cfg, cfg.Pipelines[0])
}

// record counts each place once, however many elements of an array stand there.
func (d *differ) record(i int, ld plog.Logs) {
	p := d.pairs[i]
	attributes := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes()
	if _, ok := attributes.Get(attr.ParseError); ok {
		d.notEvents[i]++
	}
	before := leavesOf(ld)
	old, next := p.old.scrubbed(ld), p.new.scrubbed(ld)
	seen := map[change]bool{}
	for at, b := range before {
		c := change{place: b.place, old: p.old.treated(at, b.text, old), new: p.new.treated(at, b.text, next)}
		if c.old == c.new && old[at].text == next[at].text {
			continue
		}
		c.verdict = judge(c.old, c.new)
		seen[c] = true
	}
	for c := range seen {
		if _, ok := d.counts[i][c]; !ok && len(d.counts[i]) == maxChanges {
			d.lost[i]++
			continue
		}
		d.counts[i][c]++
	}
}

// scrubbed is what leaves of a record, which stays as it is.
func (s *policed) scrubbed(ld plog.Logs) leaves {
	out := plog.NewLogs()
	ld.CopyTo(out)
	s.scrubber.Logs(out)
	return leavesOf(out)
}

// sorted has what is weaker first, then by place.
func sorted(counts map[change]int) []change {
	order := map[verdict]int{weaker: 0, changed: 1, stricter: 2, rekeyed: 3}
	list := make([]change, 0, len(counts))
	for c := range counts {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b change) int {
		return cmp.Or(cmp.Compare(order[a.verdict], order[b.verdict]), cmp.Compare(a.place, b.place), cmp.Compare(a.old, b.old), cmp.Compare(a.new, b.new))
	})
	return list
}
