//go:build unix

package piiscrub

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.uber.org/goleak"
	"go.uber.org/zap/zapcore"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/processor/piiscrub/internal/metadata"
)

const patience = 30 * time.Second

// attributeOf scrubs a record with user.id=alice and returns one of its attributes.
func attributeOf(t *testing.T, p *scrubProcessor, name string) string {
	t.Helper()
	ld := plog.NewLogs()
	record := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	record.Attributes().PutStr(attr.UserID, "alice")
	_, err := p.processLogs(t.Context(), ld)
	require.NoError(t, err)
	v, ok := record.Attributes().Get(name)
	if !ok {
		return ""
	}
	return v.Str()
}

// TestKeyFileIsWatched: from the start to the end of a processor whose file
// changes, goes and comes back, all within the life of one goroutine.
func TestKeyFileIsWatched(t *testing.T) {
	ignore := goleak.IgnoreCurrent()
	path := filepath.Join(t.TempDir(), "key")
	writeKey(t, path, goodSecret+"\n", 0o600)
	cfg := testConfig()
	cfg.Keys = []KeyConfig{{ID: "k1", SecretFile: path}}
	set, log := settings(zapcore.InfoLevel)
	p, err := newProcessor(set, cfg)
	require.NoError(t, err)
	p.watchEvery = time.Millisecond
	require.NoError(t, p.start(t.Context(), componenttest.NewNopHost()))

	inline, err := newProcessor(processortest.NewNopSettings(metadata.Type), testConfig())
	require.NoError(t, err)
	require.NoError(t, inline.start(t.Context(), componenttest.NewNopHost()))
	before := attributeOf(t, p, attr.UserID)
	assert.Equal(t, attributeOf(t, inline, attr.UserID), before, "the line end is no part of the secret")

	require.NoError(t, os.Remove(path))
	require.Eventually(t, func() bool { return log.FilterMessageSnippet("can't be used").Len() == 1 }, patience, time.Millisecond)
	assert.Equal(t, before, attributeOf(t, p, attr.UserID), "the old secret stays")

	writeKey(t, path, otherSecret, 0o600)
	require.Eventually(t, func() bool { return attributeOf(t, p, attr.UserID) != before }, patience, time.Millisecond)
	assert.Regexp(t, "^identity_k1_", attributeOf(t, p, attr.UserID))

	require.NoError(t, p.shutdown(t.Context()))
	require.NoError(t, inline.shutdown(t.Context()))
	goleak.VerifyNone(t, ignore)
	for _, secret := range []string{goodSecret, otherSecret} {
		assert.NotContains(t, fmt.Sprint(log.All()), secret)
	}
}

// TestRotation follows the recipe of the README.
func TestRotation(t *testing.T) {
	begin := func(keys ...KeyConfig) *scrubProcessor {
		cfg := testConfig()
		cfg.EmitPrevious = true
		cfg.Keys = keys
		p, err := newProcessor(processortest.NewNopSettings(metadata.Type), cfg)
		require.NoError(t, err)
		require.NoError(t, p.start(t.Context(), componenttest.NewNopHost()))
		t.Cleanup(func() { require.NoError(t, p.shutdown(t.Context())) })
		return p
	}
	const previous = attr.UserID + ".previous"
	k1, k2 := KeyConfig{ID: "k1", Secret: goodSecret}, KeyConfig{ID: "k2", Secret: otherSecret}
	old := begin(k1)
	assert.Empty(t, attributeOf(t, old, previous))

	k1.Until = "2999-01-31"
	overlap := begin(k2, k1)
	assert.Regexp(t, "^identity_k2_", attributeOf(t, overlap, attr.UserID))
	assert.Equal(t, attributeOf(t, old, attr.UserID), attributeOf(t, overlap, previous))

	k1.Until = "2020-01-31"
	after := begin(k2, k1)
	assert.Equal(t, attributeOf(t, overlap, attr.UserID), attributeOf(t, after, attr.UserID))
	assert.Empty(t, attributeOf(t, after, previous))
}

// TestStartNeedsTheFile: the pipelines are built for a check of the config as
// well, and there it need not be.
func TestStartNeedsTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	cfg := testConfig()
	cfg.Keys = append(cfg.Keys, KeyConfig{ID: "k0", SecretFile: path})
	p, err := NewFactory().CreateLogs(t.Context(), processortest.NewNopSettings(metadata.Type), cfg, consumertest.NewNop())
	require.NoError(t, err)
	err = p.Start(t.Context(), componenttest.NewNopHost())
	require.EqualError(t, err, "keys[1].secret_file: open "+path+": no such file or directory: check the path")
	require.NoError(t, p.Shutdown(t.Context()))

	writeKey(t, path, otherSecret, 0o644)
	p, err = NewFactory().CreateLogs(t.Context(), processortest.NewNopSettings(metadata.Type), cfg, consumertest.NewNop())
	require.NoError(t, err)
	require.ErrorContains(t, p.Start(t.Context(), componenttest.NewNopHost()), "keys[1].secret_file: "+path+" may be read")
	require.NoError(t, p.Shutdown(t.Context()))
}
