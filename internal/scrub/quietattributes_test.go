package scrub

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// twoScrubbers scrub the same, one of them without quietAttributes.
func twoScrubbers(tb testing.TB, p Policy) (with, without *Scrubber) {
	with, without = newTest(tb, p), newTest(tb, p)
	walkers := [2]*walker{{s: with}, {s: without, thorough: true}}
	with.walkers.New = func() any { return walkers[0] }
	without.walkers.New = func() any { return walkers[1] }
	return with, without
}

func asJSON(tb testing.TB, ld plog.Logs) string {
	text, err := (&plog.JSONMarshaler{}).MarshalLogs(ld)
	require.NoError(tb, err)
	return string(text)
}

var quietAttributeNames = []string{
	attr.OTelEventName, attr.Source, attr.Category, attr.Outcome, attr.ClientID, attr.Step, attr.Context, attr.Duration, attr.BrowserMobile,
	attr.URLPath, attr.HTTPRoute, attr.UserID, attr.SessionID, attr.ActorID, attr.UserEmail, attr.ClientAddress, attr.UserAgentOriginal, attr.UserAgentName,
	attr.LogRecordUID, "session_id", "name", "value", "password", "of canary-id-1", "4b1a2b2e-8e2d-4f52-9a51-0d1b6a6f7c11", "x.unheard.of",
}

var quietAttributeTexts = []string{
	"", Redacted, "success", "Sign in page visited", "of canary-id-1", "canary-id-1", "CANARY-ID-1", "a@b.example", "192.0.2.44", "/users/canary-id-1", "/users/123456",
	"4b1a2b2e-8e2d-4f52-9a51-0d1b6a6f7c11", "4b1a2b2e8e2d4f529a510d1b6a6f7c11", "9088ec8a-d3f1-4f19-95d4-e7c20e9bac31", `{"email":"a@b.example"}`, "123456", "anonymous-uuid",
	"of Anonymous-UUID", "canary%2Did-1", "password", "Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0", "urn:gov:gsa:SAML:2.0.profiles:sp:sso",
}

// putQuiet puts an attribute such as records have, or nearly.
func putQuiet(rng *rand.Rand, m pcommon.Map) {
	v := m.PutEmpty(quietAttributeNames[rng.IntN(len(quietAttributeNames))])
	text := quietAttributeTexts[rng.IntN(len(quietAttributeTexts))]
	switch rng.IntN(12) {
	case 0:
		v.SetInt(123456)
	case 1:
		v.SetBool(true)
	case 2:
		v.SetEmptySlice().AppendEmpty().SetStr(text)
	case 3:
		v.SetEmptyMap().PutStr("session_id", text)
	case 4:
		v.SetEmptyBytes().FromRaw([]byte(text))
	default:
		v.SetStr(text)
	}
}

// TestQuietAttributes holds what quietAttributes leaves alone against the walk over
// all: an id may be learned behind it, or before, and names change places.
func TestQuietAttributes(t *testing.T) {
	drop := testPolicy()
	drop.Unlisted = DropUnlisted
	for i, p := range []Policy{testPolicy(), drop} {
		with, without := twoScrubbers(t, p)
		rng := rand.New(rand.NewPCG(7, uint64(i)))
		for round := range 3000 {
			ld := plog.NewLogs()
			rl := ld.ResourceLogs().AppendEmpty()
			putQuiet(rng, rl.Resource().Attributes())
			sl := rl.ScopeLogs().AppendEmpty()
			putQuiet(rng, sl.Scope().Attributes())
			for range 3 {
				attrs := sl.LogRecords().AppendEmpty().Attributes()
				for range rng.IntN(12) {
					putQuiet(rng, attrs)
				}
			}
			before := asJSON(t, ld)
			again := plog.NewLogs()
			ld.CopyTo(again)
			a, b := with.Logs(ld), without.Logs(again)
			require.Equal(t, asJSON(t, again), asJSON(t, ld), before)
			require.Equal(t, b, a, round)
		}
	}
}

// Behind the first attributes there are no bits for more.
func TestQuietAttributesAreBounded(t *testing.T) {
	with, without := twoScrubbers(t, testPolicy())
	ld := oneRecord("", func(lr plog.LogRecord) {
		for i := range 3 * maxQuiet {
			m := lr.Attributes()
			m.PutStr(fmt.Sprint("x", i), "success")
			if a := attr.Record(); i < len(a) {
				m.PutStr(a[i].Name, "of a@b.example")
			}
		}
		lr.Attributes().PutStr(attr.Action, "a@b.example")
	})
	for range 2 {
		again := plog.NewLogs()
		ld.CopyTo(again)
		assert.Equal(t, without.Logs(again), with.Logs(ld))
		assert.Equal(t, asJSON(t, again), asJSON(t, ld))
	}
	for name, v := range record(ld).Attributes().All() {
		assert.NotContains(t, v.AsString(), "a@b.example", name)
	}
}
