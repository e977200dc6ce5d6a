package authevent

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
)

var update = flag.Bool("update", false, "rewrite the golden files; read the diff before you commit it")

var observed = time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)

// TestGolden parses every line of each file of samples, and compares the
// records as OTLP JSON with what stands beside the lines.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.ndjson")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		source := strings.TrimSuffix(filepath.Base(file), ".ndjson")
		for _, body := range bodiesOf(source) {
			t.Run(source+"/"+string(body), func(t *testing.T) {
				got := goldenJSON(t, Options{Body: body, ScopeName: "test", ScopeVersion: "1"}, file)
				golden := "testdata/" + source + "." + string(body) + ".json"
				if *update {
					require.NoError(t, os.WriteFile(golden, got, 0o644))
				}
				want, err := os.ReadFile(golden)
				require.NoError(t, err)
				assert.Equal(t, string(want), string(got))
			})
		}
	}
}

// bodiesOf says in which forms a source's records are compared: one is enough
// where the attributes are what matters.
func bodiesOf(source string) []Body {
	if source == "hera" || source == "login_gov" {
		return []Body{BodyText, BodyMap, BodyEventName}
	}
	return []Body{BodyText}
}

func goldenJSON(t *testing.T, o Options, file string) []byte {
	p, err := NewParser(o)
	require.NoError(t, err)
	b := p.NewBatch()
	offset := int64(0)
	from := Origin{ID: 0xfeed, FileName: "events.log", FilePath: "log/events.log"}
	for _, line := range lines(t, file) {
		r := b.Add(Line{Text: line, Offset: offset}, &from, observed)
		require.Equal(t, Event, r.Kind, r.Reason)
		offset += int64(len(line)) + 1
	}
	ld := b.Take()
	for _, rl := range ld.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			// docs/policies.md has them, and hundreds of fields hide what a line becomes.
			sl.Scope().Attributes().PutStr(attr.PIIFields, "see docs/policies.md")
		}
	}
	text, err := (&plog.JSONMarshaler{}).MarshalLogs(ld)
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, json.Indent(&out, text, "", " "))
	out.WriteByte('\n')
	return out.Bytes()
}
