package journey

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFunnelState(t *testing.T) {
	f := NewFunnel(3, false, time.Hour, 10)
	f.Reach(1, 0, at(0))
	f.Reach(2, 2, at(1))
	f.Reach(2, 0, at(2))
	f.Reach(1, 1, at(65)) // another window, so the newest
	entries := f.Entries()
	assert.Equal(t, []FunnelEntry{
		{User: 2, Start: at(1).UnixNano(), Since: at(-59).UnixNano(), Steps: 0b101},
		{User: 1, Start: at(65).UnixNano(), Since: at(60).UnixNano(), Steps: 0b010},
	}, entries)

	text, err := json.Marshal(entries)
	require.NoError(t, err)
	var read []FunnelEntry
	require.NoError(t, json.Unmarshal(text, &read))
	restored := NewFunnel(3, false, time.Hour, 2)
	restored.Reach(9, 0, at(70))
	restored.Restore(read)
	assert.Equal(t, entries, restored.Entries())
	for _, f := range []*Funnel{f, restored} {
		assert.False(t, f.Reach(1, 1, at(66)))
		assert.True(t, f.Reach(1, 0, at(60)))
		assert.False(t, f.Reach(1, 2, at(59)), "too late, in the window before")
		assert.False(t, f.Reach(2, 2, at(3)))
		assert.True(t, f.Reach(2, 1, at(3)))
		assert.EqualValues(t, 1, f.Late())
	}
	assert.True(t, restored.Reach(3, 0, at(4)))
	assert.Equal(t, uint64(1), restored.Entries()[0].User, "the oldest went first, as it would have")
}

// TestFunnelStateOfAnother restores what a funnel with other settings held.
func TestFunnelStateOfAnother(t *testing.T) {
	start := noon.UnixNano()
	entries := []FunnelEntry{
		{User: 1, Start: start, Since: start, Steps: 0b1011},
		{User: 2, Start: start, Since: start, Steps: 0b1000},
		{User: 3, Start: start, Since: start, Steps: 0b0110},
		{User: 1, Start: start, Since: start, Steps: 0b0001},
	}
	steps := func(f *Funnel) map[uint64]uint64 {
		f.Restore(entries)
		held := map[uint64]uint64{}
		for _, e := range f.Entries() {
			held[e.User] = e.Steps
		}
		return held
	}
	assert.Equal(t, map[uint64]uint64{1: 0b0011, 3: 0b0110}, steps(NewFunnel(3, false, time.Hour, 10)), "fewer steps")
	assert.Equal(t, map[uint64]uint64{1: 0b0011}, steps(NewFunnel(3, true, time.Hour, 10)), "in order")
	fewer := NewFunnel(4, false, time.Hour, 1)
	assert.Equal(t, map[uint64]uint64{1: 0b0001}, steps(fewer), "fewer users: the newest stay")
	assert.EqualValues(t, 3, fewer.Evicted())

	shorter := NewFunnel(4, false, time.Minute, 10)
	shorter.Restore([]FunnelEntry{{User: 1, Start: start, Since: at(-60).UnixNano(), Steps: 1}})
	assert.False(t, shorter.Reach(1, 1, at(-1.01)), "the window now reaches back a minute")
	assert.True(t, shorter.Reach(1, 1, at(-1)))
	assert.True(t, shorter.Reach(1, 0, at(1)))
}

func TestPairsState(t *testing.T) {
	p := newPairsTest(t, 10)
	p.Begin(1, at(-5), at(0), "a")
	p.begin(2, 3, "b")
	p.begin(3, 4, "c")
	p.end(2, 4, 1)
	p.expire(6)
	entries := p.Entries()
	assert.Equal(t, []PairEntry[string]{
		{Key: 1, At: at(-5).UnixNano(), Waited: 6 * time.Minute, Payload: "a"},
		{Key: 3, At: at(4).UnixNano(), Waited: 2 * time.Minute, Payload: "c"},
	}, entries)

	restored := newPairsTest(t, 10)
	restored.begin(9, 0, "gone")
	restored.expire(5)
	restored.Restore(entries)
	assert.Equal(t, entries, restored.Entries())
	restored.expire(500) // the process was down until now
	restored.end(3, 5, 1)
	restored.begin(4, 501, "d")
	restored.expire(503.99)
	restored.expire(504, "a")
	assert.Equal(t, []PairEntry[string]{{Key: 4, At: at(501).UnixNano(), Waited: 3 * time.Minute, Payload: "d"}}, restored.Entries())
}

func TestPairsStateOfAnother(t *testing.T) {
	p := newPairsTest(t, 2)
	p.Restore([]PairEntry[string]{
		{Key: 1, Waited: time.Minute, Payload: "too many"},
		{Key: 2, Waited: -time.Hour, Payload: "no time yet"},
		{Key: 3, Waited: time.Hour, Payload: "out of turn"},
		{Key: 3, Payload: "twice"},
	})
	assert.EqualValues(t, 1, p.Evicted())
	p.expire(0)
	p.expire(9)
	p.expire(10, "no time yet", "out of turn")
}
