//go:build !race

// Under the race detector sync.Pool drops some of what it is given.

package pseudonym

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/authevents/otelcol-auth/internal/pii"
)

func TestAllocations(t *testing.T) {
	p := newWith(t, Options{Keys: []Key{{ID: "k2", Secret: testSecret}, {ID: "k1", Secret: oldSecret}}, EmitPrevious: true})
	token := p.Token(pii.Identity, testUUID)
	addr := ip("2001:db8::1")
	values := make([]string, 2000)
	for i := range values {
		values[i] = "user-" + strconv.Itoa(i)
	}
	next := 0
	for name, tt := range map[string]struct {
		most float64
		f    func()
	}{
		"hit":              {0, func() { p.Token(pii.Identity, testUUID) }},
		"previous":         {0, func() { p.Previous(pii.Identity, testUUID) }},
		"verify":           {0, func() { p.Verify(token) }},
		"verify a text":    {0, func() { p.Verify("POST /login") }},
		"anonymize, a hit": {0, func() { p.Anonymize(addr) }},
		// The entry, with the token and a copy of the value in it.
		"miss": {1, func() { p.Token(pii.Identity, values[next]); next++ }},
	} {
		// The pools are emptied now and then, so it is an average that is held against.
		assert.LessOrEqual(t, testing.AllocsPerRun(1000, tt.f), tt.most, name)
	}
}
