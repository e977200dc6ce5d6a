package eventmetrics

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/authevents/otelcol-auth/connector/eventmetrics/internal/metadatatest"
	"github.com/authevents/otelcol-auth/internal/sealed"
)

func TestRestart(t *testing.T) {
	for name, tt := range map[string]struct {
		disk *memory
		want int64
	}{
		"with storage":    {&memory{}, 7},
		"without storage": {nil, 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &backend{}
				first := time.Now()
				c := startedWith(t, defaultConfig(), tt.disk, routed(b))
				consume(t, c, "1", "2", "3", "4", "5")
				require.NoError(t, c.Shutdown(t.Context()))
				time.Sleep(time.Hour)
				second := time.Now()
				c = startedWith(t, defaultConfig(), tt.disk, routed(b))
				consume(t, c, "6", "7")
				if tt.disk != nil {
					consume(t, c, "1", "6") // uids are kept with the counts
				}
				require.NoError(t, c.Shutdown(t.Context()))
				assert.Equal(t, tt.want, b.total(t))
				if tt.disk != nil {
					assert.True(t, first.Equal(b.start), "the same start time")
				} else {
					assert.True(t, second.Equal(b.start), "a new start time")
				}
			})
		})
	}
}

// Deltas go on after a restart, also those that were refused before it.
func TestRestartOfDeltas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := defaultConfig()
		cfg.Temporality = temporalityDelta
		good, bad, disk := &backend{}, &backend{}, &memory{}
		c := startedWith(t, cfg, disk, routed(good, bad))
		consume(t, c, "", "", "")
		pass()
		bad.goAway(true)
		consume(t, c, "", "")
		require.ErrorIs(t, c.Shutdown(t.Context()), errFlush)
		bad.goAway(false)
		time.Sleep(time.Hour)
		second := time.Now()
		c = startedWith(t, cfg, disk, routed(good, bad))
		consume(t, c, "", "")
		pass()
		assert.EqualValues(t, 7, good.total(t))
		assert.EqualValues(t, 7, bad.total(t))
		assert.True(t, second.Equal(good.start), "nothing was counted before it")
		require.NoError(t, c.Shutdown(t.Context()))
		assert.EqualValues(t, 7, bad.total(t))
	})
}

func TestChangeOfTemporality(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk, cumulative, delta := &memory{}, &backend{}, &backend{}
		cfg := defaultConfig()
		c := startedWith(t, cfg, disk, routed(cumulative))
		consume(t, c, "", "", "")
		require.NoError(t, c.Shutdown(t.Context()))
		cfg.Temporality = temporalityDelta
		c = startedWith(t, cfg, disk, routed(delta))
		consume(t, c, "", "")
		require.NoError(t, c.Shutdown(t.Context()))
		assert.EqualValues(t, 2, delta.total(t), "what was sent before is not sent again")
		cfg.Temporality = temporalityCumulative
		c = startedWith(t, cfg, disk, routed(cumulative))
		require.NoError(t, c.Shutdown(t.Context()))
		assert.EqualValues(t, 5, cumulative.total(t))
	})
}

func TestSnapshotsAreSkipped(t *testing.T) {
	eachTemporality(t, func(t *testing.T, cfg *Config) {
		synctest.Test(t, func(t *testing.T) {
			disk, b := &memory{}, &backend{}
			c := startedWith(t, cfg, disk, routed(b))
			for want := 1; want <= 2; want++ {
				consume(t, c, "")
				time.Sleep(4*defaultInterval + time.Second)
				synctest.Wait()
				assert.Equal(t, want, disk.stored(), "once while nothing changes")
			}
			require.NoError(t, c.Shutdown(t.Context()))
			assert.Equal(t, 2, disk.stored())
			_, flushes := b.state(t)
			assert.Equal(t, 9, flushes)
		})
	})
}

func TestDamagedSnapshot(t *testing.T) {
	for name, damage := range map[string]func([]byte) []byte{
		"cut":     func(b []byte) []byte { return b[:len(b)/2] },
		"flipped": func(b []byte) []byte { b[len(b)/3] ^= 1; return b },
		"empty":   func([]byte) []byte { return []byte{} },
	} {
		t.Run(name, func(t *testing.T) {
			disk, b := &memory{}, &backend{}
			c := startedWith(t, defaultConfig(), disk, routed(b))
			consume(t, c, "1", "2")
			require.NoError(t, c.Shutdown(t.Context()))
			disk.values[snapshotKey] = damage(disk.values[snapshotKey])

			core, logged := observer.New(zap.InfoLevel)
			set := componenttest.NewNopTelemetrySettings()
			set.Logger = zap.New(core)
			cfg := defaultConfig()
			cfg.Storage = &storageID
			begin := time.Now()
			c, err := newConnector(settings(set), cfg, routed(b))
			require.NoError(t, err)
			require.NoError(t, c.Start(t.Context(), host(disk)))
			require.Equal(t, 1, logged.FilterLevelExact(zap.WarnLevel).Len())
			consume(t, c, "1")
			require.NoError(t, c.Shutdown(t.Context()))
			assert.EqualValues(t, 1, b.total(t))
			assert.False(t, b.start.Before(begin), "a new start time")

			c = startedWith(t, defaultConfig(), disk, routed(b))
			consume(t, c, "2")
			require.NoError(t, c.Shutdown(t.Context()))
			assert.EqualValues(t, 2, b.total(t), "the next snapshot is whole")
		})
	}
}

func TestStorageFails(t *testing.T) {
	eachTemporality(t, func(t *testing.T, cfg *Config) {
		synctest.Test(t, func(t *testing.T) {
			tel := componenttest.NewTelemetry()
			defer func() { require.NoError(t, tel.Shutdown(context.Background())) }()
			core, logged := observer.New(zap.WarnLevel)
			set := tel.NewTelemetrySettings()
			set.Logger = zap.New(core)
			cfg.Storage = &storageID
			disk, b := &memory{}, &backend{}
			c, err := newConnector(settings(set), cfg, routed(b))
			require.NoError(t, err)
			require.NoError(t, c.Start(t.Context(), host(disk)))
			consume(t, c, "")
			pass()
			disk.failWith(errors.New("no space left"))
			consume(t, c, "")
			pass()
			pass()
			value, flushes := b.state(t)
			assert.EqualValues(t, 1, value)
			assert.Equal(t, 1, flushes, "nothing is sent that is not stored")
			assert.Equal(t, 1, logged.Len(), "one outage, one line")
			disk.failWith(nil)
			pass()
			assert.EqualValues(t, 2, b.total(t))

			ignore := metricdatatest.IgnoreTimestamp()
			point := func(v int) []metricdata.DataPoint[int64] {
				return []metricdata.DataPoint[int64]{{Value: int64(v), Attributes: attribute.NewSet(kindConnector)}}
			}
			metadatatest.AssertEqualEventMetricsSnapshots(t, tel, point(2), ignore)
			metadatatest.AssertEqualEventMetricsSnapshotFailures(t, tel, point(2), ignore)
			stored, err := sealed.Unseal(snapshotKey, disk.values[snapshotKey])
			require.NoError(t, err)
			metadatatest.AssertEqualEventMetricsSnapshotSize(t, tel, point(len(stored)), ignore)
			require.NoError(t, c.Shutdown(t.Context()))
		})
	})
}

func TestRestoredSeriesAreCounted(t *testing.T) {
	tel := componenttest.NewTelemetry()
	defer func() { require.NoError(t, tel.Shutdown(context.Background())) }()
	disk := &memory{}
	c := startedWith(t, defaultConfig(), disk, routed(&backend{}))
	consume(t, c, "")
	require.NoError(t, c.Shutdown(t.Context()))
	cfg := defaultConfig()
	cfg.Storage = &storageID
	c, err := newConnector(settings(tel.NewTelemetrySettings()), cfg, routed(&backend{}))
	require.NoError(t, err)
	require.NoError(t, c.Start(t.Context(), host(disk)))
	assert.GreaterOrEqual(t, counterOf(t, tel, "otelcol_event_metrics_restored_series"), int64(2), "auth.events and auth.captcha.challenges")
	require.NoError(t, c.Shutdown(t.Context()))
}

func TestStorageThatCannotBeUsed(t *testing.T) {
	cfg := defaultConfig()
	cfg.Storage = &storageID
	for name, tt := range map[string]struct {
		disk *memory
		want string
	}{
		"in use":        {&memory{open: true}, `storage: "file_storage" can't be opened`},
		"can't be read": {&memory{fail: errors.New("input/output error")}, "storage: the counts can't be read: check the storage"},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := newConnector(settings(componenttest.NewNopTelemetrySettings()), cfg, routed(&backend{}))
			require.NoError(t, err)
			require.ErrorContains(t, c.Start(t.Context(), host(tt.disk)), tt.want)
			require.NoError(t, c.Shutdown(t.Context()))
			if name != "in use" {
				assert.False(t, tt.disk.open, "a start that fails leaves nothing open")
			}
		})
	}
}
