package row

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/scrub"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// Behind pii_scrub: with shape: preserve a user's pseudonym is a UUID and has
// its column; a token is none, and stands in the metadata.
func TestBehindPIIScrub(t *testing.T) {
	preset, err := scrub.PresetNamed(scrub.DefaultPreset)
	require.NoError(t, err)
	for _, preserve := range []bool{false, true} {
		s, err := scrub.New(scrub.Policy{
			Treatment:     scrub.Treatment{Actions: preset.Actions, Unlisted: preset.Unlisted, IPv4Bits: 24, IPv6Bits: 48},
			Keys:          []pseudonym.Key{{ID: "k1", Secret: []byte("0123456789abcdef0123456789abcdef")}},
			PreserveShape: preserve,
		})
		require.NoError(t, err)
		parser, err := authevent.NewParser(authevent.Options{})
		require.NoError(t, err)
		batch := parser.NewBatch()
		batch.Add(authevent.Line{Text: []byte(`{"type":"audit","event":"login_succeeded","identity_id":"` + userID +
			`","source_ip":"203.0.113.9","ts":"2026-05-20T10:00:00Z"}`)}, &authevent.Origin{ID: 1}, observed)
		logs := batch.Take()
		s.Logs(logs)
		table := table(t, layout.Config{})
		var rows [][]any
		m := New(table)
		each(logs, func(r pcommon.Resource, scope pcommon.InstrumentationScope, lr plog.LogRecord) {
			rows, err = m.Append(rows, r, scope, lr)
			require.NoError(t, err)
		})
		require.Len(t, rows, 1)
		row := named(t, table, rows[0])
		data := row[metadata].(map[string]any)
		assert.Equal(t, netip.MustParsePrefix("203.0.113.0/32"), row["source_ip"], "of the network")
		if preserve {
			assert.NotContains(t, data, "identity_id", "the body has the same pseudonym")
			id, isUUID := row["identity_id"].([16]byte)
			require.True(t, isUUID)
			assert.Equal(t, byte(8), id[6]>>4, "a UUID of version 8")
			assert.NotEqual(t, userID, uuidText(id))
			assert.NotContains(t, data, attr.UserID)
		} else {
			assert.Nil(t, row["identity_id"])
			assert.Contains(t, data[attr.UserID], "k1")
		}
	}
}
