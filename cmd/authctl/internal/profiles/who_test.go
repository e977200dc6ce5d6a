package profiles

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
)

const begin = `{"time":"2026-05-20T10:00:00Z","ip":"203.0.113.9",`

// TestWhoIsMeant drafts from lines of sources that no profile knows, and reads each
// of them by the draft.
func TestWhoIsMeant(t *testing.T) {
	type person struct{ user, actor string }
	for name, tc := range map[string]struct {
		lines []string
		want  []person
	}{
		"the target, where it is a user": {
			[]string{
				`"event":"login","actor":{"id":"u-811111","type":"User"}}`,
				`"event":"user_locked","actor":{"id":"u-822222","type":"User"},"target":[{"id":"u-811111","type":"User"}]}`,
				`"event":"group_seen","actor":{"id":"u-822222","type":"User"},"target":[{"id":"g-700000","type":"Group"}]}`,
				`"event":"token","actor":{"id":"m-900000","type":"Machine"}}`,
				`"event":"password_changed","actor":{"id":"u-811111","type":"User"},"target":[{"id":"u-811111","type":"User"}]}`,
			},
			[]person{{"u-811111", ""}, {"u-811111", "u-822222"}, {"u-822222", ""}, {"", ""}, {"u-811111", ""}},
		},
		"a target beside it": {
			[]string{
				`"event":"login","userId":"u-811111"}`,
				`"event":"user_locked","userId":"u-822222","targetType":"user","targetId":"u-811111"}`,
				`"event":"group_seen","userId":"u-822222","targetType":"group","targetId":"g-700000"}`,
			},
			[]person{{"u-811111", ""}, {"u-811111", "u-822222"}, {"u-822222", ""}},
		},
		"events of an aggregate": {
			[]string{
				`"event":"user.added","editor":{"userId":"u-822222"},"aggregateType":"user","aggregateID":"u-811111"}`,
				`"event":"user.password.check","editor":{"userId":"LOGIN"},"aggregateType":"user","aggregateID":"u-811111"}`,
				`"event":"project.seen","editor":{"userId":"u-822222"},"aggregateType":"project","aggregateID":"p-700000"}`,
			},
			[]person{{"u-811111", "u-822222"}, {"u-811111", ""}, {"u-822222", ""}},
		},
		"the path, where somebody else asks": {
			[]string{
				`"event":"login","user_id":"u-811111","path":"/login"}`,
				`"event":"call","user_id":"u-822222","path":"/api/v2/users/811111/groups?x=1"}`,
				`"event":"call","user_id":"u-822222","path":"/api/v2/groups/811111"}`,
			},
			[]person{{"u-811111", ""}, {"811111", "u-822222"}, {"u-822222", ""}},
		},
		"an administrator's events": {
			[]string{
				`"event":"login","user_id":"u-811111"}`,
				`"event":"admin_update","user_id":"u-822222","path":"users/811111"}`,
				`"event":"admin_update","user_id":"u-822222","path":"settings"}`,
			},
			[]person{{"u-811111", ""}, {"811111", "u-822222"}, {"", "u-822222"}},
		},
		"a user's own path": {
			[]string{
				`"event":"login","user_id":"811111","path":"/users/811111"}`,
				`"event":"logout","user_id":"811112","path":"/users/811112"}`,
			},
			[]person{{"811111", ""}, {"811112", ""}},
		},
		"on behalf of": {
			[]string{
				`"event":"login","user":{"id":"u-811111"}}`,
				`"event":"call","user":{"id":"u-822222","on_behalf_of":{"id":"u-811111"}}}`,
			},
			[]person{{"u-811111", ""}, {"u-811111", "u-822222"}},
		},
		"nobody": {
			[]string{
				`"event":"login","user":{"id":811111,"username":"a.b"}}`,
				`"event":"mail","user":{"id":0,"username":"AnonymousUser"}}`,
			},
			[]person{{"811111", ""}, {"", ""}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for i := range tc.lines {
				tc.lines[i] = begin + tc.lines[i]
			}
			d, err := draftOf(strings.NewReader(strings.Join(tc.lines, "\n")), "drafted", 100, false, authevent.Known())
			require.NoError(t, err)
			require.Nil(t, d.BuiltIn)
			p, _, _, err := parserOf([]byte(d.YAML), "drafted")
			require.NoError(t, err)
			for i, line := range tc.lines {
				lr, ok := parse(p, []byte(line))
				require.True(t, ok, line)
				assert.Equal(t, tc.want[i], person{valueOf(lr, attr.UserID), valueOf(lr, attr.ActorID)}, line)
			}
		})
	}
}

func TestIDInPath(t *testing.T) {
	for path, want := range map[string][2]string{
		"/admin/identities/ca7e60d1-0000-4000-8000-000000000001/x": {"/admin/identities/", "ca7e60d1-0000-4000-8000-000000000001"},
		"users/47":                         {"users/", "47"},
		"/api/v2/users/auth0%7C6455a1b2c3": {"/api/v2/users/", "auth0|6455a1b2c3"},
		"/users/me":                        {},
		"/users/carla.c@example.com/edit":  {},
		"/groups/47/users/48":              {}, // of one group only
		"/t/6455a1b2c3d4/users/48":         {},
		"/users":                           {},
		"":                                 {},
	} {
		after, id := idInPath(path)
		assert.Equal(t, want, [2]string{after, id}, path)
	}
}

// TestPathOfOne: of a path that one line has nothing is shown but common words.
func TestPathOfOne(t *testing.T) {
	in := begin + `"event":"login","user_id":"u-811111","path":"/~ann/users/47"}` + "\n" + begin + `"event":"call","path":"/x"}`
	d, err := draftOf(strings.NewReader(in), "drafted", 100, false, nil)
	require.NoError(t, err)
	assert.NotContains(t, d.YAML, "ann")
}
