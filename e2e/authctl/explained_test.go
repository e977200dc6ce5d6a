//go:build unix

package authctl

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// report is what of explain --json the tests look at.
type report struct {
	Skipped string
	Record  *struct {
		Attributes []struct {
			Name  string
			Value any
		}
	}
	Pipelines []pipelineReport
}

type pipelineReport struct {
	Pipeline, Error string
	DroppedBy       string `json:"dropped_by"`
	Places          []struct {
		Section, Name string
		After         json.RawMessage
	}
	Counters []struct {
		ID      string
		Metrics []struct {
			Name   string
			Adds   float64
			Labels map[string]string
		}
	}
}

// said is what explain says of a file's lines.
type said struct {
	left    map[string][]leaving // by pipeline
	dropped map[string]int       // by processor
	// adds is the sum of what the lines add to a series, and times how many do.
	adds, times map[string]float64
	// again are the records that an event_metrics saw before, by the line's uid.
	again int
}

// explained is what authctl says of the lines.
func (s *setup) explained(t *testing.T, tool string) said {
	t.Helper()
	in, err := os.Open(s.file)
	require.NoError(t, err)
	defer func() { assert.NoError(t, in.Close()) }()
	args := []string{"explain", "--json", "--show-values"}
	for _, uri := range append([]string{s.config}, append(s.overlays, s.toFiles(t))...) {
		args = append(args, "-c", uri)
	}
	cmd := exec.CommandContext(t.Context(), tool, args...)
	cmd.Dir, cmd.Stdin = e2etest.Root(t), in
	cmd.Env = append(append(os.Environ(), "PIISCRUB_KEY="+e2etest.Key, "AUTHEVENTS_INCLUDE="+s.file, "OTLP_ENDPOINT=http://127.0.0.1:1"), s.env...)
	var errOut bytes.Buffer
	cmd.Stderr = &errOut
	read := span{from: time.Now()}
	out, err := cmd.Output()
	require.NoError(t, err, errOut.String())
	read.to = time.Now()
	all := said{left: map[string][]leaving{}, dropped: map[string]int{}, adds: map[string]float64{}, times: map[string]float64{}}
	seen := map[string]bool{}
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Buffer(nil, 16<<20); lines.Scan(); {
		var r report
		require.NoError(t, json.Unmarshal(lines.Bytes(), &r))
		if r.Skipped != "" {
			continue
		}
		require.NotEmpty(t, r.Pipelines)
		for i := range r.Pipelines {
			all.add(t, &r, &r.Pipelines[i], read, seen)
		}
	}
	require.NoError(t, lines.Err())
	return all
}

func (s *said) add(t *testing.T, r *report, p *pipelineReport, read span, seen map[string]bool) {
	t.Helper()
	require.Empty(t, p.Error)
	uid := ""
	for _, a := range r.Record.Attributes {
		if text, ok := a.Value.(string); ok && a.Name == "log.record.uid" && ownUID(text) {
			uid = text
		}
	}
	for _, c := range p.Counters {
		if id := c.ID + " " + uid; uid != "" && seen[id] {
			s.again++
			continue
		} else if uid != "" {
			seen[id] = true
		}
		for _, m := range c.Metrics {
			s.adds[key(m.Name, m.Labels)] += m.Adds
			s.times[key(m.Name, m.Labels)]++
		}
	}
	if p.DroppedBy != "" {
		s.dropped[p.DroppedBy]++
		return
	}
	one := newLeaving()
	for _, place := range p.Places {
		if place.After == nil {
			continue
		}
		d := json.NewDecoder(bytes.NewReader(place.After))
		d.UseNumber()
		var value any
		require.NoError(t, d.Decode(&value))
		switch place.Section {
		case "record":
			one.Record[place.Name] = scalar(value)
			if text, ok := value.(string); ok && place.Name == "time" {
				at, err := time.Parse(time.RFC3339Nano, text)
				require.NoError(t, err)
				one.Record[place.Name] = read.text(at)
			}
		case "resource":
			flatten(one.Resource, place.Name, value)
		case "scope":
			flatten(one.Scope, place.Name, value)
		case "attribute":
			flatten(one.Attributes, place.Name, value)
		case "body":
			if place.Name == "" {
				flattenBody(one.Body, value)
				continue
			}
			flatten(one.Body, place.Name, value)
		default:
			require.Fail(t, "no section of a record", place.Section)
		}
	}
	s.left[p.Pipeline] = append(s.left[p.Pipeline], one.comparable())
}
