//go:build unix

package kafka

import (
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/faults/ledger"
	"github.com/authevents/otelcol-auth/internal/faults/table"
)

// TestRebalance is row 21a: a second collector joins under load, the first is
// stopped, a third joins, the second is killed. Nothing is lost; what comes twice has
// the uid that it had.
func TestRebalance(t *testing.T) {
	t.Parallel()
	row := book.Begin(t, "21a", "Kafka: members of the group join, leave, are killed", table.Times(1, 5), commitBound)
	for range row.Runs {
		rebalance(t, row)
	}
	book.Report(t, row)
}

func rebalance(t *testing.T, row *ledger.Row) {
	t.Helper()
	b, s := newBroker(t), newSink(t)
	s.delay = slowly
	want := b.produce(t, mixed(0, 1000))
	reach := func(part, of int) {
		t.Helper()
		require.Eventually(t, func() bool { return s.distinct() >= len(want)*part/of }, patience, 5*time.Millisecond)
	}
	first := b.start(t, s)
	reach(1, 10)
	second := b.start(t, s)
	b.awaitMembers(t, 2)
	maps.Copy(want, b.produce(t, mixed(10_000, 500)))
	reach(1, 3)
	stop(t, first)
	third := b.start(t, s)
	b.awaitMembers(t, 2)
	maps.Copy(want, b.produce(t, mixed(20_000, 500)))
	reach(2, 3)
	second.Kill()
	s.awaitAll(t, want, third.Log)
	s.tally(row, want)
	s.require(t, want)
	b.awaitCommitted(t)
	stop(t, third)
}

// awaitMembers waits until the group has n members, each with its partitions.
func (b *broker) awaitMembers(t *testing.T, n int) {
	t.Helper()
	require.Eventually(t, func() bool {
		groups, err := b.admin.DescribeGroups(t.Context(), group)
		return err == nil && groups[group].State == "Stable" && len(groups[group].Members) == n
	}, patience, 20*time.Millisecond)
}
