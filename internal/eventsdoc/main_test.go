package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/pii"
)

func TestPageIsUpToDate(t *testing.T) {
	committed, err := os.ReadFile("../../docs/events.md")
	require.NoError(t, err)
	if string(committed) != string(page(authevent.Known())) {
		t.Error("docs/events.md is not what the profiles say: go generate ./internal/eventsdoc")
	}
}

func TestEveryProfileIsIntroduced(t *testing.T) {
	for _, source := range authevent.Sources() {
		assert.NotEmpty(t, intros[source].title, source)
		assert.NotEmpty(t, intros[source].text, source)
	}
	assert.Len(t, intros, len(authevent.Sources()))
}

// TestTablesAreWhole: a stray bar or line break in a profile must not break a row.
func TestTablesAreWhole(t *testing.T) {
	columns := 0
	for line := range strings.Lines(string(page(authevent.Known()))) {
		if !strings.HasPrefix(line, "|") {
			columns = 0
			continue
		}
		n := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|")
		if columns == 0 {
			columns = n
		}
		assert.Equal(t, columns, n, line)
		assert.True(t, strings.HasSuffix(line, "|\n"), line)
	}
}

func TestPage(t *testing.T) {
	got := string(page([]authevent.ProfileInfo{{
		Name: "caddy", ServiceName: "svc",
		Match:      [][]authevent.ConditionInfo{{{Pointer: "/a", In: []string{"x"}, Optional: true}, {Pointer: "/b", Type: "object"}}, {{Pointer: "/c", Prefix: []string{"p|"}}}},
		Templates:  []authevent.TemplateInfo{{From: "/m", Template: "by `{u}`", Event: "e"}, {Template: "plain {}", Event: "f"}},
		Events:     []authevent.EventInfo{{Name: "e", Category: "login", Outcome: "failure", Aliases: []string{"old|name", "a `b`"}}},
		Patterns:   []authevent.PatternInfo{{Prefix: "x_", Category: "c", Known: true}, {Suffix: "_y", Outcome: "failure"}},
		Attributes: []authevent.AttributeInfo{{Name: "user.id", Places: []string{"/u", "/s/u"}}, {Name: "user.name", Places: []string{"/u"}}},
		Time:       []string{"/t"},
		Classified: []authevent.FieldInfo{{Pointer: "/s", Kind: pii.Secret}, {Pointer: "/u", Kind: pii.Identity}, {Pointer: "/l/*/ip", Kind: pii.IP}},
	}}))
	for _, want := range []string{
		"| [Caddy](#caddy) | `caddy` | 1 | 3 |\n",
		"| `login` | caddy |\n",
		"of one of these:\n\n- `/a` is `x`, if it is there; `/b` is an object\n- `/c` begins with `p\\|`\n",
		"| `e` | `old\\|name`<br>`` a `b` `` | login | failure |\n",
		"| `` by `{u}` `` | `/m` | `e` |\n| `plain {}` | a line of plain text | `f` |\n",
		"| `x_…` | c |  | no |\n| `…_y` |  | failure | yes |\n",
		"| `/l/*/ip` |  | ip |\n| `/s` |  | secret |\n| `/s/u` | `user.id` | secret, as all of `/s` |\n| `/t` | `(the record's time)` |  |\n| `/u` | `user.id`, `user.name` | identity |\n",
	} {
		assert.Contains(t, got, want)
	}
}
