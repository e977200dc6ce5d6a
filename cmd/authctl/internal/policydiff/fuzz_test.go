package policydiff

import (
	"context"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/collector"
)

// FuzzLine: no value of a sample is in a result, nor what a terminal obeys, and a
// configuration does not differ from itself.
func FuzzLine(f *testing.F) {
	load := func(uri string) *collector.Config {
		cfg, err := collector.Load(context.Background(), uri)
		require.NoError(f, err)
		return cfg
	}
	old, next := load(config("pii_scrub", "")), load(config("pii_scrub", settings))
	for _, seed := range []string{
		`"note":"x","note":{}`, `"a":[1,{"b":"198.51.100.7"}]`, "\"\x1b[31m\":\"bob@example.org\u009b\"", `"\u202e":"\udc00"`, "\xff", `"event":"bob@example.org"`,
		`"identity_id":["x"]`, `}`, `"a\nb":"bob@example.org"`,
	} {
		f.Add(seed)
		f.Add(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"kvlistValue":{"values":[{"key":"k","value":{"stringValue":"x"}}]}}}]}]}]}`)
	}
	const who = "zq-who-it-is-zq"
	f.Fuzz(func(t *testing.T, rest string) {
		if strings.Contains(rest, "zq") {
			return
		}
		for _, c := range []*collector.Config{old, next} {
			d, err := newDiffer(old, c)
			require.NoError(t, err)
			for _, line := range []string{`{"type":"audit","event":"login_success","identity_id":"` + who + `",` + rest + `}`, rest} {
				if err := d.line(t.Context(), []byte(line)); err != nil {
					assert.NotContains(t, err.Error(), who)
				}
			}
			r := d.done()
			if c == old {
				assert.False(t, r.Differs)
			}
			var out strings.Builder
			require.NoError(t, r.print(&out))
			assert.NotContains(t, out.String(), who)
			for _, r := range out.String() {
				assert.False(t, r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp), "%q", r)
			}
		}
	})
}
