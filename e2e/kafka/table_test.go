//go:build unix

package kafka

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/authevents/otelcol-auth/internal/faults/ledger"
	"github.com/authevents/otelcol-auth/internal/faults/table"
)

// The rows' sinks take a request at a time, each of one message, so 500 a second at
// most, which are 830 records of mixed. A group commits once a second, and what it
// did not commit is delivered again, with what was under way.
const (
	slowly      = 2 * time.Millisecond
	commitBound = 2 * int(time.Second/slowly)
)

// producerBound is what an agent sends again when brokers go: a batch of its
// receiver's for each file, of which there is one here.
const producerBound = 1000

// book has the rows of this package's tests: 21, and its parts.
var book table.Book

func TestMain(m *testing.M) { os.Exit(book.Run(m)) }

// tally adds to a row what one injection made of the expected records.
func (s *sink) tally(row *ledger.Row, want expected) {
	s.mu.Lock()
	defer s.mu.Unlock()
	duplicates, lost, strange := 0, 0, 0
	for uid, list := range s.records {
		duplicates += len(list) - 1
		if _, ok := want[uid]; !ok {
			strange++
		}
	}
	for uid := range want {
		if len(s.records[uid]) == 0 {
			lost++
		}
	}
	add(row, lost, duplicates)
	if strange > 0 {
		row.Problems = append(row.Problems, fmt.Sprintf("%d records with a log.record.uid that none should have", strange))
	}
}

// tally does the same for the lines that an agent wrote to the topic.
func (r *topicReader) tally(row *ledger.Row, sequences []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	lost := 0
	for _, sequence := range sequences {
		if !r.sequences[sequence] {
			lost++
		}
	}
	add(row, lost, len(r.records)-len(r.uids))
}

func add(row *ledger.Row, lost, duplicates int) {
	row.Lost += lost
	row.Duplicates += duplicates
	row.Worst = max(row.Worst, duplicates)
}
