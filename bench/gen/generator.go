package main

import (
	"math/rand/v2"
	"time"
)

// generator makes lines, one after the other. All that is random comes from
// rng, in the order of the lines.
type generator struct {
	options
	rng   *rand.Rand
	users []user
	// admin is who acts in administrators' events, and signs in nowhere.
	admin user
	// last is the newest event line, for duplicates.
	last []byte
}

func newGenerator(o options) *generator {
	g := &generator{options: o, rng: rand.New(rand.NewPCG(o.seed, 0))}
	g.users = make([]user, o.users)
	for i := range g.users {
		g.users[i] = g.newUser()
	}
	g.admin = g.newUser()
	return g
}

// appendLine appends line number i, without its line end.
func (g *generator) appendLine(dst []byte, i int) []byte {
	at := g.start.Add(time.Duration(float64(i) / g.rate * float64(time.Second)))
	hera := g.hera && (!g.loginGov || g.chance(0.5))
	if g.chance(g.noise) {
		return g.appendNoise(dst, hera, at)
	}
	if len(g.last) > 0 && g.chance(g.duplicates) {
		return append(dst, g.last...)
	}
	before := len(dst)
	dst = g.appendEvent(dst, hera, at)
	g.last = append(g.last[:0], dst[before:]...)
	return dst
}

func (g *generator) appendEvent(dst []byte, hera bool, at time.Time) []byte {
	l := &line{b: dst}
	u := &g.users[g.rng.IntN(len(g.users))]
	if hera {
		g.heraEvent(l, u, at)
	} else {
		g.loginGovEvent(l, u, at)
	}
	return l.b
}

// chance is true in the given share of calls.
func (g *generator) chance(share float64) bool { return g.rng.Float64() < share }

// pick returns one of the values, each as likely as the others.
func pick[T any](g *generator, values ...T) T { return values[g.rng.IntN(len(values))] }

// skewed returns a number below limit, small ones more often. It is of integers
// alone: what a processor does with floats may differ in the last digit.
func (g *generator) skewed(limit int64) int64 {
	return g.rng.Int64N(limit) * g.rng.Int64N(1000) / 1000 * g.rng.Int64N(1000) / 1000
}

// weighted is a kind of event, and how often it comes in relation to others.
type weighted interface{ share() int }

// draw returns one of the kinds, by weight.
func draw[T weighted](g *generator, kinds []T, total int) T {
	n := g.rng.IntN(total)
	for _, k := range kinds {
		if n -= k.share(); n < 0 {
			return k
		}
	}
	panic("total is more than the sum of the weights")
}

func sum[T weighted](kinds []T) (total int) {
	for _, k := range kinds {
		total += k.share()
	}
	return total
}
