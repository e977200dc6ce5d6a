//go:build unix

package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/e2etest"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// planter puts canaries in place of values, each another one, of the same shape.
type planter struct {
	n      int
	places map[string]string // by canary: what it stands in place of
}

var (
	uuids  = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	emails = regexp.MustCompile(`[\w.+-]+@[\w-]+\.[\w.-]+`)
	ips    = regexp.MustCompile(`\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b`)
	digits = regexp.MustCompile(`^[+]?\d{4,}$`)
)

// word is a canary of letters and digits.
func (p *planter) word(place string) string {
	p.n++
	w := fmt.Sprintf("canary%05dq", p.n)
	p.places[w] = place
	return w
}

func (p *planter) uuid(place string) string {
	p.n++
	w := fmt.Sprintf("ca11ab1e-%04x-4000-8000-%012x", p.n, p.n*7919)
	p.places[w] = place
	return w
}

func (p *planter) ip(place string) string {
	p.n++
	w := fmt.Sprintf("11.%d.%d.%d", 100+p.n/10_000, 100+p.n/100%100, 101+p.n%100)
	p.places[w] = place
	return w
}

func (p *planter) number(place string) string {
	p.n++
	w := fmt.Sprintf("7%08d91", p.n)
	p.places[w] = place
	return w
}

func (p *planter) email(place string) string { return p.word(place) + "@example.org" }

// like is a canary of the shape of a value.
func (p *planter) like(value, place string) string {
	_, err := netip.ParseAddr(value)
	switch {
	case uuids.MatchString(value):
		return p.uuid(place)
	case emails.MatchString(value):
		return p.email(place)
	case err == nil:
		return p.ip(place)
	case digits.MatchString(value):
		return p.number(place)
	case strings.HasPrefix(value, "http"):
		return "https://example.org/" + p.word(place)
	case strings.HasPrefix(value, "/"):
		return "/" + p.word(place) + "/x"
	}
	return p.word(place)
}

// looks puts canaries wherever a text has something that tells itself.
func (p *planter) looks(text, place string) string {
	text = uuids.ReplaceAllStringFunc(text, func(string) string { return p.uuid(place) })
	text = emails.ReplaceAllStringFunc(text, func(string) string { return p.email(place) })
	return ips.ReplaceAllStringFunc(text, func(string) string { return p.ip(place) })
}

// personal are the kinds that no command shows. The domain of an address and a version
// are left in part, and what is public is nobody's.
func personal(k pii.Kind) bool {
	return k != pii.None && k != pii.Public && k != pii.EmailDomain && k != pii.Version
}

// value plants below a value that stands at a place.
func (p *planter) value(v any, path []string, fields []pii.Field, source string) any {
	place := source + " /" + strings.Join(path, "/")
	kind := kindAt(fields, path)
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			v[name] = p.value(v[name], append(slices.Clone(path), name), fields, source)
		}
	case []any:
		for i := range v {
			v[i] = p.value(v[i], append(slices.Clone(path), strconv.Itoa(i)), fields, source)
		}
	case string:
		if personal(kind) && kind != pii.Text { // which is a sentence
			return p.like(v, place)
		}
		v = pairs.ReplaceAllStringFunc(v, func(pair string) string {
			key, old, _ := strings.Cut(strings.TrimSuffix(pair, `"`), `="`)
			inner := kindAt(fields, append(slices.Clone(path), key))
			if inner == kind || !personal(inner) {
				return pair
			}
			return key + `="` + p.like(old, place+"/"+key) + `"`
		})
		if kind == pii.Text {
			v = users.ReplaceAllStringFunc(v, func(string) string { return "user '" + p.word(place) + "'" })
		}
		return v
	case json.Number:
		if kind == pii.Identity || kind == pii.Phone || kind == pii.VendorID {
			return json.Number(p.number(place))
		}
	}
	return v
}

// pairs and users are what stands in a text.
var (
	pairs = regexp.MustCompile(`\b\w+="[^"]+"`)
	users = regexp.MustCompile(`user '[^']+'`)
)

// kindAt is that of the nearest field around a place.
func kindAt(fields []pii.Field, path []string) (kind pii.Kind) {
	longest := -1
	for _, f := range fields {
		if len(f.Path) > longest && covers(f.Path, path) {
			kind, longest = f.Kind, len(f.Path)
		}
	}
	return kind
}

func covers(field, path []string) bool {
	if len(field) > len(path) {
		return false
	}
	for i, token := range field {
		if token != "*" && token != path[i] {
			return false
		}
	}
	return true
}

// profiles plants in all lines of the profiles' test data.
func (p *planter) profiles(t *testing.T) (lines []string) {
	t.Helper()
	classified := map[string][]pii.Field{}
	for _, info := range authevent.Known() {
		for _, f := range info.Classified {
			path, err := pii.ParsePointer(f.Pointer)
			require.NoError(t, err)
			classified[info.Name] = append(classified[info.Name], pii.Field{Path: path, Kind: f.Kind})
		}
		for _, a := range info.Attributes { // what fills a public one, in a place that is not, is taken for it
			if kind, _ := attr.KindOf(a.Name); kind != pii.Public {
				continue
			}
			for _, place := range a.Places {
				path, err := pii.ParsePointer(place)
				require.NoError(t, err)
				classified[info.Name] = append(classified[info.Name], pii.Field{Path: path, Kind: pii.Public})
			}
		}
	}
	files, err := filepath.Glob(filepath.Join(root, "internal", "authevent", "testdata", "*.ndjson"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	samples, err := filepath.Glob(filepath.Join(root, "testdata", "sample", "*.ndjson"))
	require.NoError(t, err)
	for _, file := range append(files, samples...) {
		source := strings.TrimSuffix(filepath.Base(file), ".ndjson")
		if classified[source] == nil {
			source = "hera" // which has two files
		}
		n, before := 0, p.n
		for line := range strings.Lines(e2etest.ReadFile(t, file)) {
			if n++; n > 25 {
				break
			}
			d := json.NewDecoder(strings.NewReader(line))
			d.UseNumber()
			var v map[string]any
			if d.Decode(&v) != nil {
				lines = append(lines, p.looks(strings.TrimSpace(line), source+" text"))
				continue
			}
			lines = append(lines, asJSON(p.value(v, nil, classified[source], source)))
		}
		require.Greater(t, p.n, before, file)
	}
	return lines
}

func asJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // of what was decoded it can't fail
	}
	return string(text)
}

// odd plants where no profile looks: in names, in names of events, in lines that are
// broken, wrapped, or of nobody's.
func (p *planter) odd() (lines []string) {
	const event = `{"type":"audit","event":"login_success","ts":"2026-08-21T08:00:00Z",`
	for what, like := range map[string]string{"email": "a@example.org", "uuid": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "ip": "192.0.2.1", "number": "448812345"} {
		in := func(place string) string { return p.like(like, what+" in "+place) }
		cloudwatch := `{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logStream":"s","subscriptionFilters":["f"],"logEvents":[{"id":"1","timestamp":1,"message":` + asJSON(event+`"identity_id":"`+in("CloudWatch")+`"}`) + `}]}`
		lines = append(lines,
			event+`"`+in("a name")+`":1}`,
			event+`"users":{"`+in("a name of an object")+`":{"x":[{"`+in("a name in an array")+`":1}]}}}`,
			`{"type":"audit","event":"`+in("an event's name")+`","ts":"2026-08-21T08:00:00Z"}`,
			event+`"note":"it was `+in("a text")+`, and a `+in("a text, again")+`!"}`,
			event+`"error":"no row for `+in("an error")+`","user_agent":"Mozilla/5.0 (`+in("a user agent")+`)","path":"/users/`+in("a path")+`/edit"}`,
			event+`"identity_id":"`+in("a broken line"),
			`Jul 1 12:00:00 host sshd[1]: Failed password for `+in("a line of text"),
			`{"level":"info","sub":"`+in("nobody's line")+`","text":"by `+in("a text of nobody's line")+`"}`,
			`{"log":`+asJSON(event+`"identity_id":"`+in("a docker line")+`"}`+"\n")+`,"stream":"stdout","time":"2026-08-21T08:00:00Z"}`,
			`2026-08-21T08:00:00.000000000Z stdout P `+event+`"identity_id":"`+in("a CRI part")+`"`,
			`2026-08-21T08:00:00.000000000Z stdout F ,"email":"`+in("a CRI rest")+`"}`,
			`{"__REALTIME_TIMESTAMP":"1","MESSAGE":`+asJSON(event+`"identity_id":"`+in("journald")+`"}`)+`}`,
			cloudwatch,
			event+`"identity_id":["`+in("a retyped field")+`"],"email":{"x":"`+in("another")+`"}}`,
			event+`"identity_id":"`+in("trailing")+`"} and `+in("behind"),
			event+`"note":"x","note":"`+in("a second of the name")+`"}`,
			`{"type":"`+in("another type")+`","ts":"2026-08-21T08:00:00Z","x":1,"x":"`+in("a second of nobody's")+`"}`,
		)
		if what == "uuid" || what == "number" {
			continue // fields that are public have ids of requests and clients
		}
		lines = append(lines,
			event+`"ts":"`+in("the time")+`"}`,
			event+`"outcome":"`+in("the outcome")+`","method":"`+in("the method")+`"}`,
		)
	}
	return lines
}

// files are those of a scan, by name.
func (p *planter) files(lines []string) map[string]string {
	id := func(what string) string { return p.uuid(what) }
	record := func(line string) string {
		return `{"body":{"stringValue":` + asJSON(line) + `},"attributes":[{"key":"user.id","value":{"stringValue":"` + p.word("OTLP user.id") +
			`"}},{"key":"user.email","value":{"stringValue":"` + p.email("OTLP user.email") + `"}},{"key":"` + p.email("OTLP key") + `","value":{"intValue":"` + p.number("OTLP number") + `"}}]}`
	}
	var otlp, table, logfmt strings.Builder
	table.WriteString("user_id,email,client_ip,name,note\n")
	for _, line := range lines[:40] {
		otlp.WriteString(`{"resourceLogs":[{"resource":{"attributes":[{"key":"host.ip","value":{"stringValue":"` + p.ip("OTLP resource") + `"}}]},"scopeLogs":[{"logRecords":[` + record(line) + `]}]}]}` + "\n")
		fmt.Fprintf(&table, "%s,%s,%s,%s,\"%s\"\n", p.word("column user_id"), p.email("column"), p.ip("column"), p.word("column name"), strings.ReplaceAll(line, `"`, `""`))
		fmt.Fprintf(&logfmt, "level=info user_id=%s email=%s ip=%s msg=\"for %s\"\n", p.word("logfmt"), p.email("logfmt"), p.ip("logfmt"), id("logfmt text"))
	}
	return map[string]string{
		"lines.ndjson":  strings.Join(lines, "\n") + "\n",
		"otlp.ndjson":   otlp.String(),
		"table.csv":     table.String(),
		"table.tsv":     strings.ReplaceAll(table.String(), ",", "\t"),
		"logfmt.log":    logfmt.String(),
		"traces.ndjson": `{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"` + p.email("span") + `","attributes":[{"key":"enduser.id","value":{"stringValue":"` + id("span") + `"}}]}]}]}]}` + "\n",
		"headless.csv":  p.email("header") + "," + id("header") + "\n" + p.email("cell") + "," + id("cell") + "\n",
		"doc.json":      "[\n" + `{"user_id":"` + id("document") + `","` + p.email("document's name") + `":{"a":"` + p.ip("document") + `"}}` + "\n]\n",
		"torn.json":     "[\n" + `{"user_id":"` + id("torn") + `",` + "\n" + `"x":"` + p.email("torn") + "\n",
	}
}
