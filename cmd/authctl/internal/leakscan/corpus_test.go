package leakscan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// name is under which name a value of leaks.jsonl is known, where nothing but the
// name tells it.
func (l leak) name() string {
	switch {
	case l.Kind != "identity":
		return "note"
	case strings.HasPrefix(fmt.Sprint(l.Value), "/"):
		return "http.path"
	}
	return "user_id"
}

func TestLeaksInEveryPlace(t *testing.T) {
	for _, p := range places {
		t.Run(p.name, func(t *testing.T) {
			for _, row := range rows[leak](t, "leaks.jsonl") {
				if row.Kind == "identity" && p.nameless {
					continue
				}
				in := p.file(t, row.name(), number(row.Value))
				r := scan(t, in)
				assert.Positive(t, r.Found, row.Note)
				want := row.Kind
				if row.name() == "http.path" {
					want = "path"
				}
				assert.Contains(t, r.kinds(), want, "%s: %+v", row.Note, r.Findings)
				printed, _ := run(t, in, "-")
				for _, secret := range row.Secret {
					assert.NotContains(t, printed, secret, row.Note)
				}
			}
		})
	}
}

// number is a value as a text: a number as it is written.
func number(v any) string {
	if n, ok := v.(float64); ok {
		return json.Number(fmt.Sprintf("%.0f", n)).String()
	}
	return fmt.Sprint(v)
}

func TestKeepsInEveryPlace(t *testing.T) {
	for _, p := range places {
		t.Run(p.name, func(t *testing.T) {
			for _, row := range rows[struct{ Value string }](t, "keep.jsonl") {
				r := scan(t, p.file(t, "note", row.Value))
				assert.Zero(t, r.Found, "%+v", r.Findings)
			}
		})
	}
}

// TestIDsThatARecordRepeats: an id known by its field is found in a text as well.
func TestIDsThatARecordRepeats(t *testing.T) {
	r := scan(t, `{"user_id":"mallory-77","note":"welcome mallory-77"}`)
	require.Len(t, r.Findings, 2)
	assert.Equal(t, []string{"identity"}, r.kinds())
	assert.Equal(t, "/note", r.Findings[1].Place)
	assert.Equal(t, Location{File: "stdin", Line: 1, Column: 32, Pointer: "/note"}, r.Findings[1].First)
}

func TestNumbersOfIDs(t *testing.T) {
	assert.Equal(t, 1, scan(t, `{"user_id":91823745}`).Found)
	assert.Zero(t, scan(t, `{"count":91823745}`).Found)
}

func TestColumns(t *testing.T) {
	r := scan(t, "\n  plain alice@example.com\n")
	require.Len(t, r.Findings, 1)
	assert.Equal(t, Location{File: "stdin", Line: 2, Column: 9}, r.Findings[0].First)
	r = scan(t, `app | {"a":"b", "c":"alice@example.com"}`)
	require.Len(t, r.Findings, 1)
	assert.Equal(t, Location{File: "stdin", Line: 1, Column: 21, Pointer: "/c"}, r.Findings[0].First)
}

// TestLongLines: what stands at the end of a line beyond every bound is found, and
// what stands at a cut.
func TestLongLines(t *testing.T) {
	filler := strings.Repeat("a text of words ", maxUnit/16)
	assert.Equal(t, []string{"email"}, scan(t, filler+filler+" bob@example.org").kinds())
	atCut := strings.Repeat("x ", maxUnit/2-3) + "192.0.2.44 " + filler
	assert.Equal(t, []string{"ip"}, scan(t, atCut).kinds())

	var b bytes.Buffer
	b.WriteString(`{"events":[`)
	for i := range 30_000 {
		fmt.Fprintf(&b, `{"n":%d,"user":"none"},`, i)
	}
	b.WriteString(`{"user_id":"bob-77"}],"next":{"e":"bob@example.org"}}`)
	r := scan(t, b.String())
	assert.Equal(t, []string{"identity", "email"}, r.kinds())
	assert.Equal(t, Location{File: "stdin", Line: 1, Pointer: "/events/30000/user_id"}, r.Findings[0].First)
	assert.Equal(t, "/next/e", r.Findings[1].First.Pointer)

	beyond := strings.Repeat("y ", maxLine/2+probe) + "bob@example.org and more"
	assert.Equal(t, []string{"email"}, scan(t, beyond).kinds())
}
