package pipelines

import (
	"encoding/json"
	"strings"
	"testing"
)

var options = Options{
	Include: []string{"/in/a.ndjson"}, StateDir: "/state", Sink: map[string]any{"directory": "/sink"}, OTLPEndpoint: "http://127.0.0.1:1",
}

// TestConfigIsWhole: what a pipeline names is configured, and nothing else is.
func TestConfigIsWhole(t *testing.T) {
	for _, side := range []Side{Ours, Stock} {
		for _, source := range []string{Hera, LoginGov} {
			for _, row := range Rows() {
				for _, out := range []string{"", "/out"} {
					o := options
					o.OutDir = out
					c := config(t, side, source, row, o)
					used := map[string]bool{}
					for _, p := range c.Service.Pipelines {
						for _, id := range append(append(p.Receivers, p.Processors...), p.Exporters...) {
							used[id] = true
						}
					}
					for _, components := range []map[string]any{c.Receivers, c.Processors, c.Connectors, c.Exporters} {
						for id := range components {
							if idle := id == "file/metrics" && !row.Counts(); !used[id] && !idle {
								t.Errorf("%s, %s, %s: %s is in no pipeline", side, source, row, id)
							}
							delete(used, id)
						}
					}
					if len(used) > 0 {
						t.Errorf("%s, %s, %s: %v are not configured", side, source, row, used)
					}
				}
			}
		}
	}
}

// TestRowsDoWhatTheySay: each stage is there where its row has it.
func TestRowsDoWhatTheySay(t *testing.T) {
	for side, stages := range map[Side][2]string{Ours: {"pii_scrub", "event_metrics"}, Stock: {"redaction", "signal_to_metrics"}} {
		for row, want := range map[Row][2]bool{
			Receive: {false, false}, Scrub: {true, false}, Count: {false, true}, Everything: {true, true}, Send: {true, true},
		} {
			c := config(t, side, LoginGov, row, options)
			_, scrubs := c.Processors[stages[0]]
			_, counts := c.Connectors[stages[1]]
			if scrubs != want[0] || counts != want[1] {
				t.Errorf("%s, %s: scrubs %t, counts %t", side, row, scrubs, counts)
			}
			if _, sends := c.Exporters["otlp_http"]; sends != (row == Send) {
				t.Errorf("%s, %s: sends %t", side, row, sends)
			}
		}
	}
}

func TestConfigRefuses(t *testing.T) {
	for _, c := range []struct {
		side   Side
		source string
		row    Row
		want   string
	}{
		{"theirs", Hera, Receive, `side must be ours or stock (got "theirs")`},
		{Ours, "okta", Receive, `source must be hera or login_gov (got "okta")`},
		{Ours, Hera, "guess", `(got "guess")`},
	} {
		if _, err := Config(c.side, c.source, c.row, options); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

// TestRedactionDoesNotChangeItsArguments: callers hand it lists that they keep.
func TestRedactionDoesNotChangeItsArguments(t *testing.T) {
	keys := []string{"user.id", "visit_id"}
	patterns := Redaction(keys...)["blocked_key_patterns"].([]any)
	if keys[0] != "user.id" || patterns[0] != `^(?:user\.id|visit_id)$` {
		t.Errorf("%q, %q", keys, patterns)
	}
}

// TestKeysAreThereToFind: a key whose value was moved away would cost, and find nothing.
func TestKeysAreThereToFind(t *testing.T) {
	for row, want := range map[Row]string{
		Scrub:      `^(?:user_id|user_ip|visit_id|visitor_id|account_lex_id|event_ip|disavowed_device_last_ip)$`,
		Everything: `^(?:account_lex_id|event_ip|disavowed_device_last_ip|user\.id|session\.id|auth\.visitor\.id|client\.address)$`,
	} {
		c := config(t, Stock, LoginGov, row, options)
		settings := c.Processors["redaction"].(map[string]any)
		if got := settings["blocked_key_patterns"].([]any); len(got) != 1 || got[0] != want {
			t.Errorf("%s: got %q, want %s", row, got, want)
		}
	}
}

type collector struct {
	Receivers, Processors, Connectors, Exporters map[string]any
	Service                                      struct {
		Pipelines map[string]struct{ Receivers, Processors, Exporters []string }
	}
}

// config goes by JSON, as the collector has it.
func config(t *testing.T, side Side, source string, row Row, o Options) collector {
	t.Helper()
	settings, err := Config(side, source, row, o)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	var c collector
	if err := json.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	return c
}
