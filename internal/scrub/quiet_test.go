package scrub

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// walkedBody is all that a walk over a body leaves behind.
type walkedBody struct {
	out      string
	became   fate
	code     jsonscan.Code
	found    []tally
	unlisted [NumUnlisted]int
	learned  int
	names    []string
}

// twoWalks walks bodies once with quietMembers and once without.
type twoWalks struct{ with, without *walker }

func newTwoWalks(tb testing.TB, p Policy, fields string) twoWalks {
	var walkers [2]*walker
	for i := range walkers {
		w := newWalker(newTest(tb, p))
		w.plan = w.s.planFor(fields, w.t, 0)
		walkers[i] = w
	}
	walkers[1].thorough = true
	return twoWalks{walkers[0], walkers[1]}
}

func (ws twoWalks) check(tb testing.TB, body string, ids []string) {
	tb.Helper()
	walk := func(w *walker) walkedBody {
		w.forgetIDs()
		for _, id := range ids {
			w.addID(id)
		}
		w.user = "u" // for the names that are told
		w.clean.left = maxCleanTried
		w.tallies.back(mark{})
		w.stats = Stats{}
		var b walkedBody
		b.out, b.became, b.code = w.jsonBody(body, w.plan.root)
		b.found, b.unlisted, b.learned = slices.Clone(w.tallies.found), w.tallies.unlisted, w.learned
		b.names = w.stats.UnlistedNames
		return b
	}
	a, b := walk(ws.with), walk(ws.without)
	if a.out != b.out || a.became != b.became || a.code != b.code || a.unlisted != b.unlisted || a.learned != b.learned ||
		!slices.Equal(a.found, b.found) || !slices.Equal(a.names, b.names) {
		tb.Fatalf("ids %q, body %q:\nwith quietMembers %+v\nwithout           %+v", ids, body, a, b)
	}
}

var quietValues = []string{
	`""`, `"x"`, `"a@b.example"`, `"192.0.2.44"`, `"canary-id-1"`, `"CANARY-ID-1"`, `"see canary-id-1 here"`, `"\u0041"`, `"a\tb"`, `"[REDACTED]"`,
	`"{\"email\":\"a@b.example\"}"`, `"[1]"`, `" {\"a\":1}"`, `"{"`, `"4b1a2b2e-8e2d-4f52-9a51-0d1b6a6f7c11"`, `"4b1a2b2e8e2d4f529a510d1b6a6f7c11"`,
	`"2026-08-21T20:38:54.123Z"`, `"urn:gov:gsa:openidconnect:sp:sinatra"`, `"of Anonymous-UUID"`, `"of anonymous%2Duuid"`, `"9088ec8a-d3f1-4f19-95d4-e7c20e9bac31"`, `"Bearer abcdef123456"`, `"a%40b.example"`, `"+12025550143"`, `"202-555-0143"`, `"2001:db8::1"`,
	`123456`, `12345`, `-1.5e3`, `1e999`, `00`, `true`, `false`, `null`, `nul`, `{}`, `[]`, `{"a":1}`, `["a@b.example"]`, `"unclosed`, "\"\x01\"", "\"\xff\"", ``,
}

// TestQuietMembers holds the fast path of the walk against the walk: on the bodies
// of the corpora, and on changes of them.
func TestQuietMembers(t *testing.T) {
	drop := testPolicy()
	drop.Unlisted = DropUnlisted
	drop.Actions[pii.Identity], drop.Actions[pii.IP], drop.Actions[pii.Email] = Drop, Drop, Drop
	tokens := testPolicy()
	tokens.DecodeTokens = true
	ids := [][]string{nil, {"canary-id-1", "4b1a2b2e-8e2d-4f52-9a51-0d1b6a6f7c11", "123456"}, {"x1", "abcdefghij"}, {"anonymous-uuid", "SP:SINATRA"}}
	rng := rand.New(rand.NewPCG(7, 3))
	for _, source := range []string{"login_gov", "hera"} {
		body := readFile(t, source+".json")
		for _, p := range []Policy{testPolicy(), drop, tokens} {
			for _, fields := range []string{readFile(t, source+".fields.json"), testFields, `{"public":[""],"ip":["/ip"]}`} {
				ws := newTwoWalks(t, p, fields)
				for range 3 { // guesses settle
					ws.check(t, body, ids[1])
				}
				for range 1500 {
					ws.check(t, mutated(rng, body), ids[rng.IntN(len(ids))])
				}
			}
		}
	}
}

// mutated makes a few changes to a body: a value becomes another, a byte becomes
// another, a piece of it is cut out or stands twice.
func mutated(rng *rand.Rand, body string) string {
	const signs = `"{}[]:, \0aZ@.`
	for range 1 + rng.IntN(3) {
		i := rng.IntN(len(body))
		switch rng.IntN(5) {
		case 0:
			body = body[:i] + signs[rng.IntN(len(signs)):][:1] + body[i+1:]
		case 1:
			j := min(len(body), i+rng.IntN(60))
			body = body[:i] + body[j:] + " "
		default:
			colon := strings.IndexByte(body[i:], ':')
			if colon < 0 {
				continue
			}
			i += colon + 1
			end := i + max(0, strings.IndexAny(body[i:], ",}"))
			body = body[:i] + quietValues[rng.IntN(len(quietValues))] + body[end:]
		}
	}
	return body
}

// A member that writers put elsewhere, or leave out, is found behind the others.
func TestQuietMembersOutOfOrder(t *testing.T) {
	for _, body := range []string{
		`{"a":1,"b":2,"c":3,"e":"a@b.example","id":"canary-id-1"}`,
		`{"c":3,"a":1,"id":"canary-id-1","b":"x"}`,
		`{"a":1 , "b" : 2,"c":"canary-id-1"}`,
		`{"e":"a@b.example","a":1,"o":{"p":1,"q":2},"b":true}`,
		`{"o":{"q":"x","p":"192.0.2.44"},"a":null,"zz":1,"c":""}`,
		`{"id":"a","id":"b","a":1,"a":2}`,
		`{"a":1,"o":5,"o":"x","o":true,"b":2}`, // of which only what is below it is listed
		`{"of":{"p":"of somebody","p":7},"of":{"p":{"q":"x"}}}`,
		`{` + strings.Repeat(`"o":{"p":1,"q":2},`, 2*jsonscan.MaxDepth) + `"a":1}`,
		`{"a":1,"b":2,}`, `{"a":1,"b":2`, `{"a":1,"b":`, `{"a":1,"b"`, `{"a":1}}`, `{"a":tru}`,
		`{"a":` + strings.Repeat("[", jsonscan.MaxDepth) + strings.Repeat("]", jsonscan.MaxDepth) + `}`,
		`{` + strings.Repeat(`"a":1,`, jsonscan.MaxMembers-1) + `"a":1}`,
		`{` + strings.Repeat(`"a":1,`, jsonscan.MaxMembers) + `"a":1}`,
	} {
		ws := newTwoWalks(t, testPolicy(), `{"public":["/a","/b","/c","/o/p","/o/q","/of/p/q"],"email":["/e"],"identity":["/id","/of"]}`)
		for range 2 { // the second time with guesses
			ws.check(t, body, []string{"canary-id-1"})
		}
	}
}

func FuzzQuietMembers(f *testing.F) {
	for _, value := range quietValues {
		f.Add(`{"a":1,"b":"x","c":`+value+`,"o":{"p":`+value+`},"id":"y"}`, "canary-id-1")
	}
	ws := newTwoWalks(f, testPolicy(), `{"public":["/a","/b","/c","/o/p","/o/q","/v"],"email":["/e"],"identity":["/id"],"ip":["/o"]}`)
	f.Fuzz(func(t *testing.T, body, id string) { ws.check(t, body, []string{id}) })
}
