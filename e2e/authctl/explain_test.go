//go:build unix

// Package authctl holds the companion command against the built collector.
package authctl

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
)

const config = "configs/quickstart.yaml"

// leaving is a record without what depends on where and when it was read.
type leaving struct {
	Event      string
	Time       string // empty where it is that of reading
	Severity   string
	Attributes map[string]string
	Body       map[string]string // by JSON Pointer
}

// TestExplainAgrees runs each file of the sample through the collector and through
// authctl explain, under one key: what is said to leave is what leaves, of every line.
// Both are sorted: the collector puts records together by resource and scope.
func TestExplainAgrees(t *testing.T) {
	tool := build(t)
	for _, file := range e2etest.Samples(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			want := collected(t, file)
			got := explained(t, tool, file)
			require.Len(t, got, len(want))
			require.Greater(t, len(want), 700)
			sorted(want)
			sorted(got)
			for i := range want {
				require.Equal(t, want[i], got[i], "record %d", i)
			}
		})
	}
}

func sorted(all []leaving) {
	key := func(l leaving) string {
		text, _ := json.Marshal(l)
		return string(text)
	}
	slices.SortFunc(all, func(a, b leaving) int { return strings.Compare(key(a), key(b)) })
}

func build(t *testing.T) string {
	t.Helper()
	tool := filepath.Join(t.TempDir(), "authctl")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", tool, "./cmd/authctl")
	cmd.Dir = e2etest.Root(t)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	return tool
}

// collected is what the collector writes, in the order of the file's lines.
func collected(t *testing.T, file string) []leaving {
	t.Helper()
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	lines := e2etest.CountPlainly(t, file).Lines
	p := e2etest.Start(t, colproc.Options{Config: config, Env: []string{
		"AUTHEVENTS_INCLUDE=" + file, "OUT_DIR=" + out, "STATE_DIR=" + filepath.Join(dir, "state"),
	}})
	e2etest.AwaitLines(t, p, lines)
	e2etest.Stop(t, p)
	var all []leaving
	e2etest.EachRecord(t, e2etest.ReadFile(t, filepath.Join(out, "logs.jsonl")), func(record map[string]any) {
		one := leaving{Attributes: map[string]string{}, Body: map[string]string{}}
		one.Event, _ = record["eventName"].(string)
		one.Severity, _ = record["severityText"].(string)
		nanos, err := strconv.ParseInt(record["timeUnixNano"].(string), 10, 64)
		require.NoError(t, err)
		one.Time = time.Unix(0, nanos).UTC().Format(time.RFC3339Nano)
		for _, a := range record["attributes"].([]any) {
			attribute := a.(map[string]any)
			for _, v := range attribute["value"].(map[string]any) {
				one.Attributes[attribute["key"].(string)] = scalar(v)
			}
		}
		body := record["body"].(map[string]any)["stringValue"].(string)
		d := json.NewDecoder(strings.NewReader(body))
		d.UseNumber()
		var value any = body
		if strings.HasPrefix(body, "{") {
			require.NoError(t, d.Decode(&value))
		}
		flatten(one.Body, "", value)
		all = append(all, one.comparable())
	})
	return all
}

// explained is what authctl says of the same lines.
func explained(t *testing.T, tool, file string) []leaving {
	t.Helper()
	in, err := os.Open(file)
	require.NoError(t, err)
	defer func() { assert.NoError(t, in.Close()) }()
	cmd := exec.CommandContext(t.Context(), tool, "explain", "-c", config, "--json", "--show-values")
	cmd.Dir, cmd.Stdin = e2etest.Root(t), in
	cmd.Env = append(os.Environ(), "PIISCRUB_KEY="+e2etest.Key)
	var errOut bytes.Buffer
	cmd.Stderr = &errOut
	out, err := cmd.Output()
	require.NoError(t, err, errOut.String())
	var all []leaving
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Buffer(nil, 16<<20); lines.Scan(); {
		var report struct {
			Skipped   string
			Pipelines []struct {
				Places []struct {
					Section, Name string
					After         json.RawMessage
				}
			}
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &report))
		if report.Skipped != "" {
			continue
		}
		require.Len(t, report.Pipelines, 1)
		one := leaving{Attributes: map[string]string{}, Body: map[string]string{}}
		for _, p := range report.Pipelines[0].Places {
			if p.After == nil {
				continue
			}
			d := json.NewDecoder(bytes.NewReader(p.After))
			d.UseNumber()
			var value any
			require.NoError(t, d.Decode(&value))
			switch p.Section + " " + p.Name {
			case "record event_name":
				one.Event = scalar(value)
			case "record time":
				one.Time = scalar(value)
			case "record severity_text":
				one.Severity = scalar(value)
			}
			switch p.Section {
			case "attribute":
				one.Attributes[p.Name] = scalar(value)
			case "body":
				flatten(one.Body, p.Name, value)
			}
		}
		all = append(all, one.comparable())
	}
	require.NoError(t, lines.Err())
	return all
}

// comparable takes off where the line was read. A uid of the line's own stays.
func (l leaving) comparable() leaving {
	if l.Attributes["auth.time.fallback"] != "" {
		l.Time = ""
	}
	delete(l.Attributes, "log.file.name")
	delete(l.Attributes, "log.file.path")
	if strings.Count(l.Attributes["log.record.uid"], "-") != 4 {
		delete(l.Attributes, "log.record.uid")
	}
	return l
}

func flatten(into map[string]string, at string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			flatten(into, at+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(name), member)
		}
	case []any:
		for i, element := range v {
			flatten(into, at+"/"+strconv.Itoa(i), element)
		}
	default:
		into[at] = scalar(v)
	}
}

// scalar is a value as text: OTLP JSON writes integers as strings, and numbers
// have several forms.
func scalar(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case json.Number:
		if f, err := v.Float64(); err == nil && strings.ContainsAny(v.String(), ".eE") {
			return strconv.FormatFloat(f, 'f', -1, 64)
		}
		return v.String()
	default:
		text, _ := json.Marshal(v)
		return string(text)
	}
}
