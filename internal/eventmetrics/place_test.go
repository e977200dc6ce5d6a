package eventmetrics

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// bodyEngine counts every event by the value at a body path.
func bodyEngine(tb testing.TB, paths ...string) *Engine {
	var dimensions []definition.Dimension
	for i, path := range paths {
		dimensions = append(dimensions, definition.Dimension{
			Name: string(rune('a' + i)), From: definition.Place{In: definition.Body, Name: path},
		})
	}
	e, err := New(metricsOf(definition.Metric{Name: "m", Dimensions: dimensions, Rules: everything()}), Settings{Start: start})
	require.NoError(tb, err)
	return e
}

func withBody(set func(pcommon.Value)) plog.Logs {
	ld := logs(event{hera, "x", nil})
	set(ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Body())
	return ld
}

func textBody(text string) plog.Logs {
	return withBody(func(v pcommon.Value) { v.SetStr(text) })
}

func mapBody(tb testing.TB, text string) plog.Logs {
	var raw map[string]any
	require.NoError(tb, json.Unmarshal([]byte(text), &raw))
	return withBody(func(v pcommon.Value) { require.NoError(tb, v.SetEmptyMap().FromRaw(raw)) })
}

func TestBodyPaths(t *testing.T) {
	for _, tt := range []struct{ path, body, want string }{
		{"/step", `{"step":"one"}`, "{a=one} 1"},
		{"/step", `{"before":[{"step":"no"}],"step" : "one" , "after":{}}`, "{a=one} 1"},
		{"/event_properties/step", `{"event_properties":{"other":1,"step":"two"}}`, "{a=two} 1"},
		{"/list/1/x", `{"list":[{"x":"zero"},{"x":"one"}]}`, "{a=one} 1"},
		{"/list/01", `{"list":["zero","one"]}`, "{} 1"},
		{"/a~1b~0c", `{"a/b~c":"odd"}`, "{a=odd} 1"},
		{"/", `{"":"empty"}`, "{a=empty} 1"},
		{"/flag", `{"flag":true}`, "{a=true} 1"},
		{"/number", `{"number":42}`, "{a=42} 1"},
		{"/number", `{"number":1.5}`, "{a=1.5} 1"},
		{"/step", `{"step":null}`, "{} 1"},
		{"/step", `{"step":""}`, "{} 1"},
		{"/step", `{"step":{"deep":1}}`, "{a=_OTHER} 1"},
		{"/step", `{"step":[1]}`, "{a=_OTHER} 1"},
		{"/step/deep", `{"step":"flat"}`, "{} 1"},
		{"/absent", `{}`, "{} 1"},
		{"/mail", `{"mail":"someone@example.com"}`, "{a=_OTHER} 1"},
	} {
		for name, ld := range map[string]plog.Logs{"text": textBody(tt.body), "map": mapBody(t, tt.body)} {
			e := bodyEngine(t, tt.path)
			count(e, ld)
			assert.Equal(t, []string{tt.want}, points(e, "m"), "%s in %s as %s", tt.path, tt.body, name)
		}
	}
}

func TestBodyTexts(t *testing.T) {
	for _, tt := range []struct{ path, body, want string }{
		{"/step", `{"step":"one","step":"two"}`, "{a=two} 1"}, // the last wins
		{"/o/step", `{"o":{"step":"one"},"o":{"other":1}}`, "{} 1"},
		{"/step", `{"st\u0065p":"\u0074wo"}`, "{a=two} 1"},
		{"/step", `{"step":"one"`, "{} 1"},
		{"/step", `{"step":"one"}x`, "{} 1"},
		{"/step", `{"step":"one","bad":01}`, "{} 1"},
		{"/step", `["step","one"]`, "{} 1"},
		{"/step", `plain text`, "{} 1"},
		{"/step", ``, "{} 1"},
		{"/n", `{"n":9007199254740993}`, "{a=9007199254740993} 1"},
	} {
		e := bodyEngine(t, tt.path)
		count(e, textBody(tt.body))
		assert.Equal(t, []string{tt.want}, points(e, "m"), "%s in %s", tt.path, tt.body)
	}
}

func TestSeveralBodyPathsInOneWalk(t *testing.T) {
	e := bodyEngine(t, "/o/x", "/o/y", "/z", "/o")
	count(e, textBody(`{"z":"3","o":{"y":"2","x":"1"}}`))
	count(e, textBody(`{"o":{"y":"2"}}`)) // nothing is left of the record before
	assert.Equal(t, []string{"{a=1 b=2 c=3 d=_OTHER} 1", "{b=2 d=_OTHER} 1"}, points(e, "m"))
}

func TestResourceAttributes(t *testing.T) {
	place := definition.Place{In: definition.Resource, Name: "deployment.region"}
	e, err := New(labelled(definition.Dimension{Name: "region", From: place}), Settings{Start: start})
	require.NoError(t, err)
	ld := logs(event{hera, "x", map[string]any{"deployment.region": "the record's own"}})
	ld.ResourceLogs().At(0).Resource().Attributes().PutStr(place.Name, "eu")
	other := logs(event{hera, "x", nil})
	other.ResourceLogs().At(0).MoveTo(ld.ResourceLogs().AppendEmpty())
	count(e, ld)
	assert.Equal(t, []string{"{} 1", "{region=eu} 1"}, points(e, "m"))
}

// What a text says and what encoding/json reads in it is the same.
func FuzzBodyPath(f *testing.F) {
	f.Add(`{"a":{"b":"x"}}`)
	f.Add(`{"a":{"b":1},"a":{"c":2}}`)
	f.Add(`{"a":{"b":"\ud800"},"\u0061":{"b":true}}`)
	f.Fuzz(func(t *testing.T, body string) {
		if strings.ToValidUTF8(body, "") != body || strings.Contains(body, "e") && !json.Valid([]byte(body)) {
			return // UTF-8 is the caller's business, and so are numbers that no float64 holds
		}
		tree := &bodyTree{}
		tree.add(0, []string{"a", "b"})
		rec := &record{values: make([]value, 1)}
		tree.readText(rec, body)
		if rec.values[0].kind == absent || rec.values[0].kind == opaque {
			return
		}
		// Of what keys come again, encoding/json takes the last as well, but it
		// goes on with an object where we begin anew.
		var raw map[string]any
		require.NoError(t, json.Unmarshal([]byte(body), &raw))
		a, isObject := raw["a"].(map[string]any)
		require.True(t, isObject)
		require.Contains(t, a, "b")
	})
}
