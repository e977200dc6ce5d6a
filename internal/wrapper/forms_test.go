package wrapper

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	quoted = `{\"type\":\"audit\",\"event\":\"pkce_failed\",\"ts\":\"2026-05-20T10:00:00.000Z\"}`
	cursor = `"__CURSOR":"s=0123;i=1","__REALTIME_TIMESTAMP":"1779271200000000"`
	data   = `{"messageType":"DATA_MESSAGE","owner":"123456789012","logGroup":"g","logStream":"s","subscriptionFilters":["f"],"logEvents":[`
)

func event(message string, millis string) string {
	return `{"id":"1","timestamp":` + millis + `,"message":` + strconv.Quote(message) + `}`
}

// TestForms: each physical line becomes want, both with the format set by its
// name and with Auto.
func TestForms(t *testing.T) {
	plain := []got{{Text: hera, Time: ten}}
	untimed := []got{{Text: hera}}
	for name, tc := range map[string]struct {
		format Format
		line   string
		want   []got
	}{
		"docker":                 {Docker, `{"log":"` + quoted + `\n","stream":"stdout","time":"2026-05-20T10:00:00Z"}`, plain},
		"docker, CRLF":           {Docker, `{"log":"` + quoted + `\r\n","stream":"stdout","time":"2026-05-20T10:00:00Z"}`, plain},
		"docker, attrs":          {Docker, `{"log":"` + quoted + `\n","stream":"stderr","attrs":{"tag":"a"},"time":"2026-05-20T10:00:00Z"}`, plain},
		"docker, sorted":         {Docker, ` { "attrs" : {}, "log" : "` + quoted + `\u000a", "stream" : "stderr", "time" : "2026-05-20T10:00:00Z" } `, plain},
		"docker, empty":          {Docker, `{"log":"\n","stream":"stdout","time":"2026-05-20T10:00:00Z"}`, []got{{Time: ten}}},
		"docker, escapes":        {Docker, `{"log":"\u003c\ud83d\ude00\\n\t\n","stream":"stdout","time":"2026-05-20T10:00:00Z"}`, []got{{Text: "<😀\\n\t", Time: ten}}},
		"docker, never ended":    {Docker, `{"log":"half","stream":"stdout","time":"2026-05-20T10:00:00Z"}`, []got{{Text: "half", Time: ten}}},
		"docker behind a BOM":    {Docker, "\xef\xbb\xbf" + `{"log":"` + quoted + `\n","stream":"stdout","time":"2026-05-20T10:00:00Z"}`, plain},
		"cri":                    {CRI, `2026-05-20T10:00:00.000000000Z stdout F ` + hera, plain},
		"cri, offset":            {CRI, `2026-05-20T12:00:00.000000000+02:00 stderr F ` + hera, plain},
		"cri, tags":              {CRI, `2026-05-20T10:00:00Z stdout F:x:y ` + hera, plain},
		"cri, plain text":        {CRI, `2026-05-20T10:00:00Z stdout F  two  spaces `, []got{{Text: " two  spaces ", Time: ten}}},
		"cri, empty":             {CRI, `2026-05-20T10:00:00Z stdout F `, []got{{Time: ten}}},
		"cri, empty and trimmed": {CRI, `2026-05-20T10:00:00Z stdout F`, []got{{Time: ten}}},

		"compose":                         {Compose, `ciam-hera  | ` + hera, untimed},
		"compose, one space":              {Compose, `ciam-hera | ` + hera, untimed},
		"compose, number":                 {Compose, `ciam-hera-1   | ` + hera, untimed},
		"compose, begins with digits":     {Compose, `2026_app.1 | ` + hera, untimed},
		"compose -t":                      {Compose, `ciam-hera-1  | 2026-05-20T10:00:00.000000000Z ` + hera, plain},
		"compose -t, plain text":          {Compose, `ciam-hera-1  | 2026-05-20T10:00:00.000000000Z listening`, []got{{Text: "listening", Time: ten}}},
		"compose -t, empty":               {Compose, `ciam-hera-1  | 2026-05-20T10:00:00.000000000Z `, []got{{Time: ten}}},
		"compose up -t":                   {Compose, `ciam-hera-1  | 2026-05-20T10:00:00.000000000Z` + hera, plain},
		"compose, the text's own time":    {Compose, `ciam-hera-1  | 2026-05-20T10:00:00.123Z started`, []got{{Text: "2026-05-20T10:00:00.123Z started"}}},
		"compose, Hera's plain text":      {Compose, `ciam-hera-1  | [security][brute_force] x`, []got{{Text: "[security][brute_force] x"}}},
		"compose, colour":                 {Compose, "\x1b[36mciam-hera-1  | \x1b[0m" + hera, untimed},
		"compose, older colour":           {Compose, "\x1b[36;1mciam-hera_1  |\x1b[0m " + hera, untimed},
		"compose, colour, -t":             {Compose, "\x1b[33mciam-hera-1  | \x1b[0m2026-05-20T10:00:00.000000000Z " + hera, plain},
		"podman-compose":                  {Compose, `[ciam-hera] | ` + hera, untimed},
		"podman-compose, numbered":        {Compose, `[ciam-hera_1]| ` + hera, untimed},
		"podman-compose, colour":          {Compose, "\x1b[1;32m[ciam-hera] |\x1b[0m \x1b[37m" + hera + "\x1b[0m", untimed},
		"podman-compose, colour, empty":   {Compose, "[ciam-hera] | \x1b[37m[\x1b[0m", []got{{Text: "["}}},
		"podman-compose, --no-color":      {Compose, "\x1b[0m[ciam-hera] |\x1b[0m " + hera, untimed},
		"podman-compose, colour, -t":      {Compose, "\x1b[1;32m[ciam-hera] |\x1b[0m \x1b[37m2026-05-20T12:00:00.000000000+02:00 " + hera + "\x1b[0m", plain},
		"podman-compose, --no-log-prefix": {Compose, "\x1b[37m" + hera + "\x1b[0m", untimed},
		"podman logs -t":                  {Compose, `2026-05-20T12:00:00+02:00 ` + hera, plain},
		"docker logs -t":                  {Compose, `2026-05-20T10:00:00.000000000Z ` + hera, plain},
		"docker logs -t, Hera's text":     {Compose, `2026-05-20T10:00:00.000000000Z [security][brute_force] x`, []got{{Text: "[security][brute_force] x", Time: ten}}},
		"podman logs of two":              {Compose, `0123456789ab ` + hera, untimed},
		"podman logs -t of two":           {Compose, `0123456789ab 2026-05-20T12:00:00.000000000+02:00 ` + hera, plain},
		"podman logs --color -t of two":   {Compose, "\x1b[37m0123456789ab 2026-05-20T12:00:00.000000000+02:00 " + hera + "\x1b[0m", plain},

		"journald":            {Journald, `{` + cursor + `,"_HOSTNAME":"h","MESSAGE":"` + quoted + `"}`, plain},
		"journald, order":     {Journald, `{"PRIORITY":"6","MESSAGE":"` + quoted + `","_PID":["1","2"],` + cursor + `,"_SOURCE_1":null}`, plain},
		"journald, bytes":     {Journald, `{` + cursor + `,"MESSAGE":[104, 105,255,0]}`, []got{{Text: "hi\xff\x00", Time: ten}}},
		"journald, empty":     {Journald, `{` + cursor + `,"MESSAGE":""}`, []got{{Time: ten}}},
		"cloudwatch, control": {CloudWatch, `{"messageType":"CONTROL_MESSAGE","logGroup":"","logEvents":[` + event("CWL CONTROL MESSAGE", "1") + `]}`, nil},
		"cloudwatch": {CloudWatch, data + event(hera, "1779271200000") + `,` + event("two\nlines", "0") + `,{"message":"x","extractedFields":{"a":"b"}}]}`, []got{
			{Text: hera, Time: ten}, {Text: "two\nlines", Index: 1}, {Text: "x", Index: 2}}},
		"cloudwatch, events first": {CloudWatch, `{"logEvents":[` + event(hera, "1779271200000") + `],"logGroup":"g","messageType":"DATA_MESSAGE"}`, plain},
		"cloudwatch, no events":    {CloudWatch, data + `]}`, nil},
		"cloudwatch, Firehose": {CloudWatch, data + event("a", "0") + `,` + event("b", "0") + `]}` + data + event("c", "0") + `]}`, []got{
			{Text: "a"}, {Text: "b", Index: 1}, {Text: "c", Index: 2}}},
		"cloudwatch, second envelope cut": {CloudWatch, data + event("a", "0") + `]}` + data + `{"message":"b`, []got{
			{Text: "a"}, {Text: data + `{"message":"b`, Index: 1}}},
		"okta": {OktaEventHook, "{\n \"eventType\": \"com.okta.event_hook\", \"eventTime\":\"2026-05-20T10:00:00.000Z\",\n \"data\": {\"x\":[], \"events\": [ {\"a\":{\"b\":1}} , {\"c\":[]}]}}\n", []got{
			{Text: `{"a":{"b":1}}`, Time: ten}, {Text: `{"c":[]}`, Index: 1, Time: ten}}},
		"okta, data first": {OktaEventHook, `{"source":"s","data":{"events":[{}]},"eventType":"com.okta.event_hook"}`, []got{{Text: "{}"}}},
		"okta, no events":  {OktaEventHook, `{"eventType":"com.okta.event_hook","data":{"events":[]}}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tc.want, add(New(tc.format, maxLine), tc.line), "set by name")
			assert.Equal(t, tc.want, add(New(Auto, maxLine), tc.line), "auto")
			assert.Equal(t, []got{{Text: tc.line}}, add(New(None, maxLine), tc.line), "none")
		})
	}
}

// TestDamagedPassesUnchanged, in Auto and under the format's own name.
func TestDamagedPassesUnchanged(t *testing.T) {
	docker := `{"log":"x\n","stream":"stdout","time":"2026-05-20T10:00:00Z"}`
	journal := `{` + cursor + `,"MESSAGE":"x"}`
	cloud := data + event("a", "1") + `]}`
	okta := `{"eventType":"com.okta.event_hook","data":{"events":[{"a":1},{"b":2}]}}`
	lines := []string{
		docker + `x`, docker + docker, `{"log":"x\n","stream":"stdout"}`, `{"log":"x\n","stream":"stdin","time":"2026-05-20T10:00:00Z"}`,
		`{"log":"x\n","stream":"stdout","time":"2026-02-30T10:00:00Z"}`, `{"log":"x\n","stream":"stdout","time":"10:00"}`,
		`{"log":"x\q\n","stream":"stdout","time":"2026-05-20T10:00:00Z"}`, `{"log":"x` + "\n" + `","stream":"stdout","time":"2026-05-20T10:00:00Z"}`,
		`{"log":1,"stream":"stdout","time":"2026-05-20T10:00:00Z"}`, `{"log":"x\n","stream":"stdout","time":"2026-05-20T10:00:00Z",}`,
		`{"stream":"stdout","time":"2026-05-20T10:00:00Z"}`,
		`2026-05-20T10:00:00Z stdout`, `2026-05-20T10:00:00Z stdout X text`, `2026-05-20T10:00:00Z stdin F text`, `2026-05-20T10:00:00Z  stdout F text`,
		`{` + cursor + `}`, `{` + cursor + `,"MESSAGE":null}`, `{` + cursor + `,"MESSAGE":[]}`, `{` + cursor + `,"MESSAGE":[256]}`, `{` + cursor + `,"MESSAGE":[1.0]}`,
		`{` + cursor + `,"MESSAGE":["a","b"]}`, `{"__CURSOR":"c","__REALTIME_TIMESTAMP":"now","MESSAGE":"x"}`, `{"__CURSOR":"c","MESSAGE":"x"}`, journal + `}`,
		`{` + cursor + `,"MESSAGE":"a","MESSAGE":[98]}`,
		`{"messageType":"OTHER","logGroup":"g","logEvents":[]}`, `{"messageType":"DATA_MESSAGE","logEvents":[]}`, `{"messageType":"DATA_MESSAGE","logGroup":"g"}`,
		data + `{"message":1}]}`, data + `{"timestamp":1}]}`, data + `"x"]}`, data + event("a", "1") + `,]}`, data + event("a", "1") + `]`,
		`{"eventType":"com.okta.event_hook","data":{"events":[{},1]}}`, `{"eventType":"com.okta.event_hook","data":{"events":{}}}`,
		`{"eventType":"com.okta.event_hook","data":{}}`, `{"eventType":"com.okta.event_hook"}`, `{"eventType":"x","data":{"events":[{}]},"source":"com.okta.event_hook"}`, okta + `]`,
	}
	for _, whole := range []string{docker, journal, cloud, okta} { // and each cut anywhere
		for n := range len(whole) {
			lines = append(lines, whole[:n])
		}
	}
	for _, line := range lines {
		for _, f := range formats {
			if f == Compose && strings.HasPrefix(line, "2") {
				continue // there the time is taken off
			}
			assert.Equal(t, []got{{Text: line}}, add(New(f, maxLine), line), "%s", f)
		}
	}
}

func TestTruncatedIsHandedOn(t *testing.T) {
	u := New(Auto, maxLine)
	for line, text := range map[string]string{
		hera:                                hera,
		`2026-05-20T10:00:00Z stdout F cut`: "cut",
		`ciam-hera | {"cut`:                 `{"cut`,
		`{"log":"cut`:                       `{"log":"cut`,
	} {
		lines := u.Add(nil, []byte(line), 5, true)
		require.Len(t, lines, 1)
		assert.Equal(t, text, string(lines[0].Text))
		assert.True(t, lines[0].Truncated)
		assert.EqualValues(t, 5, lines[0].Offset)
	}
	// Complete events of an envelope are complete; what follows was cut.
	all := of(u.Add(nil, []byte(data+event("a", "0")+`]}`), 5, true))
	assert.Equal(t, []got{{Text: "a", Offset: 5}, {Offset: 5, Index: 1, Truncated: true}}, all)
	all = of(u.Add(nil, []byte(data+event("a", "0")+`]}{"mess`), 5, true))
	assert.Equal(t, []got{{Text: "a", Offset: 5}, {Text: `{"mess`, Offset: 5, Index: 1, Truncated: true}}, all)
}

func TestParseFormat(t *testing.T) {
	for _, f := range formats {
		parsed, err := ParseFormat(string(f))
		require.NoError(t, err)
		assert.Equal(t, f, parsed)
	}
	_, err := ParseFormat("dokcer")
	assert.EqualError(t, err, `wrapper must be one of auto, none, docker, cri, compose, journald, cloudwatch, okta_event_hook (got "dokcer")`)
}

// The lines of an envelope that turns out to be damaged leave no text behind.
func TestDamagedEnvelopeLeavesNothing(t *testing.T) {
	for _, text := range []string{
		`{"messageType":"DATA_MESSAGE","logGroup":"g","logEvents":[{"id":"1","timestamp":1779271200000,"message":"a"},{"id":"2","timestamp":1779271200000,"message":"b"},`,
		`{"messageType":"CONTROL_MESSAGE","logGroup":"g","logEvents":[{"id":"1","timestamp":1779271200000,"message":"a"},{"id":"2","timestamp":1779271200000,"message":"b"}]}`,
		`{"eventType":"com.okta.event_hook","data":{"events":[{"a":1},{"b":2},`,
	} {
		lines := New(Auto, 1024).Add(make([]Line, 0, 8), []byte(text), 0, false)
		for _, l := range lines[len(lines):cap(lines)] {
			assert.Nil(t, l.Text, text)
		}
	}
}

// An envelope of very many events passes unchanged: its records would need
// hundreds of times its room.
func TestEnvelopesAreBounded(t *testing.T) {
	list := func(event string, n int) string { return strings.TrimSuffix(strings.Repeat(event+",", n), ",") }
	cloudWatch := func(n int) string {
		return `{"messageType":"DATA_MESSAGE","logGroup":"g","logEvents":[` + list(`{"message":""}`, n) + `]}`
	}
	okta := func(n int) string {
		return `{"eventType":"com.okta.event_hook","data":{"events":[` + list(`{}`, n) + `]}}`
	}
	for name, text := range map[string]func(int) string{"cloudwatch": cloudWatch, "okta_event_hook": okta} {
		t.Run(name, func(t *testing.T) {
			u := New(Auto, 1<<20)
			assert.Len(t, u.Add(nil, []byte(text(maxEvents)), 0, false), maxEvents)
			over := text(maxEvents + 1)
			lines := u.Add(nil, []byte(over), 0, false)
			require.Len(t, lines, 1)
			assert.Equal(t, over, string(lines[0].Text))
		})
	}
}
