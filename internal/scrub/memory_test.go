package scrub

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
	"github.com/authevents/otelcol-auth/internal/scrub/generalize"
)

var (
	pathParts = []string{
		"/", "/", "/account", "/users", "/u", "/login", "/two_factor", "/4711", "/{id}", "/10.1.2.3", "/alice@example.com", "/%61lice",
		"?a=1", "#x", ";jsessionid=0A1B2C3D4E5F60718293", ";v=", "=", "/secretid", "/4b1a2b2e-8e2d-4f52-9a51-0d1b6a6f7c11", "~", "{", "}", "[", "]", `"`, ":", " ",
	}
	urlParts = []string{
		"https://", "http://", "app://", "secure.login.gov", "10.1.2.3", "[2001:db8::1]", "alice@", "secretid", ":8443", "/", "?code=1", "é.example",
		"ip-10-1-2-3.example", "4b1a2b2e-8e2d-4f52-9a51-0d1b6a6f7c11", " ", "",
	}
	agentParts = []string{"Mozilla/5.0 ", "(X11; Linux x86_64) ", "Chrome/126.0 ", "Safari/537.36 ", "Version/17.4 ", "curl/8.5", "Googlebot", "me ", ""}
)

func randomText(random *rand.Rand, parts []string) string {
	var b strings.Builder
	for range 1 + random.IntN(4) {
		b.WriteString(parts[random.IntN(len(parts))])
	}
	return b.String()
}

// TestWhatIsRememberedChangesNothing: a walker that has seen much does with each
// value what one does that has seen nothing, whatever the record's ids are.
func TestWhatIsRememberedChangesNothing(t *testing.T) {
	for _, ip := range []Action{Truncate, Keep} { // one that is kept is counted
		t.Run(ip.String(), func(t *testing.T) { rememberedChangesNothing(t, ip) })
	}
}

func rememberedChangesNothing(t *testing.T, ip Action) {
	p := testPolicy()
	p.Actions[pii.IP] = ip
	p.Actions[pii.UserAgent], p.Actions[pii.Path], p.Actions[pii.URL] = Family, Template, Origin
	s := newTest(t, p)
	old := newWalker(s)
	random := rand.New(rand.NewPCG(7, 1))
	hits := 0
	for range 15_000 {
		kind, parts := pii.UserAgent, agentParts
		switch random.IntN(3) {
		case 0:
			kind, parts = pii.Path, pathParts
		case 1:
			kind, parts = pii.URL, urlParts
		}
		text := randomText(random, parts)
		if text == "" || text == Redacted {
			continue
		}
		if old.interned.routes.has(text) || old.interned.origins.has(generalize.Origin(text)) {
			hits++
		}
		young := newWalker(s)
		nest := random.IntN(2) * maxNested
		var ids []string
		for _, id := range []string{"secretid", "/login", "4b1a2b2e-8e2d-4f52-9a51-0d1b6a6f7c11", text} {
			if random.IntN(4) == 0 {
				ids = append(ids, id)
			}
		}
		var outs [2]string
		var fates [2]fate
		var counted [2]tallies
		for i, w := range []*walker{old, young} {
			w.forgetIDs()
			w.tallies.back(mark{})
			for _, id := range ids {
				w.addID(id)
			}
			if kind == pii.Path {
				w.addPathIDs(text, "")
			}
			out, became := w.known(kind, text, nest)
			outs[i], fates[i] = strings.Clone(out), became
			counted[i] = w.tallies
			counted[i].found = append([]tally(nil), w.tallies.found...)
			if i == 1 {
				require.Equal(t, len(old.ids), len(w.ids), "ids of %q", text)
			}
		}
		require.Equal(t, outs[1], outs[0], "%q with ids %q", text, ids)
		require.Equal(t, fates[1] == same, fates[0] == same, "%q with ids %q", text, ids)
		require.Equal(t, fates[1] == gone, fates[0] == gone, "%q with ids %q", text, ids)
		require.Equal(t, counted[1], counted[0], "%q with ids %q", text, ids)
	}
	assert.Greater(t, hits, 1000, "the test is of what is remembered")
	assert.NotEmpty(t, old.interned.routes)
	assert.NotEmpty(t, old.interned.origins)
}

// TestNothingPersonalIsRemembered: a path with an id, and a URL's path.
func TestNothingPersonalIsRemembered(t *testing.T) {
	p := testPolicy()
	p.Actions[pii.Path], p.Actions[pii.URL] = Template, Origin
	w := newWalker(newTest(t, p))
	for range 2 {
		for _, path := range []string{"/users/alice", "/users/4711", "/a/alice@example.com", "/a?user=alice", "/sessions/x;sid=1", "/10.1.2.3"} {
			w.known(pii.Path, path, 0)
		}
		for _, url := range []string{"https://10.1.2.3/x", "https://a.example/users/alice", "https://alice@b.example"} {
			w.known(pii.URL, url, 0)
		}
	}
	assert.Equal(t, settled{"/a": {}}, w.interned.routes)
	assert.Equal(t, settled{"https://a.example": {}, "https://b.example": {}}, w.interned.origins)
}

func TestHeadersAreNotBorrowed(t *testing.T) {
	var u userAgent
	buffer := []byte("Chrome/126")
	u.read(borrow(buffer))
	copy(buffer, "Chrome/131")
	assert.Contains(t, u.common, "Chrome/126")
	assert.Equal(t, "Chrome/126", u.family("Chrome/126"))
}

func TestMemoriesAreBounded(t *testing.T) {
	p := testPolicy()
	p.Actions[pii.UserAgent], p.Actions[pii.Path], p.Actions[pii.URL] = Family, Template, Origin
	w := newWalker(newTest(t, p))
	most := 0
	for i := range 4 * maxInterned {
		word := routeWord(i)
		w.known(pii.Path, "/"+word, 0)
		w.known(pii.URL, "https://"+word+".example/", 0)
		w.known(pii.UserAgent, "Chrome/126 ("+word+")", 0)
		most = max(most, len(w.interned.routes), len(w.interned.origins))
		require.LessOrEqual(t, w.agent.size, maxCommon)
		require.LessOrEqual(t, len(w.agent.common)*browserSize, maxCommon)
	}
	assert.Equal(t, maxInterned, most)
	long := "/" + strings.Repeat("a-", maxInternedText)
	w.known(pii.Path, long, 0)
	assert.False(t, w.interned.routes.has(long))
	assert.Empty(t, detect.Find(nil, long))
}

// routeWord is another word for each number, of letters alone.
func routeWord(n int) string {
	out := []byte("w")
	for ; n > 0; n /= 20 {
		out = append(out, "abcdefghijklmnopqrst"[n%20])
	}
	return string(out)
}
