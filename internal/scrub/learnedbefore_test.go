package scrub

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// jsonBodyWhole is jsonBody as it was before only what stands before the place of a
// learned id was looked at again: it looks at all.
func (w *walker) jsonBodyWhole(text string, root *node) (out string) {
	p := spot{kind: root.kind, listed: root.listed}
	out, _, code := w.json(text, root, p, 0)
	if code == jsonscan.OK && w.learned > 0 && w.learnedIn(out) {
		w.twice(func() {
			if more, again, _ := w.json(out, root, p, 0); again != same {
				out = more
			}
		})
	}
	return out
}

// learnedPolicies are those under which an id is learned: it is replaced, or goes.
func learnedPolicies(tb testing.TB) (scrubbers []*Scrubber) {
	for _, action := range []Action{Pseudonym, Redact, Drop} {
		p := testPolicy()
		p.Actions[pii.Identity] = action
		scrubbers = append(scrubbers, newTest(tb, p))
	}
	return scrubbers
}

// sameWithin says what jsonBody makes of a body, held against jsonBodyWhole.
func sameWithin(tb testing.TB, s *Scrubber, body string) string {
	tb.Helper()
	fast, slow := newWalker(s), newWalker(s)
	for _, w := range []*walker{fast, slow} {
		w.left = maxMembers
		w.forgetIDs()
		w.plan = s.planFor(testFields, w.t, 0)
	}
	got, _, code := fast.jsonBody(body, fast.plan.root)
	if want := slow.jsonBodyWhole(body, slow.plan.root); got != want {
		tb.Fatalf("%q became %q, should be %q", body, got, want)
	}
	if len(fast.tallies.found) != len(slow.tallies.found) {
		tb.Fatalf("%q: %d found, should be %d", body, len(fast.tallies.found), len(slow.tallies.found))
	}
	if code != jsonscan.OK {
		return ""
	}
	return got
}

// TestLearnedBefore puts ids and texts that hold them in every order.
func TestLearnedBefore(t *testing.T) {
	scrubbers := learnedPolicies(t)
	ids := []string{"jane.roe-1977", "9088ec8a-d3f1-3f19-15d4-e7c20e9bac31", `CORP\alice`, "auth0|61823277abc", "6182327764"}
	forms := []func(id string) string{
		func(id string) string { return "of " + id },
		strings.ToUpper,
		func(id string) string { return strings.ReplaceAll(id, "-", "") },
		func(id string) string { return "/users/" + strings.ReplaceAll(id, "|", "%7C") },
		func(id string) string { return `{"y":` + quoted(id) + `,"session_id":"another-1234"}` },
		func(string) string { return `{"session_id":"learned-in-text-5","y":"learned-in-text-5"}` },
		func(string) string { return `{"y":"of learned-in-text-5","session_id":"learned-in-text-5"}` },
		func(string) string { return "learned-in-text-5" },
		func(string) string { return strings.Repeat("\xff-", 20) },
		func(string) string { return "nothing" },
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		var members []string
		id := ids[rng.IntN(len(ids))]
		for i := range 1 + rng.IntN(5) {
			text := quoted(forms[rng.IntN(len(forms))](id))
			members = append(members, []string{
				fmt.Sprintf(`"x%d":%s`, i, text),
				fmt.Sprintf(`"ab":{"x%d":[%s]}`, i, text),
				fmt.Sprintf(`%s:1`, text),
				fmt.Sprintf(`"deep":{"a":[{"id":%s,"z":%s}]}`, quoted(id), text),
				fmt.Sprintf(`"h":{"name":%s,"value":%s}`, text, text),
			}[rng.IntN(5)])
		}
		members = append(members, `"id":`+quoted(id))
		rng.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
		body := "{" + strings.Join(members, ",") + "}"
		for _, s := range scrubbers {
			got := sameWithin(t, s, body)
			if utf8.ValidString(body) {
				assert.NotContains(t, got, quoted("of "+id), body)
			}
		}
	}
}

// FuzzLearnedBefore is TestLearnedBefore of bodies that nobody thought of.
func FuzzLearnedBefore(f *testing.F) {
	f.Add(`{"x":"of jane.roe-1977","id":"jane.roe-1977","y":"jane.roe-1977"}`)
	f.Add(`{"x":"{\"session_id\":\"auth0|61823277abc\"}","y":"auth0%7C61823277abc","users":{"a":"CORP\\alice.b"}}`)
	f.Add(`{"a":"9088ec8ad3f13f1915d4e7c20e9bac31","v":{"name":"id","value":"9088ec8a-d3f1-3f19-15d4-e7c20e9bac31"},"deep":{"a":[{"id":"9088EC8A-d3f1-3f19-15d4-e7c20e9bac31"}]}}`)
	scrubbers := learnedPolicies(f)
	f.Fuzz(func(t *testing.T, body string) {
		if !looksJSON(body) {
			return
		}
		for _, s := range scrubbers {
			sameWithin(t, s, body)
		}
	})
}

func quoted(text string) string {
	out, _ := json.Marshal(text)
	return strings.ReplaceAll(string(out), `\ufffd`, "\xff") // a sender may put in bytes that are no UTF-8
}

// The id of who is not signed in is replaced in its field, as all that stands there,
// and is nothing to look for elsewhere.
func TestNobodyIsNotLearned(t *testing.T) {
	const body = `{"page":"see anonymous-uuid here","properties":{"user_id":"anonymous-uuid"}}`
	ld := oneRecord(`{"identity":["/properties/user_id"],"public":["/page"]}`, func(lr plog.LogRecord) { lr.Body().SetStr(body) })
	newTest(t, testPolicy()).Logs(ld)
	out := record(ld).Body().Str()
	assert.Contains(t, out, "see anonymous-uuid here")
	assert.NotContains(t, out, `"user_id":"anonymous-uuid"`)
}
