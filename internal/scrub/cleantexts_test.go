package scrub

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
)

const testUUID = "9088ec8a-d3f1-4f19-95d4-e7c20e9bac31"

// heldAgainstSearch holds what is known of a text without a search, in a record
// with that id, against what a search does.
func heldAgainstSearch(t *testing.T, s *Scrubber, text, id string) (passes bool) {
	t.Helper()
	w := newWalker(s)
	w.names = s.names.View()
	w.addID(id)
	if text == "" || text == Redacted {
		return false
	}
	if w.isClean(text) {
		w.clean.add(text)
	}
	var latest cleanText
	passes = w.passes(text, &latest)
	assert.Equal(t, passes, w.passes(text, &latest), "the latest is another")
	if passes || w.isForeign(text) {
		out, became := w.search(text, 0)
		require.Equal(t, same, became, "%q of %q became %q", text, id, out)
		require.Empty(t, w.tallies.found, "%q of %q", text, id)
	}
	if passes && latest.route {
		out, became := w.known(pii.Path, text, 0)
		require.Equal(t, same, became, "%q became %q", text, out)
		require.Empty(t, w.tallies.found)
		ids := len(w.ids)
		require.True(t, w.addPathIDs(text, ""))
		require.Len(t, w.ids, ids, text)
	}
	return passes
}

// cleanSamples are texts as attributes have them, and what only looks like those.
var cleanSamples = []string{
	"Sign in page visited", "User Registration: 2FA Setup", "login_gov", "success", "S256", "Chrome", "secure.login.gov",
	"urn:gov:gsa:SAML:2.0.profiles:sp:sso:rrb:bosprod", "https://sp.example.gov/saml", "/users/password/new", "/", "e4407766",
	"/users/{id}/edit", "/users/4711471147", "/x;jsessionid=A1B2C3D4E5F6A7B8C9", "alice@example.com", "alice%40example.com", "192.0.2.44", "2001:db8::1",
	testUUID, strings.ReplaceAll(testUUID, "-", ""), strings.ToUpper(testUUID), "abcdefab-cdef-abcd-efab-cdefabcdefab",
	"abcdefabcdefabcdefabcdefabcdefab", "user abcdefabcdefabcdefabcdefabcdefab", "{}", `{"a":1}`, "[x]", "CORP\\alice", "auth0%7Clongname", "1",
	"Bearer abcdefgh", "password=hunter", "(202) 555-0143", "name\u212Aelvin", "by longname\uFF10", strings.Repeat("long text ", 7),
}

// A text that passes is one that a search leaves alone, whatever piece of it is the
// record's id.
func TestCleanTextsAgainstSearch(t *testing.T) {
	s := newTest(t, testPolicy())
	passed := 0
	for _, text := range cleanSamples {
		ids := []string{"", "alice", testUUID, "abcdefab-cdef-abcd-efab-cdefabcdefab", strings.ToUpper(text), "4711471147", "longname0"}
		for i := range text {
			for _, n := range []int{1, 3, minInText, 12, 16} {
				if i+n <= len(text) {
					ids = append(ids, text[i:i+n])
				}
			}
		}
		for _, id := range ids {
			if heldAgainstSearch(t, s, text, id) {
				passed++
			}
		}
	}
	assert.Greater(t, passed, 50)
	for _, text := range cleanSamples[:10] {
		assert.True(t, heldAgainstSearch(t, s, text, testUUID), text)
	}
}

func FuzzCleanTexts(f *testing.F) {
	for _, text := range cleanSamples {
		f.Add(text, "longname")
		f.Add("by longname "+text, "longname")
		f.Add(text, text)
	}
	s := newTest(f, testPolicy())
	f.Fuzz(func(t *testing.T, text, id string) {
		heldAgainstSearch(t, s, text, id)
	})
}

// isForeign takes no search for a UUID: there is nothing that one could find.
func TestFindsNothingInUUIDs(t *testing.T) {
	digits := "0123456789abcdefABCDEF"
	for i := range 2000 {
		id := []byte(testUUID)
		for j := range id {
			if id[j] != '-' {
				id[j] = digits[(i*(j+7)+j*j+i/5)%len(digits)]
			}
		}
		require.Empty(t, detect.Find(nil, string(id)))
		require.Empty(t, detect.Find(nil, strings.ReplaceAll(string(id), "-", "")))
	}
}

// What was clean in one record is not in that of a user by whose name it is.
func TestCleanTextHoldsIDOfLaterRecord(t *testing.T) {
	const name, other = "longname", "/users/longname/edit"
	s := newTest(t, testPolicy())
	w := &walker{s: s}
	s.walkers.New = func() any { return w }
	scrub := func(user string) plog.LogRecord {
		ld := oneRecord(testFields, func(lr plog.LogRecord) {
			lr.SetEventName("session of " + name + " ended")
			lr.Attributes().PutStr(attr.UserName, user)
			lr.Attributes().PutStr(attr.Category, name)
			lr.Attributes().PutStr(attr.URLPath, other)
		})
		s.Logs(ld)
		return record(ld)
	}
	for range 3 {
		lr := scrub("somebody")
		assert.Equal(t, "session of "+name+" ended", lr.EventName())
	}
	require.Positive(t, w.clean.taken)
	lr := scrub(name)
	for _, text := range []string{lr.EventName(), lr.Attributes().AsRaw()[attr.Category].(string)} {
		assert.Contains(t, named(s, text, name), "<identity:"+name+">")
	}
	assert.NotContains(t, marshal(t, oneRecord("", func(to plog.LogRecord) { lr.CopyTo(to) })), name)
}

// A sender of texts that come once each costs the set neither its bound nor a try
// for each.
func TestCleanTextsAreBounded(t *testing.T) {
	s := newTest(t, testPolicy())
	w := &walker{s: s}
	s.walkers.New = func() any { return w }
	letters := func(i int) string {
		return strings.NewReplacer("0", "a", "1", "b", "2", "c", "3", "d", "4", "e", "5", "f", "6", "g", "7", "h", "8", "i", "9", "j").Replace(fmt.Sprint(i))
	}
	for batch := range 40 {
		ld := plog.NewLogs()
		sl := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty()
		for i := range 2 * maxCleanTried {
			sl.LogRecords().AppendEmpty().Attributes().PutStr(attr.Category, letters(batch*1000+i))
		}
		before := w.clean.taken
		s.Logs(ld)
		require.LessOrEqual(t, w.clean.taken, before+maxCleanTried)
		require.LessOrEqual(t, w.clean.taken, cleanSlots/2)
		require.Positive(t, w.clean.taken)
	}
	held := 0
	for _, c := range w.clean.slots {
		if c.text != "" {
			held++
		}
	}
	assert.Equal(t, w.clean.taken, held)
}

// The set outlives the batch, so that nothing personal may be in it.
func TestCleanTextsNameNobody(t *testing.T) {
	s := newTest(t, testPolicy())
	w := &walker{s: s}
	s.walkers.New = func() any { return w }
	s.Logs(oneRecord("", func(lr plog.LogRecord) {
		for i, text := range cleanSamples {
			lr.Attributes().PutStr(attr.Record()[i].Name, text)
		}
		lr.Attributes().PutStr(attr.Category, "alice@example.com")
		lr.Attributes().PutStr(attr.ClientID, "user-20260821-47114711")
		lr.Attributes().PutStr(attr.UserEmail, "bob")
		lr.Attributes().PutStr(attr.UserName, "carol")
	}))
	require.Positive(t, w.clean.taken)
	for _, c := range w.clean.slots {
		for _, personal := range []string{"@", "%40", "192.0.2.44", "47114711", testUUID, "bob", "carol", "hunter", "db8", "0143"} {
			assert.NotContains(t, c.text, personal)
		}
	}
}
