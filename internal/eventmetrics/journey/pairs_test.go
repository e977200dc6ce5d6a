package journey

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// pairsTest drives pairs with a timeout of ten minutes, and keeps what was
// abandoned.
type pairsTest struct {
	*testing.T
	*Pairs[string]
	abandoned []string
}

func newPairsTest(t *testing.T, maxPending int) *pairsTest {
	return &pairsTest{T: t, Pairs: NewPairs[string](10*time.Minute, maxPending)}
}

// begin at a time that is the clock's as well.
func (p *pairsTest) begin(key uint64, minutes float64, payload string) {
	p.Begin(key, at(minutes), at(minutes), payload)
}

func (p *pairsTest) end(key uint64, minutes, took float64) {
	p.Helper()
	d, ok := p.End(key, at(minutes))
	assert.True(p, ok)
	assert.Equal(p, at(took).Sub(noon), d)
}

func (p *pairsTest) noEnd(key uint64, minutes float64) {
	p.Helper()
	d, ok := p.End(key, at(minutes))
	assert.False(p, ok)
	assert.Zero(p, d)
}

func (p *pairsTest) expire(minutes float64, abandoned ...string) {
	p.Helper()
	p.abandoned = nil
	p.Expire(at(minutes), func(payload string) { p.abandoned = append(p.abandoned, payload) })
	assert.Equal(p, abandoned, p.abandoned)
}

func TestPairs(t *testing.T) {
	for name, run := range map[string]func(p *pairsTest){
		"an end, once": func(p *pairsTest) {
			p.begin(1, 0, "a")
			p.end(1, 2.5, 2.5)
			p.noEnd(1, 2.5)
			p.expire(20)
		},
		"at the same time": func(p *pairsTest) {
			p.begin(1, 0, "a")
			p.end(1, 0, 0)
		},
		"of another key": func(p *pairsTest) {
			p.begin(1, 0, "a")
			p.noEnd(2, 1)
			p.end(1, 1, 1)
		},
		"abandoned, once": func(p *pairsTest) {
			p.begin(1, 0, "a")
			p.begin(2, 1, "b")
			p.begin(3, 2, "c")
			p.expire(9.99)
			p.expire(11, "a", "b")
			p.expire(11)
			p.noEnd(1, 11)
			p.end(3, 11, 9)
			p.expire(100)
		},
		"a second begin: the newest counts, the older neither": func(p *pairsTest) {
			p.begin(1, 0, "a")
			p.begin(2, 1, "b")
			p.begin(1, 5, "c")
			p.expire(12, "b")
			p.end(1, 12, 7)
			p.expire(100)
		},
		"a second begin is abandoned by itself": func(p *pairsTest) {
			p.begin(1, 0, "a")
			p.begin(1, 5, "b")
			p.expire(14)
			p.expire(15, "b")
		},
		"a second begin after the timeout, both read at once: the first was abandoned": func(p *pairsTest) {
			p.Begin(1, at(0), at(100), "a")
			_, ok := p.Begin(1, at(9.99), at(100), "b")
			assert.False(p, ok)
			abandoned, ok := p.Begin(1, at(19.99), at(100), "c")
			assert.True(p, ok)
			assert.Equal(p, "b", abandoned)
			_, ok = p.Begin(1, at(5), at(100), "d")
			assert.False(p, ok, "late")
			p.expire(110, "c")
		},
		"a second begin that comes late is the older": func(p *pairsTest) {
			p.Begin(1, at(5), at(5), "a")
			p.Begin(1, at(0), at(6), "b")
			p.end(1, 7, 2)
		},
		"a second begin at the same time: what is told last counts": func(p *pairsTest) {
			p.Begin(1, at(0), at(0), "a")
			p.Begin(1, at(0), at(1), "b")
			p.expire(10)
			p.expire(11, "b")
		},
		"an end before its begin is of another begin": func(p *pairsTest) {
			p.begin(1, 5, "a")
			p.noEnd(1, 4)
			p.end(1, 6, 1)
		},
		"an end after the timeout, by event time": func(p *pairsTest) {
			p.Begin(1, at(0), at(0), "a")
			p.noEnd(1, 10.01)
			p.expire(10, "a")
		},
		"an end within the timeout that is told after it": func(p *pairsTest) {
			p.begin(1, 0, "a")
			p.begin(2, 30, "b")
			p.end(1, 10, 10)
			p.expire(35)
		},
		"old events: the timeout is by the clock": func(p *pairsTest) {
			p.Begin(1, at(-5000), at(0), "a")
			p.expire(9)
			p.end(1, -4999, 1)
			p.Begin(1, at(-5000), at(9), "b")
			p.expire(18)
			p.expire(19, "b")
		},
		"a begin a year ahead is abandoned by the clock": func(p *pairsTest) {
			p.Begin(1, at(365*24*60), at(0), "a")
			p.begin(1, 1, "b")
			p.noEnd(1, 2)
			p.expire(10, "a")
			p.begin(1, 11, "c")
			p.end(1, 12, 1)
		},
		"the clock is set back": func(p *pairsTest) {
			p.begin(1, 1000, "a")
			p.begin(2, 0, "b")
			p.expire(9)
			p.expire(10, "a", "b")
			p.expire(2000)
		},
		"the clock is set back for a moment": func(p *pairsTest) {
			p.begin(1, 0, "a")
			p.expire(5)
			p.expire(-1000)
			p.expire(-996)
			p.expire(-995, "a")
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPairsTest(t, 10)
			run(p)
			assert.Zero(t, p.Evicted())
		})
	}
}

func TestPairsEvictTheOldest(t *testing.T) {
	p := newPairsTest(t, 3)
	p.begin(1, 0, "a")
	p.begin(2, 1, "b")
	p.begin(3, 2, "c")
	p.begin(1, 3, "d") // the newest now
	p.begin(4, 4, "e")
	assert.EqualValues(t, 1, p.Evicted())
	assert.Equal(t, 3, p.Pending())
	p.noEnd(2, 5)
	p.end(1, 5, 2)
	p.begin(5, 5, "f")
	assert.EqualValues(t, 1, p.Evicted(), "there was room")
	p.expire(100, "c", "e", "f")
	assert.Zero(t, p.Pending())
}

func TestPairsAtTheEndsOfTime(t *testing.T) {
	first, last := time.Time{}, time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	p := NewPairs[int](math.MaxInt64, 10)
	p.Begin(1, first, last, 1)
	_, ok := p.End(1, last)
	assert.False(t, ok, "longer ago than any timeout")
	p.Begin(2, last, first, 2)
	_, ok = p.End(2, first)
	assert.False(t, ok)
	var abandoned []int
	for range 4 {
		p.Expire(first, func(int) { t.Error("no time has passed") })
		p.Expire(first, func(int) { t.Error("no time has passed") })
		p.Expire(last, func(n int) { abandoned = append(abandoned, n) })
		if len(abandoned) > 0 {
			break
		}
	}
	assert.Equal(t, []int{1, 2}, abandoned)
}

// TestPairsOfAClockThatJumps counts on after jumps that add up to millennia.
func TestPairsOfAClockThatJumps(t *testing.T) {
	p := newPairsTest(t, 10)
	for i := range uint64(3) {
		p.Begin(2*i, noon, time.Time{}, "at the year 1")
		p.Begin(2*i+1, noon, noon, "at noon")
	}
	p.expire(9, "at the year 1", "at noon", "at the year 1", "at noon", "at the year 1")
	p.expire(10, "at noon")
}

func TestNewPairsPanics(t *testing.T) {
	for _, f := range []func(){
		func() { NewPairs[int](0, 1) },
		func() { NewPairs[int](time.Second, 0) },
		func() { NewPairs[int](time.Second, MaxHeld+1) },
	} {
		assert.Panics(t, f)
	}
}
