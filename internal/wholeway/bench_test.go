// Package wholeway follows lines through parse, scrub, count and export in one
// process: what leaves, and what it costs (docs/adr/0001-text-body.md).
package wholeway

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
)

// batchSize is what the receiver hands on at a time, at most.
const batchSize = 100

// stage is a part of the way, added to those before it.
type stage struct {
	name string
	run  func(testing.TB, plog.Logs)
}

func stages(tb testing.TB) []stage {
	scrubber := defaultScrubber(tb)
	engine, err := eventmetrics.New(catalogue.Builtin(), eventmetrics.Settings{Start: time.Now()})
	require.NoError(tb, err)
	return []stage{
		{"parse", func(testing.TB, plog.Logs) {}},
		{"scrub", func(_ testing.TB, ld plog.Logs) { scrubber.Logs(ld) }},
		{"count", func(_ testing.TB, ld plog.Logs) { engine.Compute(ld).Commit() }},
		{"export", func(tb testing.TB, ld plog.Logs) {
			_, err := (&plog.ProtoMarshaler{}).MarshalLogs(ld)
			require.NoError(tb, err)
		}},
	}
}

// BenchmarkLine reports the cost per line of the way up to each stage, on the
// sample's events.
func BenchmarkLine(b *testing.B) {
	for _, source := range []string{"hera", "login_gov"} {
		lines, size := events(b, source)
		for _, body := range []authevent.Body{authevent.BodyText, authevent.BodyMap, authevent.BodyEventName} {
			for upTo, last := range stages(b) {
				b.Run(source+"/"+string(body)+"/"+last.name, func(b *testing.B) {
					parser, err := authevent.NewParser(authevent.Options{Body: body})
					require.NoError(b, err)
					way := stages(b)[:upTo+1]
					batch := parser.NewBatch()
					now := time.Now()
					b.ReportAllocs()
					b.SetBytes(int64(size))
					for i := 0; b.Loop(); i++ {
						batch.Add(authevent.Line{Text: lines[i%len(lines)], Offset: int64(i)}, &authevent.Origin{ID: 1}, now)
						if batch.Len() == batchSize {
							ld := batch.Take()
							for _, s := range way {
								s.run(b, ld)
							}
						}
					}
				})
			}
		}
	}
}

// events returns the sample's lines that are events, and their mean length.
func events(b *testing.B, source string) (lines [][]byte, size int) {
	b.Helper()
	text, err := os.ReadFile("../../testdata/sample/" + source + ".ndjson")
	require.NoError(b, err)
	parser, err := authevent.NewParser(authevent.Options{DropUnparsed: true})
	require.NoError(b, err)
	batch := parser.NewBatch()
	for line := range bytes.Lines(text) {
		line = bytes.TrimSuffix(line, []byte("\n"))
		if batch.Add(authevent.Line{Text: line}, &authevent.Origin{}, time.Now()).Kind == authevent.Event {
			lines = append(lines, line)
			size += len(line)
		}
	}
	return lines, size / len(lines)
}
