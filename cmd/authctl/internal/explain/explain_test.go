package explain

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	user = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
	mail = "Ann.Example@example.org"
	ip   = "198.51.100.7"
)

const line = `{"type":"audit","event":"mfa_verified","method":"totp","identity_id":"` + user + `","email":"` + mail + `","source_ip":"` + ip +
	`","note":"` + user + ` and bob@example.org","own":{"ann@example.org":[1]},"ts":"2026-08-21T08:00:00Z"}`

// config has a rule, a second destination that keeps all, one that drops the record,
// and processors that are not ours.
const config = `
receivers: {auth_events: {stdin: {}}}
processors:
  pii_scrub/one:
    keys: [{id: k1, secret: "11111111111111111111111111111111"}]
    rules:
      - {event_name: "login_*", email: keep}
      - {event_name: "mfa_*", email: drop}
  pii_scrub/keep: {preset: audit, keys: [{id: k1, secret: "11111111111111111111111111111111"}]}
  resource: {attributes: [{key: team, value: iam, action: insert}]}
  transform: {log_statements: [{context: log, statements: ['set(attributes["copy"], attributes["user.email"])', 'delete_key(attributes, "auth.method")']}]}
  filter: {logs: {log_record: ['attributes["auth.source"] == "hera"']}}
  event_metrics: {}
  batch: {}
connectors: {event_metrics/out: {}}
service:
  pipelines:
    logs/a: {receivers: [auth_events], processors: [event_metrics, pii_scrub/one, resource, batch], exporters: [event_metrics/out]}
    logs/b: {receivers: [auth_events], processors: [transform, pii_scrub/keep]}
    logs/c: {receivers: [auth_events], processors: [filter, pii_scrub/keep], exporters: [event_metrics/out]}
`

func run(t *testing.T, in string, args ...string) string {
	t.Helper()
	cmd := New()
	var out bytes.Buffer
	cmd.SetArgs(args)
	cmd.SetIn(strings.NewReader(in))
	cmd.SetOut(&out)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	require.NoError(t, cmd.ExecuteContext(t.Context()))
	return out.String()
}

func reports(t *testing.T, in string, args ...string) []Report {
	t.Helper()
	var all []Report
	for text := range strings.Lines(run(t, in, append(args, "--json")...)) {
		var r Report
		require.NoError(t, json.Unmarshal([]byte(text), &r))
		all = append(all, r)
	}
	return all
}

// at finds a place of a pipeline's record.
func at(t *testing.T, r *PipelineReport, section, name string) Place {
	t.Helper()
	for _, p := range r.Places {
		if p.Section == section && p.Name == name {
			return p
		}
	}
	require.Fail(t, "no such place", "%s %s", section, name)
	return Place{}
}

// reading is a time that differs from run to run.
var reading = regexp.MustCompile(`20\d\d-\d\d-\d\dT[0-9:.]+Z \(of reading`)

func TestGolden(t *testing.T) {
	in := strings.Join([]string{
		line, "", "Ann is plain text", `{"ann@example.org":1}`, `{"type":"audit",`,
		`{"log":"{\"type\":\"audit\",\"event\":\"captcha_displayed\",\"ts\":\"2026-08-21T08:00:00Z\"}\n","stream":"stdout","time":"2026-08-21T08:00:00Z"}`,
	}, "\n")
	text := reading.ReplaceAllString(run(t, in, "-c", "yaml:"+config), "TIME (of reading")
	golden(t, "explain.txt", text)
	// The note is free text that no profile lists: it is no known field, and what
	// leaves the pipeline that keeps all of it is not shown either.
	for _, raw := range []string{user, mail, ip, "bob@example.org", "ann@example.org", "Ann"} {
		assert.NotContains(t, text, raw)
	}
	golden(t, "explain.json", run(t, line, "-c", "yaml:"+config, "--json"))
}

func TestCauses(t *testing.T) {
	r := reports(t, line, "-c", "yaml:"+config)[0]
	assert.Equal(t, "hera", r.Profile)
	a := &r.Pipelines[0]
	const id = "pii_scrub/one"
	for _, tc := range []struct {
		section, name, change string
		want                  Cause
	}{
		{"attribute", "user.id", changeChanged, Cause{"identity", "pseudonym", "field", ""}},
		{"attribute", "user.email", changeRemoved, Cause{"email", "drop", "field", ""}},
		{"attribute", "client.address", changeChanged, Cause{"ip", "truncate", "field", ""}},
		{"body", "/identity_id", changeChanged, Cause{"identity", "pseudonym", "field", ""}},
		{"body", "/email", changeRemoved, Cause{"email", "drop", "field", ""}},
	} {
		p := at(t, a, tc.section, tc.name)
		assert.Equal(t, tc.change, p.Change, tc.name)
		assert.Equal(t, []Mark{{id, []Cause{tc.want}, "rules[1]"}}, p.Marks, tc.name)
	}
	note := at(t, a, "body", "/note")
	require.Len(t, note.Marks, 1)
	assert.ElementsMatch(t, []Cause{{"identity", "pseudonym", "search", ""}, {"email", "drop", "search", ""}}, note.Marks[0].Causes)
	assert.Equal(t, []Mark{{Processor: "resource"}}, at(t, a, "resource", "team").Marks)

	b := &r.Pipelines[1]
	assert.Equal(t, []Mark{{Processor: "transform"}}, at(t, b, "attribute", "copy").Marks)
	assert.JSONEq(t, `"<email>"`, string(at(t, b, "attribute", "copy").After), "a copy of a personal value is one")
	assert.Equal(t, []Mark{{Processor: "transform"}}, at(t, b, "attribute", "auth.method").Marks)
	assert.Equal(t, "filter", r.Pipelines[2].DroppedBy)
	assert.Empty(t, r.Pipelines[2].Places)
	assert.Empty(t, r.Pipelines[2].Counters, "nothing leaves, and nothing counts")
}

func TestCounters(t *testing.T) {
	r := reports(t, line, "-c", "yaml:"+config)[0].Pipelines[0]
	require.Len(t, r.Counters, 2)
	assert.Equal(t, []bool{false, true}, []bool{r.Counters[0].Connector, r.Counters[1].Connector})
	for _, c := range r.Counters {
		names := map[string]float64{}
		for _, m := range c.Metrics {
			names[m.Name] += m.Adds
			assert.Equal(t, "hera", m.Labels["auth.source"])
		}
		assert.Equal(t, 1.0, names["auth.events"], c.ID)
		assert.NotContains(t, names, "auth.captcha.challenges", "zeros are of events to come")
	}
}

func TestShowValues(t *testing.T) {
	r := reports(t, line, "-c", "yaml:"+config, "--show-values")[0]
	assert.JSONEq(t, `"`+mail+`"`, string(at(t, &r.Pipelines[0], "body", "/email").Before))
	assert.JSONEq(t, `"`+user+`"`, string(at(t, &r.Pipelines[1], "attribute", "user.id").After))
}

func TestWrappers(t *testing.T) {
	const stamp = "2026-08-21T08:00:00.000000000Z stdout "
	event := `{\"type\":\"audit\",\"event\":\"captcha_displayed\"}`
	got := reports(t, strings.Join([]string{
		stamp + `P {"type":"audit",`, stamp + `F "event":"captcha_displayed"}`,
		`{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logStream":"s","subscriptionFilters":["f"],"logEvents":[` +
			`{"id":"1","timestamp":1,"message":"` + event + `"},{"id":"2","timestamp":2,"message":"Ann"}]}`,
		stamp + `P {"type":`,
	}, "\n"))
	require.Len(t, got, 4)
	assert.Equal(t, []int64{1, 3, 3, 4}, []int64{got[0].Line, got[1].Line, got[2].Line, got[3].Line})
	assert.Equal(t, []string{"cri", "cloudwatch", "cloudwatch", "cri"}, []string{got[0].Wrapper, got[1].Wrapper, got[2].Wrapper, got[3].Wrapper})
	assert.Equal(t, []string{"hera", "hera", "", ""}, []string{got[0].Profile, got[1].Profile, got[2].Profile, got[3].Profile})
	assert.Equal(t, []int{0, 1, 2, 0}, []int{got[0].Event, got[1].Event, got[2].Event, got[3].Event})
	assert.Equal(t, "invalid_json", got[3].Unparsed.Reason)
	assert.Equal(t, 8, got[3].Unparsed.Byte)
}

func TestLongLine(t *testing.T) {
	long := `{"type":"audit","event":"x","a":"` + strings.Repeat("a", 2<<20) + `"}`
	got := reports(t, long+"\r\n"+line+"\r\n")
	require.Len(t, got, 2)
	assert.Equal(t, "too_long", got[0].Unparsed.Reason)
	assert.Equal(t, 1<<20, got[0].Unparsed.Byte)
	assert.Equal(t, "mfa_verified", got[1].Record.EventName)
}

func TestUnparsedDropAndBodies(t *testing.T) {
	text := "yaml:" + strings.Replace(config, "{stdin: {}}", "{stdin: {}, unparsed: drop, body: map}", 1)
	got := reports(t, "Ann\n"+line, "-c", text)
	assert.Equal(t, "nothing: the receiver has unparsed: drop", got[0].Unparsed.Becomes)
	assert.Nil(t, got[0].Record)
	assert.Contains(t, got[1].Record.Body, "map, ")
	p := at(t, &got[1].Pipelines[0], "body", "/identity_id")
	assert.Equal(t, []Cause{{"identity", "pseudonym", "field", ""}}, p.Marks[0].Causes)

	text = "yaml:" + strings.Replace(config, "{stdin: {}}", "{stdin: {}, body: event_name}", 1)
	p = at(t, &reports(t, line, "-c", text)[0].Pipelines[0], "body", "")
	assert.JSONEq(t, `"mfa_verified"`, string(p.After))
}

// TestProcessorFails: another's error may quote the record.
func TestProcessorFails(t *testing.T) {
	const failing = `yaml:
receivers: {auth_events: {stdin: {}}}
processors: {batch: {}, transform: {error_mode: propagate, log_statements: [{context: log, statements: ['set(attributes["x"], ParseJSON(body))']}]}}
service: {pipelines: {logs: {receivers: [auth_events], processors: [batch, transform]}}}`
	got := reports(t, "Ann is plain", "-c", failing)[0].Pipelines[0]
	assert.Equal(t, "processors::transform gives an error: --show-values prints it", got.Error)
	assert.Empty(t, got.Places)
	assert.Contains(t, reports(t, "Ann is plain", "-c", failing, "--show-values")[0].Pipelines[0].Error, "ParseJSON")
}

// TestGateway: where no receiver makes records of lines, one as it comes does.
func TestGateway(t *testing.T) {
	got := reports(t, line, "-c", "yaml:receivers: {otlp: {}}\nprocessors: {batch: {}}\nservice: {pipelines: {logs: {receivers: [otlp], processors: [batch]}}}")
	require.Len(t, got, 1)
	assert.Equal(t, "auth_events", got[0].Receiver)
	assert.Equal(t, []string{"batch"}, got[0].Pipelines[0].Processors)
}

// TestNoCanary: no personal value of any kind is shown, whether a policy changes it,
// takes it away or keeps it.
func TestNoCanary(t *testing.T) {
	const gov = `{"name":"Email and Password Authentication","properties":{"event_properties":{"success":true},"path":"/canary/path",` +
		`"user_id":"canary-user","user_ip":"198.51.100.77","user_agent":"Canary/7.7","referer":"https://canary.example.org/x",` +
		`"browser_version":"77.canary"},"time":"2026-08-21T08:00:00Z","id":"1","visit_id":"canary-visit","visitor_id":"canary-visitor"}`
	for _, args := range [][]string{nil, {"--json"}, {"-c", "yaml:" + config}, {"-c", "yaml:" + config, "--json"}, {"-c", "yaml:" + audited}, {"-c", "yaml:" + audited, "--json"}} {
		got := run(t, gov, args...)
		for _, raw := range []string{"/canary/path", "canary-user", "198.51.100.77", "Canary/7.7", "canary.example.org/x", "77.canary", "canary-visit"} {
			assert.NotContains(t, got, raw, args)
		}
		assert.NotContains(t, got, "\x1b[", "no colour but on a terminal")
	}
	assert.Contains(t, run(t, gov, "--show-values"), "canary-user", "the test would find it")
}

// TestNamesAndTwins: a name that is somebody's id is hidden as one that is an address
// is, an event's as well; and of two members of one name neither is shown as what the
// other became.
func TestNamesAndTwins(t *testing.T) {
	const in = `{"type":"audit","event":"7c9e6679-7425-40de-944b-e07fc1f90ae7","method":"bob@example.org","users":{"91823745":1},` +
		`"note":"x","note":"Mallory","identity_id":"u-7781","identity_id":"u-7782"}`
	for _, args := range [][]string{nil, {"--json"}, {"-c", "yaml:" + config}} {
		got := run(t, in, args...)
		for _, raw := range []string{"7c9e6679", "bob@", "91823745", "Mallory", "u-778"} {
			assert.NotContains(t, got, raw, args)
		}
	}
	assert.Contains(t, run(t, in), "/users/<name>")
}

type brokenPipe struct{}

var errPipe = errors.New("pipe")

func (brokenPipe) Write([]byte) (int, error) { return 0, errPipe }

func TestWriteError(t *testing.T) {
	cmd := New()
	cmd.SetArgs(nil)
	cmd.SetIn(strings.NewReader(strings.Repeat(line+"\n", 50)))
	cmd.SetOut(brokenPipe{})
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	require.ErrorIs(t, cmd.ExecuteContext(t.Context()), errPipe)
}

func TestColours(t *testing.T) {
	r := reports(t, line, "-c", "yaml:"+config)[0]
	for i := range r.Pipelines {
		for j := range r.Pipelines[i].Places {
			p := &r.Pipelines[i].Places[j]
			p.before, p.after = parseAny(p.Before), parseAny(p.After)
		}
	}
	got := r.text(onTerminal)
	assert.Contains(t, got, "\x1b[33m~ user.id")
	assert.Contains(t, got, "\x1b[31m- user.email")
	assert.Contains(t, got, "\x1b[32m+ team")
	assert.Equal(t, `"\x1b[31m"`, plain("\x1b[31m"), "a value commands no terminal")
}

func parseAny(text []byte) *tree {
	if len(text) == 0 {
		return nil
	}
	t, _ := parseAt(string(text), 0)
	return t
}

// golden holds output against a file of testdata; UPDATE=1 writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE") != "" {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), got, "UPDATE=1 go test writes the file anew")
}
