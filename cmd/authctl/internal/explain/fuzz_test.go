package explain

import (
	"context"
	"strings"
	"testing"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/collector"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/input"
)

// FuzzExplain: of no line does a report show who it is about, or have what a terminal
// obeys, whatever else stands in it.
func FuzzExplain(f *testing.F) {
	cfg, err := collector.Load(context.Background(), "yaml:"+config)
	require.NoError(f, err)
	e, err := newExplainer(context.Background(), cfg, false)
	require.NoError(f, err)
	for _, seed := range []string{
		`"note":"x","note":"y"`, `"a":[1,{"b":"198.51.100.7"}]`, "\"\x1b[31m\":\"\u009b\"", `"\u202e":"\udc00"`, "\xff", `"event":"bob@example.org"`,
		`"ts":1e999`, `"identity_id":["x"]`, `}`, `"a":"{\"email\":\"b@example.org\"}"`, `"91823745":{}`,
	} {
		f.Add(seed)
	}
	const who = "zq-who-it-is-zq"
	f.Fuzz(func(t *testing.T, rest string) {
		if strings.Contains(rest, "zq") {
			return
		}
		var out strings.Builder
		line := `{"type":"audit","event":"login_success","identity_id":"` + who + `",` + rest + `}`
		for _, in := range []string{line, rest} {
			for _, asJSON := range []bool{false, true} {
				cmd := &cobra.Command{}
				cmd.SetIn(strings.NewReader(in + "\n"))
				cmd.SetOut(&out)
				require.NoError(t, e.run(t.Context(), cmd, input.Stdin, asJSON))
			}
		}
		assert.NotContains(t, out.String(), who)
		for _, r := range out.String() {
			assert.False(t, r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp), "%q", r)
		}
	})
}
