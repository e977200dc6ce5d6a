package journey

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
)

const sample = "../../../testdata/sample/login_gov.ndjson"

// sampleEvent is an event of the sample that matters to a test.
type sampleEvent struct {
	who  string
	kind int
	at   time.Time
}

// kindOf says which events matter, by name and whether they succeeded, and how:
// a number from 0, or less for none.
type kindOf func(name string, succeeded bool) int

// parsedEvents are those of the records that the project's parser makes.
func parsedEvents(t *testing.T, by string, kind kindOf) []sampleEvent {
	t.Helper()
	text, err := os.ReadFile(sample)
	require.NoError(t, err)
	parser, err := authevent.NewParser(authevent.Options{ScopeName: "test"})
	require.NoError(t, err)
	batch, offset := parser.NewBatch(), int64(0)
	for line := range bytes.Lines(text) {
		batch.Add(authevent.Line{Text: bytes.TrimSuffix(line, []byte("\n")), Offset: offset}, &authevent.Origin{ID: 1}, noon)
		offset += int64(len(line))
	}
	var events []sampleEvent
	for _, rl := range batch.Take().ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				who, known := lr.Attributes().Get(by)
				outcome, told := lr.Attributes().Get(attr.Outcome)
				if k := kind(lr.EventName(), told && outcome.Str() == attr.OutcomeSuccess); known && k >= 0 {
					events = append(events, sampleEvent{who.AsString(), k, lr.Timestamp().AsTime()})
				}
			}
		}
	}
	return events
}

// sampleLine is what a line of the sample says.
type sampleLine struct {
	Name       string    `json:"name"`
	Time       time.Time `json:"time"`
	VisitID    string    `json:"visit_id"`
	Properties struct {
		UserID string `json:"user_id"`
		Event  struct {
			Success any `json:"success"`
		} `json:"event_properties"`
	} `json:"properties"`
}

func (l sampleLine) who(by string) string {
	switch {
	case by == attr.SessionID:
		return l.VisitID
	case l.Properties.UserID == "anonymous-uuid":
		return ""
	}
	return l.Properties.UserID
}

// plainEvents are those of the lines as they are.
func plainEvents(t *testing.T, by string, kind kindOf) []sampleEvent {
	t.Helper()
	text, err := os.ReadFile(sample)
	require.NoError(t, err)
	yes := []any{true, 1.0, "1", "true"}
	var events []sampleEvent
	for line := range bytes.Lines(text) {
		var l sampleLine
		if json.Unmarshal(line, &l) != nil || l.who(by) == "" {
			continue
		}
		if k := kind(l.Name, slices.Contains(yes, l.Properties.Event.Success)); k >= 0 {
			events = append(events, sampleEvent{l.who(by), k, l.Time})
		}
	}
	return events
}

// numbers gives each of the people who come up a number, for the naive model.
type numbers []string

func (n *numbers) of(who string) uint64 {
	if !slices.Contains(*n, who) {
		*n = append(*n, who)
	}
	return uint64(slices.Index(*n, who))
}
