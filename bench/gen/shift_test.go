package main

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func shifted(t *testing.T, end, in string) string {
	t.Helper()
	var out bytes.Buffer
	if err := run([]string{"-shift", "-end", end}, strings.NewReader(in), &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestShiftMovesTheTimesOfEvents(t *testing.T) {
	in := strings.Join([]string{
		`{"type":"audit","event":"a","ts":"2026-05-20T10:00:00.000Z"}`,
		`{"type":"metric" , "timestamp" : "2026-05-20T09:59:59.250Z","env":"production"}`,
		`{"name":"n","properties":{"event_properties":{"event_created_at":"2026-05-19T00:00:00.000Z","time":"2026-05-19T00:00:00.000Z"}},"time":"2026-05-20T12:00:00+02:00","id":"\"ts\":"}` + "\r",
		`{"type":"audit","event":"ts","time":["2026-05-20T10:00:00.000Z"],"key":"time","ts":"yesterday","timestamp":1716199200}`,
		``,
		`plain "ts":"2026-05-20T10:00:00.000Z"`,
		`{"ts":"2026-05-20T10:00:00.000Z"`,
		`["ts","2026-05-20T10:00:00.000Z"]`,
		`{"ts":"2026-05-20T09:00:00.123456789Z"}`, // no newline behind
	}, "\n")
	want := strings.Join([]string{
		`{"type":"audit","event":"a","ts":"2026-05-21T11:30:00.500Z"}`,
		`{"type":"metric" , "timestamp" : "2026-05-21T11:29:59.750Z","env":"production"}`,
		`{"name":"n","properties":{"event_properties":{"event_created_at":"2026-05-19T00:00:00.000Z","time":"2026-05-19T00:00:00.000Z"}},"time":"2026-05-21T13:30:00+02:00","id":"\"ts\":"}` + "\r",
		`{"type":"audit","event":"ts","time":["2026-05-20T10:00:00.000Z"],"key":"time","ts":"yesterday","timestamp":1716199200}`,
		``,
		`plain "ts":"2026-05-20T10:00:00.000Z"`,
		`{"ts":"2026-05-20T10:00:00.000Z"`,
		`["ts","2026-05-20T10:00:00.000Z"]`,
		`{"ts":"2026-05-21T10:30:00.623456789Z"}`,
	}, "\n")
	if got := shifted(t, "2026-05-21T11:30:00.5Z", in); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestShiftThereAndBackChangesNothing(t *testing.T) {
	// The newest time of n lines at the default rate of ten a second, and
	// enough noise lines to have every kind.
	in := string(bytes.Join(generate(t, "-n", "2001", "-noise", "0.2", "-seed", "3"), []byte("\n"))) + "\n"
	in += `{"type":"audit","event":"last","ts":"2026-08-21T08:03:20.100Z"}` + "\n"
	away := shifted(t, "2031-02-03T04:05:06.789Z", in)
	if away == in {
		t.Fatal("nothing moved")
	}
	if len(away) != len(in) {
		t.Errorf("%d bytes became %d", len(in), len(away))
	}
	if back := shifted(t, "2026-08-21T08:03:20.100Z", away); back != in {
		t.Error("more than the times has changed")
	}
}

func TestShiftLeavesLinesWithoutATime(t *testing.T) {
	const in = "plain\n{\"a\":1}\n"
	if got := shifted(t, "2026-05-21T11:30:00Z", in); got != in {
		t.Errorf("got %q", got)
	}
}

func TestShiftOfNothing(t *testing.T) {
	err := run([]string{"-shift"}, strings.NewReader(""), io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "standard input") {
		t.Errorf("got %v", err)
	}
	broken := errors.New("broken pipe")
	if err := run([]string{"-shift"}, iotest.ErrReader(broken), io.Discard, io.Discard); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}
