package bench

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/progress"
	"github.com/authevents/otelcol-auth/internal/attr"
)

// clocks tell the time; tests have their own.
type clocks struct {
	cpu func() (time.Duration, error)
	now func() time.Time
}

// meter measures one way.
type meter struct {
	*way
	clocks
	costs map[*step]time.Duration
	uids  uint64
	left  *progress.Countdown // looked at between batches, when no time is taken
}

// warmUp is how long nothing is counted.
func warmUp(duration time.Duration) time.Duration { return duration / 10 }

// measure runs the whole sample again and again, to warm up, and then until the time
// is over. It ends with a pass, so that each line counts alike.
func (w *way) measure(ctx context.Context, s *Sample, c clocks, duration time.Duration, left *progress.Countdown) error {
	m := &meter{way: w, clocks: c, left: left}
	for _, time := range []time.Duration{warmUp(duration), duration} {
		m.reset()
		if err := m.passes(ctx, s, time); err != nil {
			return fmt.Errorf("receivers::%s: %w", w.route.Receiver, err)
		}
	}
	if w.route.Events == 0 {
		return fmt.Errorf("receivers::%s: makes no record of the sample: name a file with events of the identity provider", w.route.Receiver)
	}
	for step, cost := range m.costs {
		micros := float64(cost) / float64(time.Microsecond) / float64(w.route.Events)
		step.stage.Micros = rounded(micros)
	}
	w.route.sum()
	return nil
}

func (m *meter) reset() {
	m.costs = map[*step]time.Duration{}
	m.route.Events, m.route.Unknown = 0, 0
	for _, s := range m.route.Stages {
		s.In, s.Out = 0, 0
	}
}

func (m *meter) passes(ctx context.Context, s *Sample, duration time.Duration) error {
	for began := m.now(); ; {
		for _, batch := range s.batches {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := m.turn(ctx, batch); err != nil {
				return err
			}
			m.left.Tick(m.route.Receiver)
		}
		if m.now().Sub(began) >= duration {
			return nil
		}
	}
}

// turn sends one batch through all stages.
func (m *meter) turn(ctx context.Context, batch []byte) error {
	var ld plog.Logs
	cost, err := m.timed(func() (err error) {
		ld, err = m.source.Decode(batch)
		return err
	})
	if err != nil {
		return err
	}
	m.costs[m.parse] += cost
	records := int64(ld.LogRecordCount())
	m.parse.stage.In += records
	m.parse.stage.Out += records
	m.route.Events += records
	m.route.Unknown += m.asNew(ld)
	for _, path := range m.paths {
		at := ld
		for _, s := range path.steps {
			if at, err = m.run(ctx, s, at); err != nil {
				return err
			}
		}
	}
	return nil
}

// run does what a step does with ld, and returns what left. A processor changes ld
// itself, if it changes records at all.
func (m *meter) run(ctx context.Context, s *step, ld plog.Logs) (plog.Logs, error) {
	s.stage.In += int64(ld.LogRecordCount())
	out := ld
	cost, err := m.timed(func() error {
		switch {
		case s.copies:
			out = plog.NewLogs()
			ld.CopyTo(out)
		case s.chain != nil:
			var err error
			out, err = s.chain.Consume(ctx, ld)
			return err
		case s.counts != nil:
			return s.counts.ConsumeLogs(ctx, ld)
		}
		return nil
	})
	if err != nil {
		return out, err
	}
	m.costs[s] += cost
	s.stage.Out += int64(out.LogRecordCount())
	return out, nil
}

// timed returns the CPU time that work took.
func (m *meter) timed(work func() error) (time.Duration, error) {
	began, err := m.cpu()
	if err != nil {
		return 0, err
	}
	if err := work(); err != nil {
		return 0, err
	}
	ended, err := m.cpu()
	return ended - began, err
}

// asNew makes the records what they would be of lines that come now, not of a
// sample that comes again and again: their time is the time of reading, or filters
// of old records would leave nothing to do behind them, and no uid was there before,
// or event_metrics would not count it. It returns how many are no event.
func (m *meter) asNew(ld plog.Logs) (unknown int64) {
	uid := make([]byte, 0, 36)
	for _, resource := range ld.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				record.SetTimestamp(record.ObservedTimestamp())
				if _, failed := record.Attributes().Get(attr.ParseError); failed {
					unknown++
				}
				if v, ok := record.Attributes().Get(attr.LogRecordUID); ok {
					m.uids++
					uid = append(uid[:0], "00000000-0000-4000-8000-"...)
					for digits := len(strconv.FormatUint(m.uids, 10)); digits < 12; digits++ {
						uid = append(uid, '0')
					}
					v.SetStr(string(strconv.AppendUint(uid, m.uids, 10)))
				}
			}
		}
	}
	return unknown
}
