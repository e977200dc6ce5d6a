//go:build unix

package upgrade

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// place is a working directory with the input, the state and the output of a
// collector.
type place struct {
	dir     string
	binary  string
	config  string // of testdata
	buckets bool   // the config reads a bucket and counts, too
	// again is how many records of before come a second time, by output.
	again map[string]int
}

func newPlace(t *testing.T, binary, config string) *place {
	t.Helper()
	p := &place{dir: t.TempDir(), binary: binary, config: config, buckets: config == "collector.yaml"}
	for _, folder := range []string{"in", "bucket", "state"} {
		require.NoError(t, os.Mkdir(filepath.Join(p.dir, folder), 0o700))
	}
	return p
}

func (p *place) path(parts ...string) string {
	return filepath.Join(append([]string{p.dir}, parts...)...)
}

// put makes the next part of the input: more lines in the file, another object in
// the bucket. Its time is part of its identity, so it is the same at all times.
func (p *place) put(t *testing.T, part string) {
	t.Helper()
	text := e2etest.ReadFile(t, filepath.Join("testdata", "input", part))
	f, err := os.OpenFile(p.path("in", "hera.ndjson"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	_, err = f.WriteString(text)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	// Written beside the bucket, so that no poll finds it half done.
	object := p.path(part)
	require.NoError(t, os.WriteFile(object, []byte(text), 0o600))
	at := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	require.NoError(t, os.Chtimes(object, at, at))
	require.NoError(t, os.Rename(object, p.path("bucket", part)))
}

// moveAway is the remedy for a state that is of no use.
func (p *place) moveAway(file string) error { return os.Rename(p.path("state", file), p.path(file)) }

func (p *place) start(t *testing.T) *colproc.Process {
	t.Helper()
	config, err := filepath.Abs(filepath.Join("testdata", p.config))
	require.NoError(t, err)
	process, err := colproc.Start(t.Context(), colproc.Options{
		Binary: p.binary, Config: config, Dir: p.dir, Ports: true, Env: []string{"PIISCRUB_KEY=" + e2etest.Key},
	})
	require.NoError(t, err)
	t.Cleanup(process.Kill)
	return process
}

// outputs are the files of log records.
func (p *place) outputs() []string {
	if p.buckets {
		return []string{"files.jsonl", "objects.jsonl"}
	}
	return []string{"files.jsonl"}
}

// run puts the parts, one by one, each when the one before has been read, and
// ends the collector. A part that is read a second time shows before a later one.
func (p *place) run(t *testing.T, parts ...string) {
	t.Helper()
	process := p.start(t)
	wanted := 0
	for _, part := range parts {
		p.put(t, part)
		wanted += strings.Count(e2etest.ReadFile(t, filepath.Join("testdata", "input", part)), "\n")
		for _, output := range p.outputs() {
			require.Eventually(t, func() bool { return p.has(output, wanted+p.again[output]) }, e2etest.Patience, 10*time.Millisecond,
				"%s has not %d new records: %s", output, wanted, process.Log())
		}
	}
	e2etest.Stop(t, process)
}

func (p *place) has(output string, records int) bool {
	text, err := os.ReadFile(p.path("out", output))
	return err == nil && bytes.Count(text, []byte(`{"key":"log.record.uid"`)) >= records
}

// uids are those of an output, in order of their bodies.
func (p *place) uids(t *testing.T, output string) []string {
	t.Helper()
	var uids []string
	e2etest.EachRecord(t, e2etest.ReadFile(t, p.path("out", output)), func(record map[string]any) {
		attributes, ok := record["attributes"].([]any)
		require.True(t, ok)
		for _, a := range attributes {
			attribute, ok := a.(map[string]any)
			require.True(t, ok)
			if value, ok := attribute["value"].(map[string]any); ok && attribute["key"] == "log.record.uid" {
				uid, ok := value["stringValue"].(string)
				require.True(t, ok)
				uids = append(uids, uid)
			}
		}
	})
	return uids
}

// count is the last point that was written of auth.events, over all series.
type count struct {
	Events int64    `json:"events"`
	Starts []string `json:"starts"` // Unix nanoseconds, each once
}

func (p *place) count(t *testing.T) count {
	t.Helper()
	type dataPoint struct {
		StartTimeUnixNano string
		AsInt             json.Number
	}
	var last count
	for line := range strings.Lines(e2etest.ReadFile(t, p.path("out", "metrics.jsonl"))) {
		var batch struct {
			ResourceMetrics []struct {
				ScopeMetrics []struct {
					Metrics []struct {
						Name string
						Sum  struct{ DataPoints []dataPoint }
					}
				}
			}
		}
		require.NoError(t, json.Unmarshal([]byte(line), &batch))
		for _, resource := range batch.ResourceMetrics {
			for _, scope := range resource.ScopeMetrics {
				for _, metric := range scope.Metrics {
					if metric.Name != "auth.events" {
						continue
					}
					last = count{}
					starts := map[string]bool{}
					for _, point := range metric.Sum.DataPoints {
						n, err := point.AsInt.Int64()
						require.NoError(t, err)
						last.Events += n
						if !starts[point.StartTimeUnixNano] {
							starts[point.StartTimeUnixNano] = true
							last.Starts = append(last.Starts, point.StartTimeUnixNano)
						}
					}
				}
			}
		}
	}
	return last
}
