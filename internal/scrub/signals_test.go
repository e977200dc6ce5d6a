package scrub

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
)

func TestLeaksInEveryPlaceOfTracesAndMetrics(t *testing.T) {
	s := newTest(t, testPolicy())
	for where, place := range signalPlaces() {
		t.Run(where, func(t *testing.T) {
			for _, row := range readLines[leak](t, "leaks.jsonl") {
				name := "note"
				if row.Kind == "identity" {
					name = attr.UserID
				}
				b := place.build(name, fmt.Sprint(row.Value))
				if row.Kind == "identity" {
					if !place.ofUser {
						continue // a scope has no user, nor has a metric
					}
					if _, taken := b.own.Get(attr.UserID); !taken {
						b.own.PutStr(attr.UserID, row.Secret[0])
					}
				}
				before := strings.Join(viewsOf(b.json(t), b.proto(t)), "\n")
				for _, secret := range row.Secret {
					require.Contains(t, before, secret, "the search must find it unscrubbed: %s", row.Note)
				}
				stats := b.scrub(s)
				require.Equal(t, 1, b.records())
				require.Equal(t, [2]int{1, 0}, [2]int{stats.Records, stats.Dropped})
				for _, view := range viewsOf(b.json(t), b.proto(t)) {
					for _, secret := range row.Secret {
						assert.NotContains(t, view, secret, row.Note)
					}
				}
				once := b.json(t)
				b.scrub(s)
				assert.Equal(t, once, b.json(t), "%s, twice", row.Note)
			}
		})
	}
}

func TestKeepsInEveryPlaceOfTracesAndMetrics(t *testing.T) {
	drop := testPolicy()
	drop.Actions[pii.IP], drop.Actions[pii.Email], drop.Actions[pii.Identity] = Drop, Drop, Drop
	for name, policy := range map[string]Policy{"default": testPolicy(), "drop": drop} {
		s := newTest(t, policy)
		for where, place := range signalPlaces() {
			t.Run(name+", "+where, func(t *testing.T) {
				for _, row := range readLines[struct{ Value string }](t, "keep.jsonl") {
					b := place.build("note", row.Value)
					before := b.json(t)
					stats := b.scrub(s)
					assert.Equal(t, before, b.json(t))
					counts := summary(stats)
					delete(counts, "unlisted scan")
					assert.Equal(t, map[string]int{"records": 1}, counts)
				}
			})
		}
	}
}

// TestSignalsLoseWhatNobodyLists: strict is default-deny for them as well; the
// attributes of the vocabulary pass.
func TestSignalsLoseWhatNobodyLists(t *testing.T) {
	strict := testPolicy()
	strict.Unlisted = DropUnlisted
	s := newTest(t, strict)
	for where, place := range signalPlaces() {
		if !strings.HasSuffix(where, ", string") {
			continue
		}
		t.Run(where, func(t *testing.T) {
			b := place.build("note", "harmless")
			stats := b.scrub(s)
			assert.NotContains(t, b.json(t), "harmless")
			assert.Equal(t, 1, stats.Unlisted[DropUnlisted])
			b = place.build(attr.Outcome, "success")
			b.scrub(s)
			assert.Contains(t, b.json(t), "success")
		})
	}
}

// TestSignalsInAuditMode: all is counted, nothing changes.
func TestSignalsInAuditMode(t *testing.T) {
	audit := testPolicy()
	audit.Audit = true
	s := newTest(t, audit)
	for where, place := range signalPlaces() {
		t.Run(where, func(t *testing.T) {
			b := place.build("note", "alice@example.com")
			b.scope.Attributes().PutStr(attr.PIIFields, testFields)
			before := b.json(t)
			stats := b.scrub(s)
			assert.Equal(t, before, b.json(t))
			assert.NotEqual(t, Counts{}, stats.Values)
			assert.Equal(t, Counts{}, stats.Changed)
		})
	}
}

// TestPIIFieldsLeaveSignals: as they leave logs, unless a gateway is to have them.
func TestPIIFieldsLeaveSignals(t *testing.T) {
	for _, kept := range []bool{false, true} {
		policy := testPolicy()
		policy.KeepPIIFields = kept
		for _, where := range []string{"traces: span name", "metrics: name"} {
			b := signalPlaces()[where].build("", "x")
			b.scope.Attributes().PutStr(attr.PIIFields, testFields)
			b.scrub(newTest(t, policy))
			_, found := b.scope.Attributes().Get(attr.PIIFields)
			assert.Equal(t, kept, found, where)
		}
	}
}

func TestSignalsAreAnnotated(t *testing.T) {
	policy := testPolicy()
	policy.Annotate = true
	s := newTest(t, policy)
	for where, at := range map[string]func(batch) pcommon.Map{
		"traces: span name": func(b batch) pcommon.Map { return b.own },
		"metrics: name":     func(b batch) pcommon.Map { return b.scope.Attributes() },
	} {
		b := signalPlaces()[where].build("", "x")
		b.scrub(s)
		want := map[string]any{attr.ScrubPolicy: s.PolicyHash(), attr.ScrubKeyID: "k1"}
		assert.Equal(t, want, at(b).AsRaw(), where)
		once := b.json(t)
		b.scrub(s)
		assert.Equal(t, once, b.json(t), where)
	}
}

// TestRulesSeeSignals: by the name of the span or the metric, and by source.
func TestRulesSeeSignals(t *testing.T) {
	policy := testPolicy()
	kept := policy.Treatment
	kept.Actions[pii.Identity] = Keep
	policy.Rules = []Rule{{EventName: "login*", Source: "hera", Treatment: kept}}
	s := newTest(t, policy)
	for where, name := range map[string]string{"traces: span name": "span", "metrics: name": "metric"} {
		for value, want := range map[string]bool{"login.attempts": true, "logout": false} {
			b := signalPlaces()[where].build("", value)
			b.own.PutStr(attr.UserID, "user-1234567")
			b.own.PutStr(attr.Source, "hera")
			b.scrub(s)
			assert.Equal(t, want, strings.Contains(b.json(t), "user-1234567"), "%s %s", name, value)
		}
	}
}

// TestIDsOfASignalAreLookedForInAllOfIt: an id that one attribute names stands
// in others, which come before it too.
func TestIDsOfASignalAreLookedForInAllOfIt(t *testing.T) {
	const id = "user-1234567"
	s := newTest(t, testPolicy())
	for where, place := range signalPlaces() {
		if !place.ofUser {
			continue
		}
		for _, name := range []string{attr.UserID, "sub"} { // of the vocabulary; by its name alone
			b := place.build("note", "of "+id)
			b.own.PutStr(name, id)
			b.scrub(s)
			assert.NotContains(t, b.json(t), id, "%s, %s", where, name)
		}
	}
}

// TestShortIDsOfASignal are too short to be looked for inside texts, but not to
// be one.
func TestShortIDsOfASignal(t *testing.T) {
	const id = "u-42"
	s := newTest(t, testPolicy())
	places := signalPlaces()
	for _, where := range []string{
		"traces: span attribute, string", "traces: event attribute, string", "traces: link attribute, string",
		"metrics: sum's attribute, string", "metrics: sum's exemplar, string", "metrics: summary's attribute, string",
	} {
		b := places[where].build(attr.UserID, id)
		b.own.PutStr("note", id)
		b.scrub(s)
		assert.NotContains(t, b.json(t), id, where)
	}
}

// TestPanicCostsItsPartOnly: under either on_error nothing of it leaves; redacted,
// the span or data point does.
func TestPanicCostsItsPartOnly(t *testing.T) {
	for _, where := range []string{
		"traces: span attribute, string", "traces: event attribute, string", "traces: link attribute, string",
		"traces: resource attribute, string", "traces: scope attribute, string",
		"metrics: gauge's exemplar, string", "metrics: sum's attribute, string", "metrics: histogram's attribute, string",
		"metrics: exponential histogram's exemplar, string", "metrics: summary's attribute, string",
		"metrics: metadata, string", "metrics: resource attribute, string", "metrics: scope attribute, string",
	} {
		for onError, left := range map[OnError]int{DropRecord: 0, RedactRecord: 1} {
			policy := testPolicy()
			policy.OnError = onError
			s := newTest(t, policy)
			s.names = broken() // the first pseudonym panics
			b := signalPlaces()[where].build(attr.UserID, "user-1234567")
			stats := b.scrub(s)
			assert.Equal(t, [3]int{1, 1, 1 - left}, [3]int{stats.Records, stats.Panics, stats.Dropped}, where)
			assert.Equal(t, left, b.records(), where)
			assert.NotContains(t, b.json(t), "user-1234567", where)
			if left == 0 {
				assert.Equal(t, "{}", b.json(t), "what is empty goes as well")
			}
		}
	}
}

// TestPlacesOfSignalsAreCounted where they are.
func TestPlacesOfSignalsAreCounted(t *testing.T) {
	s := newTest(t, testPolicy())
	places := signalPlaces()
	for _, where := range slices.Sorted(maps.Keys(places)) {
		want := InName
		switch {
		case strings.Contains(where, "resource attribute"):
			want = InResource
		case strings.Contains(where, "scope attribute"):
			want = InScope
		case strings.Contains(where, "attribute") || strings.Contains(where, "exemplar") || strings.Contains(where, "metadata"):
			want = InAttribute
		}
		stats := places[where].build("note", "alice@example.com").scrub(s)
		assert.Positive(t, stats.Changed[pii.Email][Pseudonym][BySearch][want], where)
		for place := range NumPlaces {
			if place != want {
				assert.Zero(t, stats.Changed[pii.Email][Pseudonym][BySearch][place], "%s in %s", where, place)
			}
		}
	}
}

// TestResidueOfASignal: what a second walk still finds is a defect, and the span
// or data point is treated as one.
func TestResidueOfASignal(t *testing.T) {
	for onError, redacted := range map[OnError]bool{DropRecord: false, RedactRecord: true} {
		policy := testPolicy()
		policy.OnError = onError
		w := newWalker(newTest(t, policy))
		w.turn = turn{share: 1}
		done := false
		never := func() { w.count(pii.Email, BySearch) } // at rest
		keep := w.scrubbed("", pcommon.NewMap(), func() {}, never, func() { done = true })
		assert.Equal(t, redacted, keep)
		assert.Equal(t, redacted, done)
		assert.Equal(t, 1, w.stats.Residual)
		assert.Equal(t, 1, w.stats.DroppedBy[HadResidue])
		assert.True(t, w.scrubbed("", pcommon.NewMap(), func() {}, func() {}, func() {}))
		assert.Equal(t, Counts{}, w.stats.Values)
	}
}

// FuzzSignals: no canary survives in any place under any preset, and a second
// hop changes nothing.
func FuzzSignals(f *testing.F) {
	f.Add("note", "of canary.q7@example.com", uint16(0))
	f.Add("user.id", `{"a":["canary.q7@example.com"]}`, uint16(7))
	f.Add("url.path", "/users/canary.q7@example.com/x", uint16(40))
	f.Add("exception.message", "http://canary.q7%40example.com", uint16(77))
	const canary = "canary.q7@example.com"
	places := signalPlaces()
	names := slices.Sorted(maps.Keys(places))
	var scrubbers []*Scrubber
	for _, preset := range Presets() {
		policy := testPolicy()
		policy.Actions, policy.Unlisted, policy.Verify = preset.Actions, preset.Unlisted, 1
		policy.Actions[pii.Email] = max(policy.Actions[pii.Email], Redact) // audit keeps it
		policy.Actions[pii.Identity] = max(policy.Actions[pii.Identity], Redact)
		scrubbers = append(scrubbers, newTest(f, policy))
	}
	f.Fuzz(func(t *testing.T, name, value string, where uint16) {
		if !utf8.ValidString(name) || !utf8.ValidString(value) {
			return
		}
		place := places[names[int(where)%len(names)]]
		for _, s := range scrubbers {
			b := place.build(name, value+" "+canary)
			stats := b.scrub(s)
			if stats.Dropped > 0 || stats.Residual > 0 {
				t.Fatalf("dropped %d, residual %d of %q", stats.Dropped, stats.Residual, value)
			}
			once := b.json(t)
			if !strings.Contains(name+value, "canary") && strings.Contains(once, "canary") {
				t.Fatalf("%q left %s", value, once)
			}
			b.scrub(s)
			if twice := b.json(t); twice != once {
				t.Fatalf("%q became %s, then %s", value, once, twice)
			}
		}
	})
}
