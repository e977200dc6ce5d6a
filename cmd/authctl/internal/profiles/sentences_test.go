package profiles

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTemplateOf(t *testing.T) {
	for text, want := range map[string]string{
		"Unsuccessful 1FA authentication attempt by user 'conan o'brien'": "Unsuccessful 1FA authentication attempt by user '{user}'",
		"Login failed for Ann Example (ann@example.org)":                  "Login failed for {}",
		"login of ann failed, account ann.example: wrong password":        "login of {} failed, account {user}: wrong password",
		"mail to user ann.example (ann@example.org) to confirm identity":  "mail to user {user} ({}) to confirm identity",
		"Login failed for user ''":                                        "Login failed for user '{user}'",
		"Ann logged in session":                                           "{} logged in session",
		"Ann logged in":                                                   "",
		"user 'Password reset' failed login":                              "user '{user}' failed login",
		"Login {x} failed":                                                "",
		"Ann was here":                                                    "",
		"":                                                                "",
	} {
		got, ok := templateOf(text)
		assert.Equal(t, want != "", ok, text)
		if ok {
			assert.Equal(t, want, got.template, text)
		}
	}
}

// TestSentences: of a source that writes sentences alone, the draft names events,
// finds the user, and shows nobody.
func TestSentences(t *testing.T) {
	in := `{"time":"2026-05-20T10:00:00Z","msg":"Login failed for user 'ann example'"}
{"time":"2026-05-20T10:00:01Z","msg":"Login failed for user 'bob'"}
{"time":"2026-05-20T10:00:02Z","msg":"carol logged in: session created"}
`
	d, err := draftOf(strings.NewReader(in), "drafted", 100, false, nil)
	require.NoError(t, err)
	assert.Equal(t, 3, d.Taken)
	for _, name := range []string{"ann", "bob", "carol"} {
		assert.NotContains(t, d.YAML, name)
	}
	p, _, _, err := parserOf([]byte(d.YAML), "drafted")
	require.NoError(t, err)
	lr, ok := parse(p, []byte(in[:strings.IndexByte(in, '\n')]))
	require.True(t, ok)
	assert.Equal(t, []string{"login_failed_user", "ann example", "failure"},
		[]string{lr.EventName(), valueOf(lr, "user.id"), valueOf(lr, "auth.outcome")})
}
