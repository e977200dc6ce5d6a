package profiles

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/authevent"
)

// TestUnknownSources drafts from lines of sources that are not built in, shaped as
// webhooks, event stores and audit logs are: what each has to find, and what it must
// not take for something else. %d is the line's number.
func TestUnknownSources(t *testing.T) {
	for name, tc := range map[string]struct {
		line      string
		want, not []string
	}{
		"a time by an instant, and the uid beside the name": {
			line: `{"event":{"type":"user.login.failed","createInstant":17162000%d0000,"id":"7c9e6679-7425-40de-944b-e07fc1f90a%02d","user":{"id":"u1","username":"ann"},"reason":{"code":"credentials"}}}`,
			want: []string{"time:\n      - /event/createInstant", "uid:\n      - /event/id", "codes:\n        - /event/reason/code", "/event/createInstant: {type: number}"},
			// A line of a user without a name is still of this source.
			not: []string{"/event/user/username: {type", "/event/user/id: {type"},
		},
		"what comes again is no uid": {
			line: `{"event":"login","time":"2026-05-20T10:%d:00Z","uuid":"7c9e6679-7425-40de-944b-e07fc1f90ae7"}`,
			not:  []string{"uid:"},
		},
		"an application's id is nobody's address": {
			line: `{"type":"token.added","creationDate":"2026-05-20T10:%d:00Z","payload":{"applicationId":"2600%d@acme","audience":["2600@acme"]}}`,
			want: []string{"time:\n      - /creationDate # high"},
			not:  []string{"user.email"},
		},
		"nor is one that looks like an address": {
			line: `{"type":"token.added","time":"2026-05-20T10:%d:00Z","payload":{"applicationId":"shop-%d@apps.example.com"}}`,
			not:  []string{"user.email"},
		},
		"who signs nobody in": {
			line: `{"type":"user.checked","time":"2026-05-20T10:%d:00Z","editor":{"userId":"LOGIN"}}`,
			want: []string{"except: [LOGIN] # nobody"},
		},
		"a type that is a method": {
			line: `{"event":"authentication.succeeded","created_at":"2026-05-20T10:%d:13Z","data":{"type":"magic_auth"}}`,
			want: []string{"name: auth.method\n        from:\n          - /data/type"},
		},
		"a type that is none": {
			line: `{"event":"authentication.succeeded","created_at":"2026-05-20T10:%d:13Z","data":{"type":"object"}}`,
			not:  []string{"auth.method"},
		},
		"what was never there, and where somebody lives": {
			line: `{"event":"login","created_at":"2026-05-20T10:%d:13Z","impersonator":null,"timezone":"America/Denver"}`,
			want: []string{"quasi_identifier:\n        - /timezone # by its name", "text:\n        - /impersonator # in doubt, 0 of 20 lines"},
		},
		"a method by its type": {
			line: `{"event":"login","created_at":"2026-05-20T10:%d:13Z","authenticationType":"PASSWORD"}`,
			want: []string{"- /authenticationType"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var lines strings.Builder
			for i := range 20 {
				n := strings.Count(tc.line, "%")
				fmt.Fprintf(&lines, tc.line+"\n", []any{10 + i, 10 + i}[:n]...)
			}
			d, err := draftOf(strings.NewReader(lines.String()), "drafted", 100, false, authevent.Known())
			require.NoError(t, err)
			assert.Equal(t, 20, d.Taken)
			for _, want := range tc.want {
				assert.Contains(t, d.YAML, want)
			}
			for _, not := range tc.not {
				assert.NotContains(t, d.YAML, not)
			}
		})
	}
}

// TestOneUser: what is the same in all lines of one user may be that user's.
func TestOneUser(t *testing.T) {
	for users, want := range map[int]string{1: "text", 2: "public"} {
		var lines strings.Builder
		for i := range 20 {
			fmt.Fprintf(&lines, `{"event":"login","time":"2026-05-20T10:%d:00Z","user_id":"u-%d","team":"falcons","location":{"state":"Ohio"}}`+"\n", 10+i, i%users)
		}
		got, err := run(t, lines.String(), "draft")
		require.NoError(t, err)
		assert.Equal(t, users == 1, strings.Contains(got, "# All lines are of one user"))
		_, under, _ := strings.Cut(got, "      "+want+":\n")
		assert.True(t, strings.HasPrefix(under, "        - /team # "), got)
		assert.Contains(t, got, "      quasi_identifier:\n        - /location/state # by its name")
	}
}

// TestMissing: a draft says what it did not find.
func TestMissing(t *testing.T) {
	got, err := run(t, `{"event":"opened","colour":"blue"}`+"\n", "draft")
	require.NoError(t, err)
	assert.Contains(t, got, "# Not found: time, outcome, user.id, client.address. If the lines have it, add its place.\n")
	got, err = run(t, `{"event":"login_failed","time":"2026-05-20T10:00:00Z","user_id":"u-1","ip":"203.0.113.9"}`+"\n", "draft")
	require.NoError(t, err)
	assert.NotContains(t, got, "Not found")
}

func TestCategories(t *testing.T) {
	for name, want := range map[string]string{
		"user.two-factor.method.add": "mfa", "jwt.refresh": "oidc", "user.human.signed.out": "session", "LOGGED_OUT": "session",
		"invitation.created": "registration", "user.invited": "registration", "login_v2": "login",
	} {
		assert.Equal(t, want, categoryOf(name), name)
	}
}
