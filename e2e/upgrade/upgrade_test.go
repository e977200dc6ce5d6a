//go:build unix

// Package upgrade runs the built collector on the state that earlier versions
// left, and on one that a later version might leave. `make e2e` builds it first.
package upgrade

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// make_state keeps the state of a binary, once for each release:
//
//	make build && go test ./e2e/upgrade -run TestMakeState -make_state v0.1.0
var (
	makeState   = flag.String("make_state", "", "write testdata/state/<this>, as a release leaves it")
	stateBinary = flag.String("state_binary", "", "the collector that leaves it; the built one unless set")
	stateConfig = flag.String("state_config", "collector.yaml", "its configuration in testdata")
)

// The input: what the old version reads, and what comes thereafter.
const beforeUpgrade = "1.ndjson"

var afterUpgrade = []string{"2.ndjson", "3.ndjson"}

// continued is what a version itself makes of what comes after its state: what
// every later version has to make of it, too.
type continued struct {
	Config string `json:"config"`
	// UIDs by output, in order.
	UIDs  map[string][]string `json:"uids"`
	Count *count              `json:"count,omitempty"`
}

// goOn reads what comes after the state.
func (p *place) goOn(t *testing.T) continued {
	t.Helper()
	p.run(t, afterUpgrade...)
	c := continued{Config: p.config, UIDs: map[string][]string{}}
	for _, output := range p.outputs() {
		c.UIDs[output] = p.uids(t, output)
	}
	if p.buckets {
		n := p.count(t)
		c.Count = &n
	}
	return c
}

// TestMakeState does nothing but with the flag.
func TestMakeState(t *testing.T) {
	if *makeState == "" {
		return
	}
	binary := *stateBinary
	if binary == "" {
		binary = e2etest.Binary(t)
	}
	require.NoDirExists(t, folderOf(*makeState), "a release's state is never changed")
	old := newPlace(t, binary, *stateConfig)
	old.run(t, beforeUpgrade)
	old.pack(t, *makeState)

	same := newPlace(t, binary, *stateConfig)
	same.unpack(t, *makeState)
	same.put(t, beforeUpgrade)
	text, err := json.MarshalIndent(same.goOn(t), "", "\t")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folderOf(*makeState), "continued.json"), append(text, '\n'), 0o600))
}

// TestUpgrade: from the state of each version this one goes on as that version
// did: no line is lost or comes twice, the uids and the start time stay, and
// counts go on.
func TestUpgrade(t *testing.T) {
	folders, err := filepath.Glob(folderOf("*"))
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(folders), 2)
	for _, folder := range folders {
		version := filepath.Base(folder)
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			var want continued
			require.NoError(t, json.Unmarshal([]byte(e2etest.ReadFile(t, filepath.Join(folder, "continued.json"))), &want))
			p := newPlace(t, e2etest.Binary(t), want.Config)
			p.unpack(t, version)
			p.put(t, beforeUpgrade)
			got := p.goOn(t)
			require.NotEmpty(t, want.UIDs["files.jsonl"])
			for output, uids := range want.UIDs {
				assert.ElementsMatch(t, uids, got.UIDs[output], output)
			}
			assert.Equal(t, want.Count, got.Count)
		})
	}
}
