package main

import (
	"bytes"
	"os"
	"slices"
	"testing"
)

// sample are the lines of the sample that our parser takes as events, but for
// those without the id for which it would make one.
func sample(t *testing.T, s *source) (lines [][]byte) {
	t.Helper()
	data, err := os.ReadFile("../../testdata/sample/" + s.name + ".ndjson")
	if err != nil {
		t.Fatal(err)
	}
	m, err := newOurs(s)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(data) {
		line = bytes.TrimSpace(line)
		m.begin(1, len(line))
		if m.add(line) == nil && hasID(s, line) {
			lines = append(lines, line)
		}
	}
	if len(lines) < 500 {
		t.Fatalf("%s: %d lines of the sample are events", s.name, len(lines))
	}
	return lines
}

func hasID(s *source, line []byte) bool {
	return slices.ContainsFunc(s.uid, func(pointer string) bool {
		return bytes.Contains(line, []byte(`"`+pointer[1:]+`":"`))
	})
}

func TestWaysAgree(t *testing.T) {
	for i := range sources {
		s := &sources[i]
		differ, err := check(s, sample(t, s))
		if err != nil {
			t.Fatal(err)
		}
		for name, n := range differ {
			if name == rewritesNumbers {
				continue
			}
			t.Errorf("%s: %s: %d records differ from ours", s.name, name, n)
		}
	}
}

// What the README says of each way: which defects our own ways let pass.
func TestOursRefuses(t *testing.T) {
	s, err := sourceOf("login_gov")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]string{
		oursName: {"bad UTF-8"}, // which it mends
		walkName: nil,
	} {
		taken, counts, err := lenience(name, s)
		if err != nil || !slices.Equal(taken, want) || counts != "the last" {
			t.Errorf("%s takes %q, and of duplicates %s (%v)", name, taken, counts, err)
		}
	}
}

// The ways that read a tree member by member know duplicates; those that decode
// into a struct merge objects, and those that look for paths see the first.
func TestDuplicates(t *testing.T) {
	s, err := sourceOf("login_gov")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"jsontext, tokens":      "the last",
		"encoding/json, struct": "the last; objects are merged",
		"gjson, GetMany":        "the first; objects are merged",
	} {
		if _, counts, err := lenience(name, s); err != nil || counts != want {
			t.Errorf("%s: of duplicates counts %s, not %s (%v)", name, counts, want, err)
		}
	}
}
