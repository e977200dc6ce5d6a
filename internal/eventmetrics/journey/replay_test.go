package journey

import (
	"hash/maphash"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// signIn has the steps of a Login.gov sign-in.
func signIn(name string, succeeded bool) int {
	switch {
	case name == "Email and Password Authentication" && succeeded:
		return 0
	case name == "Multi-Factor Authentication" && succeeded:
		return 1
	case name == "SP redirect initiated":
		return 2
	}
	return -1
}

const steps = 3

// TestReplayFunnel counts the sign-ins of the sample twice: with the project's
// parser and Funnel, and with encoding/json and the naive model. The figures are
// those of a third way, testdata/journeys.py.
func TestReplayFunnel(t *testing.T) {
	for _, tt := range []struct {
		name    string
		by      string
		ordered bool
		window  time.Duration
		want    [steps]int
	}{
		{"users in any order", attr.UserID, false, time.Hour, [steps]int{45, 44, 19}},
		{"users in order", attr.UserID, true, time.Hour, [steps]int{45, 24, 3}},
		{"users in order, again and again", attr.UserID, true, 5 * time.Minute, [steps]int{54, 13, 1}},
		{"sessions in order", attr.SessionID, true, time.Hour, [steps]int{52, 21, 2}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			seed := maphash.MakeSeed()
			funnel := NewFunnel(steps, tt.ordered, tt.window, 1000)
			var figures [steps]int
			for _, e := range parsedEvents(t, tt.by, signIn) {
				if funnel.Reach(maphash.String(seed, e.who), e.kind, e.at) {
					figures[e.kind]++
				}
			}

			naive := &naiveFunnel{ordered: tt.ordered, window: tt.window, maxUsers: 1000}
			var naiveFigures [steps]int
			var people numbers
			for _, e := range plainEvents(t, tt.by, signIn) {
				if naive.reach(people.of(e.who), e.kind, e.at) {
					naiveFigures[e.kind]++
				}
			}

			assert.Equal(t, tt.want, figures)
			assert.Equal(t, tt.want, naiveFigures)
			assert.Zero(t, funnel.Late())
			assert.Zero(t, funnel.Evicted())
		})
	}
}

const displayed, passed = 0, 1

// challenge has both sides of a second factor.
func challenge(name string, succeeded bool) int {
	switch {
	case strings.HasPrefix(name, "Multi-Factor Authentication: enter ") && strings.HasSuffix(name, " visited"):
		return displayed
	case name == "Multi-Factor Authentication" && succeeded:
		return passed
	}
	return -1
}

// challenges adds up what became of pairs.
type challenges struct {
	completed, abandoned int
	took                 time.Duration
}

func (c *challenges) end(took time.Duration, ok bool) {
	if ok {
		c.completed++
		c.took += took
	}
}

func (c *challenges) begin(_ int, abandoned bool) {
	if abandoned {
		c.abandoned++
	}
}

// TestReplayPairs does the same for the time from challenge to success, as the
// events happen, and as a backlog that is read at once.
func TestReplayPairs(t *testing.T) {
	live := func(e sampleEvent) time.Time { return e.at }
	backlog := func(sampleEvent) time.Time { return noon }
	end := noon.AddDate(1, 0, 0)
	for _, tt := range []struct {
		name    string
		by      string
		timeout time.Duration
		clock   func(sampleEvent) time.Time
		want    challenges
	}{
		{"users", attr.UserID, 5 * time.Minute, live, challenges{16, 46, 1790_666 * time.Millisecond}},
		{"users, later", attr.UserID, 5 * time.Minute, backlog, challenges{16, 46, 1790_666 * time.Millisecond}},
		{"sessions", attr.SessionID, time.Minute, live, challenges{5, 69, 149_334 * time.Millisecond}},
		{"sessions, later", attr.SessionID, time.Minute, backlog, challenges{5, 69, 149_334 * time.Millisecond}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			seed := maphash.MakeSeed()
			pairs := NewPairs[int](tt.timeout, 1000)
			var got challenges
			for _, e := range parsedEvents(t, tt.by, challenge) {
				key := maphash.String(seed, e.who)
				if e.kind == passed {
					got.end(pairs.End(key, e.at))
				}
				pairs.Expire(tt.clock(e), func(int) { got.abandoned++ })
				if e.kind == displayed {
					got.begin(pairs.Begin(key, e.at, tt.clock(e), 0))
				}
			}
			pairs.Expire(end, func(int) { got.abandoned++ })

			naive := &naivePairs{timeout: tt.timeout, maxPending: 1000}
			var naiveGot challenges
			var people numbers
			for _, e := range plainEvents(t, tt.by, challenge) {
				key := people.of(e.who)
				if e.kind == passed {
					naiveGot.end(naive.end(key, e.at))
				}
				naiveGot.abandoned += len(naive.expire(tt.clock(e)))
				if e.kind == displayed {
					naiveGot.begin(naive.begin(key, e.at, tt.clock(e), 0))
				}
			}
			naiveGot.abandoned += len(naive.expire(end))

			assert.Equal(t, tt.want, got)
			assert.Equal(t, tt.want, naiveGot)
			assert.Zero(t, pairs.Evicted())
			assert.Zero(t, pairs.Pending())
		})
	}
}
