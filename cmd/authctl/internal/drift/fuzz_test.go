package drift

import (
	"bytes"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/output"
	"github.com/authevents/otelcol-auth/internal/authevent"
)

// FuzzDrift: no value is in a report, nor what a terminal obeys, and each cell of its
// tables stays one.
func FuzzDrift(f *testing.F) {
	for _, seed := range []string{
		`"note":"x","note":{}`, `"a":[1,{"b":"198.51.100.7"}]`, "\"\x1b[31m\":\"\u009b\"", `"\u202e":"\udc00"`, "\xff", `"event":"bob@example.org"`,
		`"identity_id":["x"]`, `}`, `"a|b` + "`" + `":1`, `"a\nb":1`, `"event":"a|b\n| c |"`,
	} {
		f.Add(seed)
	}
	const who = "zq-who-it-is-zq"
	f.Fuzz(func(t *testing.T, rest string) {
		if strings.Contains(rest, "zq") {
			return
		}
		parser, err := authevent.NewParser(authevent.Options{Source: authevent.SourceAuto, Body: authevent.BodyEventName, DropUnparsed: true})
		require.NoError(t, err)
		r, err := options{lostAfter: 1}.look(parser, strings.NewReader(`{"type":"audit","event":"login_success","identity_id":"`+who+`",`+rest+"}\n"+rest))
		require.NoError(t, err)
		var out bytes.Buffer
		require.NoError(t, output.JSON(&out, r))
		text := r.markdown()
		out.WriteString(text)
		assert.NotContains(t, out.String(), who)
		for _, c := range out.String() {
			assert.False(t, c != '\n' && unicode.In(c, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp), "%q", c)
		}
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "| ") {
				assert.Regexp(t, `^\| .* \|\n$`, line)
			}
		}
	})
}
