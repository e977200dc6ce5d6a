package leakscan

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/collector"
	"github.com/authevents/otelcol-auth/internal/authevent"
)

const sources = "../../../../internal/authevent/testdata"

const conf = `
receivers: {auth_events: {stdin: {}}}
processors:
  pii_scrub:
    keys: [{id: k1, secret: "11111111111111111111111111111111"}]
  pii_scrub/uuids:
    shape: preserve
    keys: [{id: k1, secret: "11111111111111111111111111111111"}]
service:
  pipelines:
    logs/tokens: {receivers: [auth_events], processors: [pii_scrub]}
    logs/uuids: {receivers: [auth_events], processors: [pii_scrub/uuids]}
`

// scrubbed is what the collector makes of a file's lines: OTLP JSON, and the bodies
// as a log vendor's export has them.
func scrubbed(t *testing.T, file, pipeline string) (otlp, bodies string) {
	t.Helper()
	cfg, err := collector.Load(t.Context(), "yaml:"+conf)
	require.NoError(t, err)
	for _, p := range cfg.Pipelines {
		if p.ID.Name() != pipeline {
			continue
		}
		chain, err := cfg.Chain(t.Context(), p)
		require.NoError(t, err)
		defer func() { assert.NoError(t, chain.Stop(context.Background())) }()
		from, err := cfg.Sources(p)
		require.NoError(t, err)
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for line := range bytes.Lines(text) {
			ld, err := from[0].Decode(bytes.TrimSpace(line))
			require.NoError(t, err)
			stages, err := chain.Run(t.Context(), ld)
			require.NoError(t, err)
			out := stages[len(stages)-1].Logs
			one, err := (&plog.JSONMarshaler{}).MarshalLogs(out)
			require.NoError(t, err)
			otlp += string(one) + "\n"
			for _, rl := range out.ResourceLogs().All() {
				for _, sl := range rl.ScopeLogs().All() {
					for _, lr := range sl.LogRecords().All() {
						bodies += lr.Body().AsString() + "\n"
					}
				}
			}
		}
	}
	require.NotEmpty(t, otlp)
	return otlp, bodies
}

// TestNothingInWhatTheCollectorPutsOut: no false alarm, with its keys or without.
func TestNothingInWhatTheCollectorPutsOut(t *testing.T) {
	for _, source := range authevent.Sources() {
		for _, pipeline := range []string{"tokens", "uuids"} {
			t.Run(source+"/"+pipeline, func(t *testing.T) {
				otlp, bodies := scrubbed(t, filepath.Join(sources, source+".ndjson"), pipeline)
				for _, args := range [][]string{nil, {"-c", "yaml:" + conf}} {
					r := scan(t, otlp, args...)
					assert.Zero(t, r.Found, "OTLP: %+v", r.Findings)
					r = scan(t, bodies, args...)
					assert.Zero(t, r.Found, "bodies: %+v", r.Findings)
					exported, table := "", "@timestamp,@message\n"
					for body := range strings.Lines(bodies) {
						body = strings.TrimSpace(body)
						exported += `{"labels":{},"line":` + quoted(body) + "}\n"
						table += "2026-05-20 10:00:00.000," + csvCell(body) + "\n"
					}
					r = scan(t, exported, args...)
					assert.Zero(t, r.Found, "exported: %+v", r.Findings)
					r = scan(t, table, args...)
					assert.Zero(t, r.Found, "as CSV: %+v", r.Findings)
				}
			})
		}
	}
}

// TestPlantedValuesAreFound: each value that must not leave is found where it stands
// in the lines of the IdPs.
func TestPlantedValuesAreFound(t *testing.T) {
	text, err := os.ReadFile("../../../../internal/wholeway/testdata/planted.json")
	require.NoError(t, err)
	var planted map[string][]string
	require.NoError(t, json.Unmarshal(text, &planted))
	for _, source := range authevent.Sources() {
		t.Run(source, func(t *testing.T) {
			lines, err := os.ReadFile(filepath.Join(sources, source+".ndjson"))
			require.NoError(t, err)
			found := map[string]bool{}
			for _, f := range scan(t, string(lines)).Findings {
				found[f.Place] = true
				if text, inside, ok := strings.Cut(f.Place, "#"); ok && !strings.Contains(inside, "#") {
					found[text] = true // of a form in a text, by the names in it
				}
			}
			for _, value := range planted[source] {
				for line := range bytes.Lines(lines) {
					for _, place := range placesOf(t, line, value) {
						assert.True(t, found[place], "%q at %s", value, place)
					}
				}
			}
		})
	}
}

func placesOf(t *testing.T, line []byte, value string) (places []string) {
	root, err := parse(string(line))
	require.NoError(t, err)
	var walk func(tree *tree, at spot)
	walk = func(v *tree, at spot) {
		for i, child := range v.values {
			if v.sort == '{' {
				walk(child, at.member(v.names[i], false))
			} else {
				walk(child, at.element(i, false))
			}
		}
		if v.scalar() && (strings.Contains(strings.ToLower(v.text), strings.ToLower(value)) || quoted(v.text) == value) {
			places = append(places, at.place)
		}
	}
	walk(root, spot{})
	return places
}

// TestKeysTellPseudonyms: what only looks like one is found if the keys are known.
func TestKeysTellPseudonyms(t *testing.T) {
	forged := `{"user_id":"identity_k1_0123456789abcdef0123456789abcdef01234567"}`
	assert.Zero(t, scan(t, forged).Found)
	assert.Equal(t, []string{"identity"}, scan(t, forged, "-c", "yaml:"+conf).kinds())
}

func TestCompressed(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte("bob@example.org\n"))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	assert.Equal(t, []string{"email"}, scan(t, b.String()).kinds())
}

// TestBrokenInput ends, tells what it found before, and quotes nothing.
func TestBrokenInput(t *testing.T) {
	filler := strings.Repeat("{\"n\": \"none\"},\n", probe/8) // the fault is not in sight at the beginning
	out, err := run(t, "{\n\"a\": [{\"b\":\"bob@example.org\"},\n"+filler+" {\"c\": tom@example.org", "-")
	require.ErrorContains(t, err, "is no JSON from there on")
	assert.NotContains(t, err.Error(), "tom")
	assert.Contains(t, out, "/a/0/b")
	_, err = run(t, "\xFF\xFEx", "-")
	require.ErrorContains(t, err, "UTF-16")
	_, err = run(t, "", filepath.Join(t.TempDir(), "none"))
	require.ErrorContains(t, err, "none: no such file")

	for name, in := range map[string]string{
		"text in brackets":  "[2026-05-20] INFO bob@example.org\n",
		"torn document":     "{\n\"a\": [{\"b\":\"bob@example.org\"},\n {\"c\": tom",
		"torn line":         `{"type":"audit","email":"bob@example.org"` + "\n",
		"two on a line":     `{"a":"bob@example.org"}{"b":2}` + "\n",
		"invalid UTF-8":     "\xFF bob@example.org \xFE\n",
		"carriage returns":  "{\"a\":\"bob@example.org\"}\r\n",
		"a byte-order mark": "\xEF\xBB\xBF{\"a\":\"bob@example.org\"}\n",
		"deep":              strings.Repeat(`{"a":`, 70) + `"bob@example.org"` + strings.Repeat("}", 70),
	} {
		t.Run(name, func(t *testing.T) {
			assert.Positive(t, scan(t, in).Found)
		})
	}
}

func TestGoldenAndHelp(t *testing.T) {
	out, _ := run(t, "", "testdata/mixed.log", "--max", "6")
	golden(t, "mixed.txt", out)
	out, _ = run(t, "", "--json", "testdata/mixed.log")
	golden(t, "mixed.json", out)
	out, err := run(t, "", "--kinds", "phone", "testdata/mixed.log")
	require.NoError(t, err)
	assert.Contains(t, out, "no personal data found")
	_, err = run(t, "", "--kinds", "shoe_size", "-")
	require.ErrorContains(t, err, "identity, email, ip")
	_, err = run(t, "", "--max", "0", "-")
	require.ErrorContains(t, err, "--max")
	_, err = run(t, "", "--processor", "pii_scrub", "-")
	require.ErrorContains(t, err, "-c collector.yaml")
	_, err = run(t, "", "-c", "yaml:"+conf, "--processor", "pii_scrub/none", "-")
	require.ErrorContains(t, err, "--processor")
}

func TestCancelled(t *testing.T) {
	s, err := newScanner(known{}, newReport(nil))
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 0*time.Second)
	defer cancel()
	require.ErrorIs(t, s.files(ctx, strings.NewReader("a\nb\n"), []string{"-"}), context.DeadlineExceeded)
}
