package scrub

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// manyScopes has so many scopes, each with a list of fields of its own.
func manyScopes(n, size int) plog.Logs {
	ld := plog.NewLogs()
	for i := range n {
		sl := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty()
		sl.Scope().Attributes().PutStr(attr.PIIFields, fmt.Sprintf(`{"ip":["/a%d/%s"],"public":["/b"]}`, i, strings.Repeat("x", size)))
		lr := sl.LogRecords().AppendEmpty()
		lr.Body().SetStr(`{"b":"kept"}`)
		lr.Attributes().PutStr(attr.Outcome, "success")
	}
	return ld
}

// TestPlanBudget: past it, records lose their bodies and are counted; what was
// compiled before is in use, and time brings back the rest.
func TestPlanBudget(t *testing.T) {
	const size = 60 << 10
	s := newTest(t, testPolicy())
	now := time.Unix(0, 0).Add(time.Hour)
	s.budget.now = func() time.Time { return now }

	stats := s.Logs(manyScopes(200, size))
	unplanned := stats.Bodies[Unplanned]
	assert.InDelta(t, 200-maxPlanWork/size, unplanned, 4)
	assert.Zero(t, stats.Bodies[Strict])
	assert.Zero(t, stats.Dropped)

	ld := manyScopes(200, size)
	stats = s.Logs(ld)
	assert.Equal(t, unplanned, stats.Bodies[Unplanned], "those that have a plan keep it")
	first, last := record(ld), ld.ResourceLogs().At(199).ScopeLogs().At(0).LogRecords().At(0)
	assert.Equal(t, `{"b":"kept"}`, first.Body().Str())
	assert.Equal(t, Redacted, last.Body().Str())
	_, ok := last.Attributes().Get(attr.Outcome)
	assert.True(t, ok, "as by strict")

	now = now.Add(size * 10 * time.Second / planWorkPerSecond)
	stats = s.Logs(manyScopes(200, size))
	assert.InDelta(t, unplanned-10, stats.Bodies[Unplanned], 2)
	now = now.Add(time.Hour)
	require.Less(t, s.Logs(manyScopes(200, size)).Bodies[Unplanned], unplanned-10)
}

// A walker that met a list without a plan asks for it again.
func TestUnplannedIsNotRemembered(t *testing.T) {
	s := newTest(t, testPolicy())
	now := time.Unix(0, 0).Add(time.Hour)
	s.budget.now = func() time.Time { return now }
	require.True(t, s.budget.allows())
	s.budget.spend(2 * maxPlanWork)
	require.Equal(t, 1, s.Logs(manyScopes(1, 1)).Bodies[Unplanned])
	now = now.Add(time.Hour)
	require.Zero(t, s.Logs(manyScopes(1, 1)).Bodies[Unplanned])
}

// A list that is given up at the bound costs what the largest do, one that is none
// costs its length.
func TestRefusedPlansAreSpent(t *testing.T) {
	s := newTest(t, testPolicy())
	now := time.Unix(0, 0).Add(time.Hour)
	s.budget.now = func() time.Time { return now }
	for i := range 100 {
		s.planFor(fmt.Sprintf("no JSON %d", i), s.treatments[0], 0)
	}
	require.False(t, s.planFor(`{"ip":["/a"]}`, s.treatments[0], 0).unplanned)
	for i := range 4 {
		s.planFor(fmt.Sprintf(`{"ip":["/%d%s"]}`, i, strings.Repeat("/a", 65)), s.treatments[0], 0)
	}
	assert.True(t, s.planFor(`{"ip":["/b"]}`, s.treatments[0], 0).unplanned)
}

// Rules that only set actions share the places of the top level's plan.
func TestRulesShareAPlan(t *testing.T) {
	p := testPolicy()
	drop := p.Treatment
	drop.Unlisted = DropUnlisted
	p.Rules = []Rule{{EventName: "a", Treatment: drop}, {EventName: "b", Treatment: p.Treatment, AllowFields: []string{"/b"}}}
	s := newTest(t, p)
	top, other, allowed := s.planFor(testFields, s.treatments[0], 0), s.planFor(testFields, s.treatments[1], 0), s.planFor(testFields, s.treatments[2], 0)
	assert.Same(t, top.root, other.root)
	assert.NotSame(t, top.root, allowed.root)
	assert.Equal(t, []Unlisted{ScanUnlisted, DropUnlisted, DropUnlisted}, []Unlisted{top.unlisted, other.unlisted, allowed.unlisted})
}
