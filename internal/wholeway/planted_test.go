package wholeway

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
)

// TestNothingPlantedLeaves: what testdata/planted.json lists of each IdP's
// sample lines (names, ids, addresses, sessions, tokens, places, messages) is in
// the records as they are parsed, and nowhere in what the presets for log
// vendors make of them.
func TestNothingPlantedLeaves(t *testing.T) {
	for source, planted := range plantedBySource(t) {
		for _, preset := range []string{"analytics", "strict"} {
			t.Run(source+"/"+preset, func(t *testing.T) {
				ld := parseFile(t, "../authevent/testdata/"+source+".ndjson")
				before := otlpJSON(t, ld)
				meant := meanings(ld)
				presetScrubber(t, preset).Logs(ld)
				after := otlpJSON(t, ld)
				for _, value := range planted {
					assert.True(t, contains(before, value), "%q is not in the samples: the list is out of date", value)
					if at := indexOf(after, value); at >= 0 {
						t.Errorf("%q is left: …%s…", value, after[max(0, at-80):min(len(after), at+80)])
					}
				}
				assert.Equal(t, meant, meanings(ld), "what the records are counted by")
			})
		}
	}
}

// TestStrictDropsNothingThatIsKnown: a profile lists every field of the samples,
// so that default-deny leaves of them what analytics does.
func TestStrictDropsNothingThatIsKnown(t *testing.T) {
	for _, source := range authevent.Sources() {
		file := "../authevent/testdata/" + source + ".ndjson"
		analytics, strict := parseFile(t, file), parseFile(t, file)
		presetScrubber(t, "analytics").Logs(analytics)
		presetScrubber(t, "strict").Logs(strict)
		assert.Equal(t, otlpJSON(t, analytics), otlpJSON(t, strict), source)
	}
}

func plantedBySource(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("testdata/planted.json")
	require.NoError(t, err)
	var planted map[string][]string
	require.NoError(t, json.Unmarshal(text, &planted))
	for _, source := range authevent.Sources() {
		require.NotEmpty(t, planted[source], source)
	}
	return planted
}

func contains(text, value string) bool { return indexOf(text, value) >= 0 }

// indexOf finds a value as OTLP JSON writes it, or as a JSON text inside does.
func indexOf(text, value string) int {
	at := strings.Index(strings.ToLower(text), strings.ToLower(value))
	if at < 0 && strings.Contains(value, `"`) {
		at = strings.Index(text, strings.ReplaceAll(value, `"`, `\"`))
	}
	return at
}

func otlpJSON(t *testing.T, ld plog.Logs) string {
	t.Helper()
	text, err := (&plog.JSONMarshaler{}).MarshalLogs(ld)
	require.NoError(t, err)
	return string(text)
}

// meanings are the attributes that scrubbing must leave as they are: without
// them nothing can be counted.
func meanings(ld plog.Logs) []map[string]string {
	var all []map[string]string
	for _, rl := range ld.ResourceLogs().All() {
		for _, lr := range rl.ScopeLogs().At(0).LogRecords().All() {
			m := map[string]string{"": lr.EventName()}
			for _, name := range []string{attr.OTelEventName, attr.EventOriginalName, attr.Category, attr.Outcome, attr.ErrorType, attr.Method, attr.Provider, attr.ClientID, attr.LogRecordUID} {
				if v, ok := lr.Attributes().Get(name); ok {
					m[name] = v.AsString()
				}
			}
			all = append(all, m)
		}
	}
	return all
}
