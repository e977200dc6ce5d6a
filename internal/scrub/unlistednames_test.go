package scrub

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// tellNames scrubs a record of each of the users, with the names in a text body, in
// a map body and among the attributes, and returns what was told.
func tellNames(t *testing.T, s *Scrubber, users int, names ...string) (told []string) {
	t.Helper()
	for user := range users {
		body := "{"
		for _, name := range names {
			body += fmt.Sprintf("%q:1,", name)
		}
		body += `"known":1}`
		for form := range 3 {
			ld := oneRecord(`{"public":["/known"]}`, func(lr plog.LogRecord) {
				lr.Attributes().PutStr(attr.UserID, fmt.Sprintf("user-%d", user))
				lr.Body().SetStr(`{"known":1}`)
				switch form {
				case 0:
					lr.Body().SetStr(body)
				case 1:
					parseMap(t, lr.Body(), body)
				default:
					for _, name := range names {
						lr.Attributes().PutInt(name, 1)
					}
				}
			})
			told = append(told, s.Logs(ld).UnlistedNames...)
		}
	}
	return told
}

func TestUnlistedNamesAreToldOnce(t *testing.T) {
	s := newTest(t, testPolicy())
	assert.Empty(t, tellNames(t, s, minUsers-1, "risk_score", "tier2"))
	assert.ElementsMatch(t, []string{"risk_score", "tier2"}, tellNames(t, s, minUsers, "risk_score", "tier2"))
	assert.Empty(t, tellNames(t, s, 2*minUsers, "risk_score", "tier2"), "a second time")
}

// TestUnlistedNamesOfPersons: a name that may be a person's never shows.
func TestUnlistedNamesOfPersons(t *testing.T) {
	s := newTest(t, testPolicy())
	assert.Empty(t, tellNames(t, s, 5, "alice@example.com", "192.0.2.44", "2001:db8::1", "Alice", "alice smith", "alice-smith",
		"alice19770401", "a1b2c3d4e5f6a7b8", "deadbeefdeadbeef1", "user-0", "+12025550123", "j", "日本", strings.Repeat("a", 42), "5551234"))
	for range 2 * maxLooks { // members named for users stand in those users' records
		assert.Empty(t, tellNames(t, s, 1, "alice"))
	}
	assert.Empty(t, tellNames(t, s, 5, "alice"), "given up")

	w := newWalker(s)
	w.putID("carol")
	assert.False(t, w.isPlainName("carol"), "an id of the record")
	assert.True(t, w.isPlainName("carols"))
}

func TestUnlistedNamesAreBounded(t *testing.T) {
	var names []string
	for i := range 2 * maxUnlistedNames {
		names = append(names, "field_"+string(rune('a'+i%26))+string(rune('a'+i/26%26))+string(rune('a'+i/676)))
	}
	s := newTest(t, testPolicy())
	told := tellNames(t, s, minUsers, names[:100]...)
	slices.Sort(told)
	assert.Len(t, slices.Compact(told), maxTold)

	s = newTest(t, testPolicy())
	tellNames(t, s, 1, names...)
	assert.Len(t, s.unlisted.pending, maxUnlistedNames)
	assert.Empty(t, tellNames(t, s, minUsers, "another"), "no room")
}

// What is told is a name: escapes in names and values are unquoted into the same
// buffer, an element has no name, and what turns out to be no JSON has none.
func TestUnlistedNamesAreNoValues(t *testing.T) {
	for body, want := range map[string][]string{
		`{"\u006futer":"\u0061lice"}`:         nil, // open, so that its value is looked at first
		`{"outer":["\u0061lice","bob"]}`:      nil,
		`{"outer":"{\"alice\":{bob}}"}`:       {"outer"},
		`{"outer":"{\"extra\":1}"}`:           {"extra"},
		`{"outer":{"x":"y"},"extra":{"a":1}}`: {"extra"},
	} {
		s := newTest(t, testPolicy())
		var told []string
		for user := range 2 * minUsers {
			ld := oneRecord(`{"public":["/outer/x"]}`, func(lr plog.LogRecord) {
				lr.Attributes().PutStr(attr.UserID, fmt.Sprintf("user-%d", user))
				lr.Body().SetStr(body)
			})
			told = append(told, s.Logs(ld).UnlistedNames...)
		}
		assert.Equal(t, want, told, body)
	}
}
