package leakscan

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/output"
)

func TestPairs(t *testing.T) {
	for text, want := range map[string][]string{
		`a=b`:                          {"a", "b"},
		`level=info msg="a b" c.d=1`:   {"level", "info", "msg", "a b", "c.d", "1"},
		`x "y=1" (z=2) [k=3] {l=4}`:    {"y", "1", "z", "2", "k", "3", "l", "4"},
		`user=bob,db=app; host=h`:      {"user", "bob", "db", "app", "host", "h"},
		`m="say \"a=b\" c" n=2`:        {"m", `say "a=b" c`, "n", "2"},
		`p="C:\dir\"q" n=2`:            {"p", `C:\dir"q`, "n", "2"},
		`u="\u0061b" n=2`:              {"u", "ab", "n", "2"},
		`open="a b`:                    {"open", `"a`},
		`a= b= c=1`:                    {"c", "1"},
		`a==b x`:                       {"a", "=b"},
		`https://idp.example/?a=b&c=d`: nil,
		`1+1 = 2, =x, "="`:             nil,
		`user_id=<nil> a=- b=null`:     nil,
		`größe=3`:                      {"größe", "3"},
	} {
		var got []string
		for _, p := range pairsIn(text) {
			got = append(got, p.key, p.value)
			assert.LessOrEqual(t, p.start, p.end)
			assert.LessOrEqual(t, p.end, len(text))
		}
		assert.Equal(t, want, got, text)
	}
}

// TestLogfmt: by its names, where it stands, and each once.
func TestLogfmt(t *testing.T) {
	r := scan(t, `app | user_id=x7 by=bob@example.org from 192.0.2.44 said "no"`+"\n")
	require.Len(t, r.Findings, 3)
	assert.Equal(t, Finding{"identity", "/user_id", 1, Location{"stdin", 1, 15, "/user_id"}}, r.Findings[0])
	assert.Equal(t, Finding{"email", "/by", 1, Location{"stdin", 1, 21, "/by"}}, r.Findings[1])
	assert.Equal(t, Finding{"ip", "text", 1, Location{"stdin", 1, 42, ""}}, r.Findings[2])

	r = scan(t, `{"n":1,"msg":"user_id=x7 by=bob@example.org and tom@example.org"}`)
	require.Len(t, r.Findings, 3)
	assert.Equal(t, Finding{"identity", "/msg#/user_id", 1, Location{"stdin", 1, 14, "/msg#/user_id"}}, r.Findings[0])
	assert.Equal(t, Finding{"email", "/msg#/by", 1, Location{"stdin", 1, 14, "/msg#/by"}}, r.Findings[1])
	assert.Equal(t, Finding{"email", "/msg", 1, Location{"stdin", 1, 14, "/msg"}}, r.Findings[2])
}

// TestNamesAroundLogfmt: a place shows no name that is personal data.
func TestNamesAroundLogfmt(t *testing.T) {
	for _, in := range []string{
		`{"bob@example.org":{"msg":"user_id=x7"}}`,
		`{"line":"{\"bob@example.org\":\"user_id=x7\"}"}`,
		`bob@example.org=3 bob@example.org.user_id=x7`,
		`{"msg":"bob@example.org.user_id=x7 user_id=x8"}`,
		"n,msg\n1,bob@example.org.user_id=x7\n",
	} {
		out, err := run(t, in, "-")
		require.ErrorIs(t, err, output.ErrFound)
		assert.NotContains(t, out, "bob", in)
	}
}
