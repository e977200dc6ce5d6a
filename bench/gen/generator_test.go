package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// generate returns the lines for the flags.
func generate(t *testing.T, args ...string) [][]byte {
	t.Helper()
	var out bytes.Buffer
	if err := run(args, nil, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	text, ended := bytes.CutSuffix(out.Bytes(), []byte("\n"))
	if !ended {
		t.Fatal("the last line has no end")
	}
	return bytes.Split(text, []byte("\n"))
}

func TestSameFlagsSameLines(t *testing.T) {
	args := []string{"-n", "3000", "-seed", "7", "-noise", "0.1", "-duplicates", "0.1"}
	first := bytes.Join(generate(t, args...), nil)
	if !bytes.Equal(first, bytes.Join(generate(t, args...), nil)) {
		t.Error("two runs differ")
	}
	if bytes.Equal(first, bytes.Join(generate(t, append(args, "-seed", "8")...), nil)) {
		t.Error("another seed gives the same lines")
	}
}

func TestEventLinesAreJSONOfTheirSource(t *testing.T) {
	for _, test := range []struct {
		source string
		kinds  int
		keys   []string // one of these begins every line
	}{
		{"hera", len(heraKinds), []string{`{"type":"`, `{"audit":true,"action":"`}},
		{"login_gov", len(names(loginGovKinds)), []string{`{"name":"`}},
	} {
		t.Run(test.source, func(t *testing.T) {
			seen := map[string]bool{}
			for _, line := range generate(t, "-source", test.source, "-n", "5000") {
				var event struct{ Event, Action, Name string }
				if err := json.Unmarshal(line, &event); err != nil {
					t.Fatalf("%v: %s", err, line)
				}
				if !strings.HasPrefix(string(line), test.keys[0]) && !strings.HasPrefix(string(line), test.keys[len(test.keys)-1]) {
					t.Fatalf("unknown shape: %s", line)
				}
				seen[event.Event+event.Action+event.Name] = true
			}
			if len(seen) != test.kinds {
				t.Errorf("%d event names seen, want all %d", len(seen), test.kinds)
			}
		})
	}
}

func names(kinds []loginGovKind) map[string]bool {
	set := map[string]bool{}
	for _, k := range kinds {
		set[k.name] = true
	}
	return set
}

func TestLoginGovLinesAreAsLongAsRealOnes(t *testing.T) {
	lines := generate(t, "-source", "login_gov", "-n", "2000")
	total := 0
	for _, line := range lines {
		total += len(line)
	}
	if mean := total / len(lines); mean < 900 || mean > 1400 {
		t.Errorf("%d bytes a line, want about 1 KB", mean)
	}
}

func TestAUserStaysTheSame(t *testing.T) {
	visitors, addresses := map[string]string{}, map[string]string{}
	for _, text := range generate(t, "-source", "login_gov", "-n", "3000", "-users", "20") {
		var line struct {
			VisitorID  string `json:"visitor_id"`
			Properties struct {
				UserID string `json:"user_id"`
				UserIP string `json:"user_ip"`
			}
		}
		if err := json.Unmarshal(text, &line); err != nil {
			t.Fatal(err)
		}
		user := line.Properties.UserID
		if user == "anonymous-uuid" {
			continue
		}
		if v := visitors[user]; v != "" && v != line.VisitorID {
			t.Fatalf("user %s has visitor ids %s and %s", user, v, line.VisitorID)
		}
		visitors[user] = line.VisitorID
		if ip := line.Properties.UserIP; ip != "" {
			if a := addresses[user]; a != "" && a != ip {
				t.Fatalf("user %s has addresses %s and %s", user, a, ip)
			}
			addresses[user] = ip
		}
	}
	if len(visitors) != 20 {
		t.Errorf("%d users, want 20", len(visitors))
	}
}

func TestShareOfIPv4(t *testing.T) {
	for _, share := range []float64{0, 0.8, 1} {
		o := defaultOptions()
		o.users, o.ipv4 = 2000, share
		v4 := 0
		for _, u := range newGenerator(o).users {
			if netip.MustParseAddr(u.ip).Is4() {
				v4++
			}
		}
		if got := float64(v4) / 2000; got < share-0.05 || got > share+0.05 {
			t.Errorf("share %g, want %g", got, share)
		}
	}
}

func TestNoiseIsNoEvent(t *testing.T) {
	kinds := map[string]int{}
	for _, line := range generate(t, "-n", "2000", "-noise", "1") {
		var object map[string]any
		switch {
		case len(bytes.TrimSpace(line)) == 0:
			kinds["blank"]++
		case bytes.HasPrefix(line, []byte("# Logfile created on ")):
			kinds["log file"]++
		case json.Unmarshal(line, &object) != nil:
			kinds["no JSON"]++
		case len(object) == 0:
			kinds["empty object"]++
		case object["log_filename"] != nil && object["log_filename"] != "events.log":
			kinds["other log"]++
		default:
			t.Errorf("an event: %s", line)
		}
	}
	if len(kinds) != 5 {
		t.Errorf("kinds of noise: %v, want all five", kinds)
	}
}

func TestShareOfNoiseAndDuplicates(t *testing.T) {
	seen, repeated, broken := map[string]bool{}, 0, 0
	lines := generate(t, "-source", "login_gov", "-n", "5000", "-noise", "0.1", "-duplicates", "0.05")
	for _, line := range lines {
		var event struct{ ID string }
		if json.Unmarshal(line, &event) != nil || event.ID == "" {
			broken++
		} else if seen[string(line)] {
			repeated++
		}
		seen[string(line)] = true
	}
	if broken < 400 || broken > 600 {
		t.Errorf("%d lines of noise of 5000, want about 500", broken)
	}
	if repeated < 170 || repeated > 290 {
		t.Errorf("%d repeated lines of 5000, want about 225", repeated)
	}
}

func TestTimesFollowStartAndRate(t *testing.T) {
	lines := generate(t, "-source", "login_gov", "-n", "5", "-start", "2026-01-02T03:04:05Z", "-rate", "2")
	for i, want := range []string{"03:04:05.000Z", "03:04:05.500Z", "03:04:06.000Z", "03:04:06.500Z", "03:04:07.000Z"} {
		var event struct{ Time string }
		if err := json.Unmarshal(lines[i], &event); err != nil {
			t.Fatal(err)
		}
		if event.Time != "2026-01-02T"+want {
			t.Errorf("line %d: %s, want %s", i, event.Time, want)
		}
	}
}

func TestBadFlags(t *testing.T) {
	for args, want := range map[string]string{
		"-n -1":          "-n must not be negative (got -1)",
		"-users 0":       "-users must be positive (got 0)",
		"-rate 0":        "-rate must be positive (got 0)",
		"-rate NaN":      "-rate must be positive (got NaN)",
		"-ipv4 1.5":      "-ipv4 must be a share between 0 and 1 (got 1.5)",
		"-noise -0.1":    "-noise must be a share between 0 and 1 (got -0.1)",
		"-duplicates 2":  "-duplicates must be a share between 0 and 1 (got 2)",
		"events.ndjson":  `takes flags only (got "events.ndjson")`,
		"-source okta":   "must be hera, login_gov or mixed",
		"-start tuesday": "cannot parse",
	} {
		var usage strings.Builder
		err := run(strings.Fields(args), nil, io.Discard, &usage)
		if err == nil {
			t.Errorf("%s: no error", args)
			continue
		}
		if text := err.Error() + usage.String(); !strings.Contains(text, want) {
			t.Errorf("%s: %q does not say %q", args, text, want)
		}
	}
	if err := run([]string{"-h"}, nil, io.Discard, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h: %v", err)
	}
}

func BenchmarkLine(b *testing.B) {
	for _, source := range []string{"hera", "login_gov"} {
		b.Run(source, func(b *testing.B) {
			o := defaultOptions()
			if err := o.setSource(source); err != nil {
				b.Fatal(err)
			}
			g := newGenerator(o)
			var line []byte
			bytes := 0
			b.ReportAllocs()
			start := time.Now()
			for i := 0; b.Loop(); i++ {
				line = g.appendLine(line[:0], i)
				bytes += len(line)
			}
			b.ReportMetric(float64(bytes)/1e6/time.Since(start).Seconds(), "MB/s")
		})
	}
}
