package eventmetrics

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"slices"
	"time"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
)

// windowsSnapshot holds the windows of all unique counts. They are apart from
// the Snapshot because a hundred clients with many users have more than a
// hundred megabytes of them, and because nothing is wrong with an estimate
// that is a little older than the counts.
type windowsSnapshot struct {
	Format   int
	KeyCheck uint64
	Values   []string
	Metrics  []metricWindows
}

type metricWindows struct {
	Name       string
	Lengths    []time.Duration
	Dimensions []uint32 // in Values, as in Snapshot
	Series     []seriesWindows
}

type seriesWindows struct {
	Overflow   bool
	Attributes []uint32
	Windows    [][]byte // one for each of the Lengths
}

// WindowsRevision grows with each user that a window did not hold.
func (e *Engine) WindowsRevision() uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	var revision uint64
	for _, m := range e.uniqueMetrics() {
		for _, s := range m.all() {
			for _, w := range s.windows {
				revision += w.Revision()
			}
		}
	}
	return revision
}

// Windows encodes the windows of all unique counts. Counting goes on between
// one series and the next.
func (e *Engine) Windows() ([]byte, error) {
	w := snapshotWriter{numbers: map[string]uint32{}}
	w.number("")
	out := windowsSnapshot{Format: snapshotFormat, KeyCheck: keyCheck(e.settings.UniqueKey)}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, m := range e.uniqueMetrics() {
		windows := metricWindows{Name: m.Name, Lengths: m.Unique.Windows, Dimensions: w.dimensions(m)}
		for _, s := range slices.Clone(m.all()) {
			one := seriesWindows{Overflow: s == m.overflow, Attributes: w.attributes(m, s.key)}
			for _, window := range s.windows {
				b, err := window.MarshalBinary()
				if err != nil {
					return nil, fmt.Errorf("encode a window of %s: %w", m.Name, err)
				}
				one.Windows = append(one.Windows, b)
			}
			windows.Series = append(windows.Series, one)
			e.mu.Unlock() // to let counting in
			e.mu.Lock()
		}
		out.Metrics = append(out.Metrics, windows)
	}
	out.Values = w.Values
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(out); err != nil {
		return nil, fmt.Errorf("encode the windows: %w", err)
	}
	return b.Bytes(), nil
}

func (e *Engine) uniqueMetrics() []*metric {
	return slices.DeleteFunc(slices.Clone(e.metrics), func(m *metric) bool { return m.Kind != definition.Unique })
}

// RestoreWindows adds what Windows returned, and tells how many windows it
// took. It takes none of another key, and no window of a length that there is
// no longer. What can't be read changes nothing.
func (e *Engine) RestoreWindows(data []byte) (restored int, err error) {
	var s windowsSnapshot
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&s); err != nil {
		return 0, errNoSnapshot
	}
	if s.Format != snapshotFormat {
		return 0, errFormat(s.Format)
	}
	for _, m := range s.Metrics {
		for _, one := range m.Series {
			if !fits(m.Dimensions, one.Attributes, len(s.Values)) || len(one.Windows) != len(m.Lengths) {
				return 0, errContradiction
			}
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if s.KeyCheck != keyCheck(e.settings.UniqueKey) {
		return 0, nil
	}
	r := restorer{Snapshot: &Snapshot{Values: s.Values}, engine: e}
	for _, m := range e.uniqueMetrics() {
		i := slices.IndexFunc(s.Metrics, func(from metricWindows) bool { return from.Name == m.Name })
		if i < 0 {
			continue
		}
		for _, one := range s.Metrics[i].Series {
			to := r.seriesFor(m, one.Overflow, s.Metrics[i].Dimensions, one.Attributes)
			restored += e.restoreWindows(to, m.Unique.Windows, s.Metrics[i].Lengths, one.Windows)
		}
	}
	return restored, nil
}

// restoreWindows adds the windows of the same length. One that can't be read
// begins anew: the estimate is then short, for no longer than the window is.
func (e *Engine) restoreWindows(s *series, lengths, from []time.Duration, data [][]byte) (restored int) {
	now := e.settings.Now()
	for i, length := range lengths {
		at := slices.Index(from, length)
		if at < 0 {
			continue
		}
		stored := unique.NewWindow(length, e.settings.UniqueKey)
		if stored.UnmarshalBinary(data[at]) == nil && s.windows[i].Merge(stored, now) == nil {
			restored++
		}
	}
	return restored
}
