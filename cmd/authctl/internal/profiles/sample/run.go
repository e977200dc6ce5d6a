package sample

import (
	"io"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
)

// Event is a line that a profile took.
type Event struct {
	Source string
	// Text is the line, valid during the call.
	Text    []byte
	Record  plog.LogRecord
	Classes Classes
}

// Counts say what became of the lines.
type Counts struct {
	Lines  int `json:"lines"`  // with something in them
	Events int `json:"events"` // those that a profile took
	// NotTaken counts the others by the parser's reason, a code.
	NotTaken map[string]int `json:"not_taken,omitempty"`
}

// Run parses each line of in, and calls visit with each that is an event. What
// drifted goes to drifted, nil for nobody, line by line.
func Run(p *authevent.Parser, in io.Reader, visit func(Event) error, drifted func([]authevent.Drift)) (Counts, error) {
	counts := Counts{NotTaken: map[string]int{}}
	batch := p.NewBatch()
	classes := map[string]Classes{} // by source: profiles, of which there are few
	err := Lines(in, func(line authevent.Line) error {
		result := batch.Add(line, &authevent.Origin{}, time.Unix(0, 0))
		if drifted != nil {
			drifted(batch.TakeDrift())
		}
		logs := batch.Take()
		switch result.Kind {
		case authevent.Skipped:
			return nil
		case authevent.Unparsed:
			counts.Lines++
			counts.NotTaken[result.Reason]++
			return nil
		}
		counts.Lines++
		counts.Events++
		scope := logs.ResourceLogs().At(0).ScopeLogs().At(0)
		c, known := classes[result.Source]
		if !known {
			fields, _ := scope.Scope().Attributes().Get(attr.PIIFields)
			var err error
			if c, err = ParseClasses(fields.AsString()); err != nil {
				return err
			}
			classes[result.Source] = c
		}
		return visit(Event{Source: result.Source, Text: line.Text, Record: scope.LogRecords().At(0), Classes: c})
	})
	return counts, err
}
