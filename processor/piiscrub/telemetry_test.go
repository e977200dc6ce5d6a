package piiscrub

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"
	"go.yaml.in/yaml/v3"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub"
	"github.com/authevents/otelcol-auth/processor/piiscrub/internal/metadatatest"
)

// testID is the processor's id, which every point has: of two policies in one
// collector, each counts its own.
var testID = component.MustNewIDWithName("pii_scrub", "analytics")

// points are data points, one a row: the value, and names and values of attributes.
func points(rows ...[]any) []metricdata.DataPoint[int64] {
	list := make([]metricdata.DataPoint[int64], len(rows))
	for i, row := range rows {
		list[i].Value = int64(row[0].(int))
		kvs := []attribute.KeyValue{attribute.String("processor", testID.String())}
		for j := 1; j < len(row); j += 2 {
			kvs = append(kvs, attribute.String(row[j].(string), row[j+1].(string)))
		}
		list[i].Attributes = attribute.NewSet(kvs...)
	}
	return list
}

func value(n int, kind, action, by, place string) []any {
	return []any{n, "kind", kind, "action", action, "found_by", by, "place", place}
}

// TestTelemetryOfABatch: every metric from the counts of a batch.
func TestTelemetryOfABatch(t *testing.T) {
	tel := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, tel.Shutdown(context.Background())) })
	telemetry, err := newTelemetry(metadatatest.NewSettings(tel).TelemetrySettings, testID)
	require.NoError(t, err)
	stats := scrub.Stats{Records: 10, Dropped: 2, Redacted: 3, Residual: 1}
	stats.DroppedBy[scrub.Panicked], stats.DroppedBy[scrub.HadResidue] = 4, 1
	stats.Unlisted[scrub.ScanUnlisted], stats.Unlisted[scrub.DropUnlisted] = 5, 6
	stats.Bodies[scrub.NotJSON] = 7
	stats.Values[pii.Identity][scrub.Pseudonym][scrub.ByField][scrub.InBody] = 8
	stats.Values[pii.IP][scrub.Keep][scrub.BySearch][scrub.InResource] = 9
	stats.Values[pii.Public][scrub.Provider][scrub.BySearch][scrub.InName] = 10 // the last of all
	stats.Changed[pii.Identity][scrub.Pseudonym][scrub.ByField][scrub.InBody] = 6
	for range 2 { // attribute sets are built once, and used again
		telemetry.record(t.Context(), &stats)
	}

	ignore := metricdatatest.IgnoreTimestamp()
	metadatatest.AssertEqualPiiScrubRecords(t, tel, points(
		[]any{10, "result", "scrubbed"}, []any{4, "result", "dropped"}, []any{6, "result", "redacted"}), ignore)
	metadatatest.AssertEqualPiiScrubDropped(t, tel, points([]any{8, "reason", "panic"}, []any{2, "reason", "residue"}), ignore)
	metadatatest.AssertEqualPiiScrubResidual(t, tel, points([]any{2}), ignore)
	metadatatest.AssertEqualPiiScrubUnlisted(t, tel, points([]any{10, "action", "scan"}, []any{12, "action", "drop"}), ignore)
	metadatatest.AssertEqualPiiScrubRedactedBodies(t, tel, points([]any{14, "reason", "not_json"}), ignore)
	metadatatest.AssertEqualPiiScrubValues(t, tel, points(
		value(16, "identity", "pseudonym", "field", "body"),
		value(18, "ip", "keep", "search", "resource"),
		value(20, "public", "provider", "search", "name")), ignore)
	metadatatest.AssertEqualPiiScrubChanged(t, tel, points(value(12, "identity", "pseudonym", "field", "body")), ignore)
}

// TestTelemetry: the same by way of the factory.
func TestTelemetry(t *testing.T) {
	for mode, changed := range map[string]bool{modeEnforce: true, modeAudit: false} {
		t.Run(mode, func(t *testing.T) {
			tel := componenttest.NewTelemetry()
			t.Cleanup(func() { require.NoError(t, tel.Shutdown(context.Background())) })
			cfg := testConfig()
			cfg.Mode = mode
			set := metadatatest.NewSettings(tel)
			set.ID = testID
			p, err := NewFactory().CreateLogs(t.Context(), set, cfg, consumertest.NewNop())
			require.NoError(t, err)
			require.NoError(t, p.Start(t.Context(), componenttest.NewNopHost()))
			ld := batch(`{"user":"alice","ip":"192.0.2.44","password":"hunter2"}`, `alice logged in`)
			broken := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().AppendEmpty()
			broken.Attributes().PutStr(attr.ParseError, "invalid_json")
			broken.Body().SetStr(`{"user":"alice"`)
			ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Body().SetStr("alice")
			require.NoError(t, p.ConsumeLogs(t.Context(), ld))
			require.NoError(t, p.Shutdown(t.Context()))

			ignore := metricdatatest.IgnoreTimestamp()
			metadatatest.AssertEqualPiiScrubRecords(t, tel, points([]any{4, "result", "scrubbed"}), ignore)
			metadatatest.AssertEqualPiiScrubRedactedBodies(t, tel, points(
				[]any{1, "reason", "not_json"}, []any{1, "reason", "parse_error"}, []any{1, "reason", "strict"}), ignore)
			values := points(
				value(1, "identity", "pseudonym", "field", "body"),
				value(1, "ip", "truncate", "search", "body"),
				value(1, "secret", "redact", "field", "body"))
			metadatatest.AssertEqualPiiScrubValues(t, tel, values, ignore)
			if changed {
				metadatatest.AssertEqualPiiScrubChanged(t, tel, values, ignore)
				return
			}
			_, err = tel.GetMetric("otelcol_pii_scrub_changed")
			require.Error(t, err, "audit has changed something")
		})
	}
}

// TestMetadataNamesEveryValue: what metadata.yaml says of attributes is what
// the code counts by.
func TestMetadataNamesEveryValue(t *testing.T) {
	var metadata struct {
		Attributes map[string]struct {
			Enum []string `yaml:"enum"`
		} `yaml:"attributes"`
	}
	require.NoError(t, yaml.Unmarshal([]byte(readFile(t, "metadata.yaml")), &metadata))
	kinds := []string{pii.None.String()}
	for _, kind := range pii.Kinds() {
		kinds = append(kinds, kind.String())
	}
	for name, want := range map[string][]string{
		"kind":            kinds,
		"action":          names[scrub.Action](scrub.NumActions)[1:], // the first is none
		"found_by":        names[scrub.FoundBy](int(scrub.NumFoundBy)),
		"place":           names[scrub.Place](int(scrub.NumPlaces)),
		"body_reason":     names[scrub.Reason](int(scrub.NumReasons)),
		"drop_reason":     names[scrub.DropReason](int(scrub.NumDropReasons)),
		"unlisted_action": names[scrub.Unlisted](int(scrub.NumUnlisted)),
	} {
		assert.Equal(t, want, metadata.Attributes[name].Enum, name)
	}
}

func names[T interface {
	~uint8
	String() string
}](n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = T(i).String()
	}
	return list
}

func BenchmarkTelemetry(b *testing.B) {
	tel := componenttest.NewTelemetry()
	telemetry, err := newTelemetry(metadatatest.NewSettings(tel).TelemetrySettings, testID)
	require.NoError(b, err)
	stats := scrub.Stats{Records: 1}
	stats.Values[pii.Identity][scrub.Pseudonym][scrub.ByField][scrub.InBody] = 1
	stats.Values[pii.IP][scrub.Truncate][scrub.BySearch][scrub.InBody] = 1
	stats.Changed = stats.Values
	b.ReportAllocs()
	for b.Loop() {
		telemetry.record(b.Context(), &stats)
	}
}
