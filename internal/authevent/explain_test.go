package authevent

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

func explain(t *testing.T, line string) Explanation {
	t.Helper()
	p, err := NewParser(Options{})
	require.NoError(t, err)
	return p.Explain([]byte(line), false)
}

func TestExplainConditions(t *testing.T) {
	e := explain(t, `{"type":"audit","event":"login_succeeded","identity_id":"Ann"}`)
	assert.Equal(t, "hera", e.Source)
	assert.ElementsMatch(t, []string{`/type is "audit"`, "/event is text"}, e.Conditions)

	e = explain(t, `{"name":"Email and Password Authentication","properties":{}}`)
	assert.Equal(t, "login_gov", e.Source)
	assert.ElementsMatch(t, []string{"/name is text", "/properties is object"}, e.Conditions, "an optional one that is not there says nothing")

	e = explain(t, "[security][brute_force][fail_open] checkLockout DB error of Ann")
	assert.Equal(t, "hera", e.Source)
	assert.Equal(t, "[security][{}][{}]{}", e.Template)
	assert.Empty(t, e.Conditions)
}

// TestExplainAgrees: of every line, it says what Add says.
func TestExplainAgrees(t *testing.T) {
	p, err := NewParser(Options{})
	require.NoError(t, err)
	for _, line := range []string{
		"", "# Logfile created on 2026", "Ann", "[1,2]", `{"a":1}`, `{"a":`, `{"type":"audit","event":"x"}`,
		`{"type":"audit","event":""}`, `{"Records":[]}`, "\ufeff" + `{"name":"x","properties":{}}`,
	} {
		want := p.NewBatch().Add(Line{Text: []byte(line)}, &Origin{}, observed)
		assert.Equal(t, want, p.Explain([]byte(line), false).Result, line)
	}
}

func TestExplainUnparsed(t *testing.T) {
	deep := strings.Repeat(`{"a":`, jsonscan.MaxDepth+1) + "1" + strings.Repeat("}", jsonscan.MaxDepth+1)
	wide := `{"a":[` + strings.Repeat("1,", jsonscan.MaxMembers) + "1]}"
	for name, tc := range map[string]struct {
		line, reason string
		offset       int
		why          string
	}{
		"text":    {"  Ann", "not_json", 2, "begins with {"},
		"array":   {`["Ann"]`, "not_an_object", 0, "no object"},
		"quote":   {`{"Ann" "x"}`, "invalid_json", 7, "invalid character after object key"},
		"ended":   {`{"Ann":`, "invalid_json", 7, "unexpected end of JSON input"},
		"behind":  {`{"a":"Ann"} x`, "trailing_data", 12, "invalid character after top-level value"},
		"literal": {`{"a":nuLl}`, "invalid_json", 7, "invalid character in literal null (expecting 'l')"},
		"space":   {`{"a":1 1}`, "invalid_json", 7, "invalid character after object key:value pair"},
		"number":  {`{"a":1e999}`, "number_out_of_range", 5, "out of the range"},
		"deep":    {deep, "too_deep", 5 * jsonscan.MaxDepth, "deeper than 64"},
		"wide":    {wide, "too_many_members", 6 + 2*(jsonscan.MaxMembers-1) + 1, "more than 20000"},
	} {
		t.Run(name, func(t *testing.T) {
			e := explain(t, tc.line)
			assert.Equal(t, Unparsed, e.Kind)
			assert.Equal(t, tc.reason, e.Reason)
			assert.Equal(t, tc.offset, e.Offset)
			assert.Contains(t, e.Why, tc.why)
			assert.NotContains(t, e.Why, "Ann")
			assert.NotContains(t, e.Why, "'L'")
		})
	}
}

func TestExplainTried(t *testing.T) {
	e := explain(t, `{"type":"Ann","event":"x"}`)
	assert.Equal(t, "no_event", e.Reason)
	assert.Contains(t, e.Tried, `hera: it asks that /type is one of "audit", "analytics", "metric"`)
	assert.Contains(t, strings.Join(e.Tried, "\n"), "login_gov: it asks that /")
	assert.NotContains(t, strings.Join(e.Tried, "\n"), "Ann")

	e = explain(t, `{"type":"audit","event":"x"}`)
	assert.Equal(t, Event, e.Kind)
	p, err := NewParser(Options{Profiles: map[string]any{"own": map[string]any{
		"match": []any{map[string]any{"/own": map[string]any{}}}, "event_name": []any{"/name"},
	}}, Source: "own"})
	require.NoError(t, err)
	assert.Equal(t, []string{"own: its conditions hold, and no place that it names has an event's name"}, p.Explain([]byte(`{"own":1}`), false).Tried)
	assert.Equal(t, "too_long", p.Explain([]byte(`{"own":1,"name":"x"}`), true).Reason)
}
