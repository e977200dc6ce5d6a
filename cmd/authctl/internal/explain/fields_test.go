package explain

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestEmptied: what has lost all its members is still there.
func TestEmptied(t *testing.T) {
	const drops = `yaml:
receivers: {auth_events: {stdin: {}}}
processors: {pii_scrub: {unlisted: drop, keys: [{id: k1, secret: "11111111111111111111111111111111"}]}}
service: {pipelines: {logs: {receivers: [auth_events], processors: [pii_scrub]}}}`
	got := &reports(t, `{"type":"audit","event":"x","metadata":{"email":"ann@example.org","none":{}}}`, "-c",
		strings.Replace(drops, "unlisted: drop", "email: drop", 1))[0].Pipelines[0]
	assert.Equal(t, changeRemoved, at(t, got, "body", "/metadata/email").Change)
	assert.JSONEq(t, `{}`, string(at(t, got, "body", "/metadata/none").After))
	got = &reports(t, `{"type":"audit","event":"x","metadata":{"nobody":1}}`, "-c", drops)[0].Pipelines[0]
	assert.Equal(t, changeRemoved, at(t, got, "body", "/metadata/nobody").Change)
	assert.JSONEq(t, `{}`, string(at(t, &reports(t, `{}`, "-c", drops, "--show-values")[0].Pipelines[0], "body", "").Before))
	left := at(t, got, "body", "/metadata")
	assert.Empty(t, left.Change)
	assert.JSONEq(t, `{}`, string(left.After))
}

// TestObservedTime: what a processor makes of the time of reading is a change.
func TestObservedTime(t *testing.T) {
	const sets = `yaml:
receivers: {auth_events: {stdin: {}}}
processors: {transform: {log_statements: ['set(log.observed_time_unix_nano, 0)', 'set(log.flags, 1)', 'set(scope.version, "x")']}}
service: {pipelines: {logs/a: {receivers: [auth_events], processors: [transform]}, logs/b: {receivers: [auth_events]}}}`
	got := reports(t, line, "-c", sets)[0].Pipelines
	p := at(t, &got[0], "record", "observed_time")
	assert.Equal(t, changeChanged, p.Change)
	assert.JSONEq(t, `"1970-01-01T00:00:00Z"`, string(p.After))
	assert.Equal(t, changeAdded, at(t, &got[0], "record", "flags").Change)
	assert.Equal(t, changeChanged, at(t, &got[0], "scope", "version").Change)
	p = at(t, &got[1], "record", "observed_time")
	assert.Empty(t, p.Change)
	assert.JSONEq(t, `"(of reading)"`, string(p.After))
}
