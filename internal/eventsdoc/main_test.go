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

func TestPoliciesAreUpToDate(t *testing.T) {
	committed, err := os.ReadFile("../../docs/policies.md")
	require.NoError(t, err)
	filled, err := fill(committed, policyTables(authevent.Known()))
	require.NoError(t, err)
	if string(committed) != string(filled) {
		t.Error("docs/policies.md is not what the profiles and presets say: go generate ./internal/eventsdoc")
	}
}

// TestEveryFieldHasARow is what an auditor counts on.
func TestEveryFieldHasARow(t *testing.T) {
	page, err := os.ReadFile("../../docs/policies.md")
	require.NoError(t, err)
	for _, p := range authevent.Known() {
		_, section, found := strings.Cut(string(page), "### Fields of "+intros[p.Name].title+"\n")
		require.True(t, found, p.Name)
		section, _, _ = strings.Cut(section, "### ")
		for _, f := range p.Classified {
			assert.Contains(t, section, "\n| "+code(f.Pointer)+" | ", p.Name)
		}
	}
}

func TestEveryKindIsExplained(t *testing.T) {
	for _, kind := range pii.Kinds() {
		assert.NotEmpty(t, kindBriefs[kind], kind)
	}
}

func TestFill(t *testing.T) {
	const page = "a\n<!-- x: written by go generate ./internal/eventsdoc -->\nold\n<!-- end of x -->\nb\n"
	got, err := fill([]byte(page), []section{{"x", []byte("new\n")}})
	require.NoError(t, err)
	assert.Equal(t, strings.Replace(page, "old\n", "\nnew\n\n", 1), string(got))
	again, err := fill(got, []section{{"x", []byte("new\n")}})
	require.NoError(t, err)
	assert.Equal(t, string(got), string(again))
	for _, broken := range []string{"", strings.ReplaceAll(page, "end of", "end"), strings.ReplaceAll(page, "go generate", "make")} {
		_, err := fill([]byte(broken), []section{{"x", nil}})
		assert.ErrorContains(t, err, `the marks of "x" are missing`)
	}
}

// TestFieldRows: a field by *, one with no attribute, and one of two attributes.
func TestFieldRows(t *testing.T) {
	got := string(fieldTables([]authevent.ProfileInfo{{
		Name:       "caddy",
		Attributes: []authevent.AttributeInfo{{Name: "user.id", Places: []string{"/l/0/id", "/u"}}, {Name: "user.name", Places: []string{"/u", "/u/deep"}}},
		Classified: []authevent.FieldInfo{{Pointer: "/l/*/id", Kind: pii.Identity}, {Pointer: "/s", Kind: pii.Secret}, {Pointer: "/u", Kind: pii.Identity}},
	}}))
	for _, want := range []string{
		"### Fields of Caddy\n\n| field | attribute | kind | analytics | audit | strict |\n",
		"| `/l/*/id` | `user.id` | identity | pseudonym | keep | pseudonym |\n",
		"| `/s` |  | secret | redact | redact | redact |\n",
		"| `/u` | `user.id`, `user.name` | identity | pseudonym | keep | pseudonym |\n",
	} {
		assert.Contains(t, got, want)
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
	pages := page(authevent.Known())
	for _, s := range policyTables(authevent.Known()) {
		pages = append(append(pages, "\n"...), s.text...)
	}
	for line := range strings.Lines(string(pages)) {
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
		"| `/s/u` | `user.id` | secret, as all of `/s` |\n| `/t` | `(the record's time)` |  |\n| `/u` | `user.id`, `user.name` | identity |\n",
		"\n[All 3 fields](policies.md#fields-of-caddy) and",
	} {
		assert.Contains(t, got, want)
	}
}
