package scrub

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// FuzzOTLP scrubs whatever can be read as OTLP: nothing panics, all can be
// written again, nothing is left to a second walk, and audit changes nothing.
func FuzzOTLP(f *testing.F) {
	for _, seed := range otlpSeeds(f) {
		f.Add(seed)
	}
	p := testPolicy()
	p.Verify, p.DecodeTokens, p.EmitPrevious, p.Annotate, p.OnError = 1, true, true, true, RedactRecord
	p.Keys = append(p.Keys, pseudonym.Key{ID: "k2", Secret: []byte("fedcba9876543210fedcba9876543210")})
	strict := p
	strict.Actions, strict.Unlisted = presets[2].Actions, presets[2].Unlisted
	audited := p
	audited.Audit = true
	scrubbers := []*Scrubber{newTest(f, p), newTest(f, strict), newTest(f, audited)}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, s := range scrubbers {
			for _, scrubbed := range []func(*testing.T, *Scrubber, []byte) (before, after []byte, stats Stats){otlpLogs, otlpTraces, otlpMetrics} {
				before, after, stats := scrubbed(t, s, data)
				require.Zero(t, stats.Panics)
				require.Zero(t, stats.Residual)
				if s.policy.Audit {
					require.Equal(t, before, after)
				}
			}
		}
	})
}

func otlpSeeds(t testing.TB) [][]byte {
	ld := oneRecord(testFields, func(lr plog.LogRecord) {
		lr.Body().SetStr(`{"id":"user-0001","ip":"192.0.2.1","x":["a@example.com",1e400]}`)
		lr.Attributes().PutStr(attr.UserID, "user-0001")
		lr.Attributes().PutStr(attr.URLPath, "/users/user-0001?a=a%40b")
		lr.Attributes().PutStr(attr.UserAgentOriginal, "Mozilla/5.0 Chrome/120.0.0.0 Safari/537.36")
		lr.Attributes().PutEmptyBytes("b").FromRaw([]byte("\xffa@b"))
		lr.Attributes().PutEmptyMap("m").PutDouble("session_id", 1e300)
		lr.Attributes().PutEmptySlice("l").AppendEmpty().SetInt(61823277)
	})
	ld.ResourceLogs().At(0).Resource().Attributes().PutStr("env", "of user-0001")
	td := ptrace.NewTraces()
	span := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	record(ld).Attributes().CopyTo(span.Attributes())
	record(ld).Attributes().CopyTo(span.Events().AppendEmpty().Attributes())
	record(ld).Attributes().CopyTo(span.Links().AppendEmpty().Attributes())
	span.SetName("GET /users/user-0001")
	md := pmetric.NewMetrics()
	metrics := md.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics()
	point := metrics.AppendEmpty().SetEmptyGauge().DataPoints().AppendEmpty()
	record(ld).Attributes().CopyTo(point.Attributes())
	record(ld).Attributes().CopyTo(point.Exemplars().AppendEmpty().FilteredAttributes())
	record(ld).Attributes().CopyTo(metrics.AppendEmpty().SetEmptyExponentialHistogram().DataPoints().AppendEmpty().Attributes())
	record(ld).Attributes().CopyTo(metrics.AppendEmpty().SetEmptySummary().DataPoints().AppendEmpty().Attributes())
	logs, err := (&plog.ProtoMarshaler{}).MarshalLogs(ld)
	require.NoError(t, err)
	traces, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(td)
	require.NoError(t, err)
	points, err := (&pmetric.ProtoMarshaler{}).MarshalMetrics(md)
	require.NoError(t, err)
	return [][]byte{logs, traces, points}
}

func otlpLogs(t *testing.T, s *Scrubber, data []byte) (before, after []byte, stats Stats) {
	ld, err := (&plog.ProtoUnmarshaler{}).UnmarshalLogs(data)
	if err != nil {
		return nil, nil, stats
	}
	before, err = (&plog.ProtoMarshaler{}).MarshalLogs(ld)
	require.NoError(t, err)
	stats = s.Logs(ld)
	after, err = (&plog.ProtoMarshaler{}).MarshalLogs(ld)
	require.NoError(t, err)
	return before, after, stats
}

func otlpTraces(t *testing.T, s *Scrubber, data []byte) (before, after []byte, stats Stats) {
	td, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(data)
	if err != nil {
		return nil, nil, stats
	}
	before, err = (&ptrace.ProtoMarshaler{}).MarshalTraces(td)
	require.NoError(t, err)
	stats = s.Traces(td)
	after, err = (&ptrace.ProtoMarshaler{}).MarshalTraces(td)
	require.NoError(t, err)
	return before, after, stats
}

func otlpMetrics(t *testing.T, s *Scrubber, data []byte) (before, after []byte, stats Stats) {
	md, err := (&pmetric.ProtoUnmarshaler{}).UnmarshalMetrics(data)
	if err != nil {
		return nil, nil, stats
	}
	before, err = (&pmetric.ProtoMarshaler{}).MarshalMetrics(md)
	require.NoError(t, err)
	stats = s.Metrics(md)
	after, err = (&pmetric.ProtoMarshaler{}).MarshalMetrics(md)
	require.NoError(t, err)
	return before, after, stats
}
