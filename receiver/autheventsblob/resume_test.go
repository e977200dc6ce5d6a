package autheventsblob

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// memoryStorage is a storage extension that can show what a kill would leave,
// and can fail.
type memoryStorage struct {
	component.StartFunc
	component.ShutdownFunc
	*memoryClient
}

func (s *memoryStorage) GetClient(context.Context, component.Kind, component.ID, string) (storage.Client, error) {
	return s.memoryClient, nil
}

func hostOf(client *memoryClient) component.Host {
	return storageHost{componenttest.NewNopHost(), map[component.ID]component.Component{storageID: &memoryStorage{memoryClient: client}}}
}

// A restart in the middle of objects goes on where it stood: nothing is lost,
// and after a shutdown in order nothing comes twice.
func TestRestartInTheMiddle(t *testing.T) {
	for _, form := range []string{"plain", "gzip", "zstd"} {
		t.Run(form, func(t *testing.T) {
			s3 := newS3(t)
			for i := range 3 {
				text := events(fmt.Sprint(i), 8000)
				content := map[string][]byte{"plain": []byte(text), "gzip": gzipped(t, text), "zstd": zstandard(t, text)}[form]
				s3.put(t, fmt.Sprint("object-", i), content)
			}
			host := newStorageHost(t, t.TempDir())
			all := &sink{}
			for range 3 {
				// Takes some thousands, and then no more until shutdown.
				allowed := len(all.taken()) + 5000
				all.respond = func(_ context.Context, taken int) error {
					if taken >= allowed {
						return errors.New("not now")
					}
					return nil
				}
				r := newRunning(t, testConfig(s3.url()), all).start(t, host)
				all.await(t, allowed)
				r.stop(t)
			}
			all.respond = nil
			r := newRunning(t, testConfig(s3.url()), all).start(t, host)
			all.await(t, 24_000)
			r.awaitPasses(t)
			records := all.taken()
			assert.Len(t, records, 24_000)
			for i := range 3 {
				assertAll(t, records, fmt.Sprint(i), 8000)
			}
			assert.Len(t, bodies(records), 24_000)
			assert.Len(t, uids(records), 24_000)
		})
	}
}

// After a kill, what was taken since the last save comes again, with the same uids.
func TestKill(t *testing.T) {
	s3 := newS3(t)
	const lines = 60_000
	s3.put(t, "plain", []byte(events("plain", lines)))
	s3.put(t, "zipped", gzipped(t, events("zipped", lines)))
	client := newMemoryClient()
	next := &sink{}
	newRunning(t, testConfig(s3.url()), next).start(t, hostOf(client))
	// Before a second is over, so that lines decide when to save.
	require.Eventually(t, func() bool { return client.saves() >= 4 }, patience, time.Millisecond)
	// In this order: what is taken in between may be saved, and is not counted.
	before := len(next.taken())
	left := hostOf(client.copy())
	next.await(t, 2*lines)
	assert.GreaterOrEqual(t, client.saves(), 2*lines/(checkpointLines+4*maxCallLines), "also inside of objects, and within a second")

	again := &sink{}
	r := newRunning(t, testConfig(s3.url()), again).start(t, left)
	r.awaitPasses(t)
	repeated := len(again.taken()) - (2*lines - before)
	assert.Less(t, len(again.taken()), 2*lines, "it goes on, and does not begin again")
	assert.Less(t, repeated, checkpointLines+8*maxCallLines)
	both := append(next.taken(), again.taken()...)
	assert.Len(t, bodies(both), 2*lines)
	assertAll(t, both, "plain", lines)
	assertAll(t, both, "zipped", lines)
	for body, ids := range uids(both) {
		require.Len(t, ids, 1, body)
	}
}

func TestThousandsOfObjects(t *testing.T) {
	s3 := newS3(t)
	const objects = 2500
	for i := range objects {
		s3.put(t, fmt.Sprintf("%05d", i), []byte(event("x", i)))
	}
	var reading, most atomic.Int64
	s3.breakWith(func(_ http.ResponseWriter, r *http.Request) bool {
		if _, ok := isRead(r); ok {
			n := reading.Add(1)
			defer reading.Add(-1)
			for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
			}
			time.Sleep(50 * time.Microsecond) // no synchronisation: so that they overlap
		}
		return false
	})
	client := newMemoryClient()
	next := &sink{}
	cfg := testConfig(s3.url())
	cfg.MaxConcurrentObjects = 8
	r := newRunning(t, cfg, next).start(t, hostOf(client))
	next.await(t, 1200)
	r.stop(t) // in the second of three pages
	assert.NotEmpty(t, r.checkpoints.state.cursor)
	cfg.MaxConcurrentObjects = 3
	require.Eventually(t, func() bool { return reading.Load() == 0 }, patience, time.Millisecond) // what stop cut off
	first := most.Swap(0)
	assert.LessOrEqual(t, first, int64(8))
	assert.Greater(t, first, int64(1))

	r = newRunning(t, cfg, next).start(t, hostOf(client))
	next.await(t, objects)
	r.awaitPasses(t)
	assert.LessOrEqual(t, most.Load(), int64(3))
	assert.Len(t, next.taken(), objects)
	assert.Len(t, bodies(next.taken()), objects)
}

func TestNewAndLateObjects(t *testing.T) {
	s3 := newS3(t)
	now := time.Now()
	s3.clock.set(now.Add(-time.Hour))
	s3.put(t, "m", []byte("first\n"))
	next := &sink{}
	cfg := testConfig(s3.url())
	cfg.Lookback = 6 * time.Hour
	client := newMemoryClient()
	r := newRunning(t, cfg, next).start(t, hostOf(client))
	next.await(t, 1)
	r.awaitPasses(t)
	s3.clock.set(now)
	s3.put(t, "z", []byte("newer\n"))
	next.await(t, 2)
	r.awaitPasses(t)
	// With keys before and behind, and times before all others.
	s3.clock.set(now.Add(-5 * time.Hour))
	s3.put(t, "a", []byte("late\n"))
	next.await(t, 3)
	r.awaitPasses(t)
	s3.clock.set(now.Add(-7 * time.Hour))
	s3.put(t, "b", []byte("too late\n"))
	r.awaitPasses(t)
	r.stop(t)
	r = newRunning(t, cfg, next).start(t, hostOf(client))
	r.awaitPasses(t)
	want := map[string]int{"first": 1, "newer": 1, "late": 1}
	assert.Equal(t, want, bodies(next.taken()), "what is older than lookback is left out, and a restart repeats nothing")
}

func TestStart(t *testing.T) {
	at := time.Now().Add(-time.Hour)
	for name, test := range map[string]struct {
		start   string
		storage bool
	}{
		"now, with storage":    {"now", true},
		"now, without storage": {"now", false},
		"a time":               {at.Format(time.RFC3339), true},
	} {
		t.Run(name, func(t *testing.T) {
			s3 := newS3(t)
			s3.clock.set(at.Add(-time.Minute))
			s3.put(t, "old", []byte("old\n"))
			cfg := testConfig(s3.url())
			cfg.Start = test.start
			if !test.storage {
				cfg.Storage = nil
			}
			next := &sink{}
			client := newMemoryClient()
			r := newRunning(t, cfg, next).start(t, hostOf(client))
			r.awaitPasses(t)
			s3.clock.set(time.Now().Add(time.Second))
			s3.put(t, "new", []byte("new\n"))
			next.await(t, 1)
			r.awaitPasses(t)
			r.stop(t)
			want := map[string]int{"new": 1}
			assert.Equal(t, want, bodies(next.taken()))
			if !test.storage {
				return
			}
			// What comes while it is down counts, whatever start says.
			s3.put(t, "while down", []byte("while down\n"))
			r = newRunning(t, cfg, next).start(t, hostOf(client))
			next.await(t, 2)
			r.awaitPasses(t)
			want["while down"] = 1
			assert.Equal(t, want, bodies(next.taken()))
		})
	}
}

// Another prefix shows objects that are older than all that was read before.
func TestSelectionChanges(t *testing.T) {
	s3 := newS3(t)
	s3.clock.set(time.Now().Add(-100 * time.Hour))
	s3.put(t, "b/1", []byte("other prefix\n"))
	s3.clock.set(time.Now())
	s3.put(t, "a/1", []byte("prefix\n"))
	client := newMemoryClient()
	next := &sink{}
	cfg := testConfig(s3.url())
	cfg.Prefix = "a/"
	r := newRunning(t, cfg, next).start(t, hostOf(client))
	next.await(t, 1)
	r.awaitPasses(t)
	r.stop(t)
	cfg.Prefix = ""
	r = newRunning(t, cfg, next).start(t, hostOf(client))
	next.await(t, 2)
	r.awaitPasses(t)
	assert.Equal(t, map[string]int{"prefix": 1, "other prefix": 1}, bodies(next.taken()))
	assert.Equal(t, 1, r.logs.FilterMessageSnippet("have changed").Len())
}

func TestStorageFails(t *testing.T) {
	s3 := newS3(t)
	s3.put(t, "a", []byte(events("a", 25_000)))
	client := newMemoryClient()
	client.fail(errors.New("disk full"))
	next := &sink{}
	r := newRunning(t, testConfig(s3.url()), next)
	require.ErrorContains(t, r.Start(t.Context(), hostOf(client)), "storage: read the state: disk full")
	require.NoError(t, r.Shutdown(t.Context()), "what Start began is undone")

	client.fail(nil)
	r = newRunning(t, testConfig(s3.url()), next).start(t, hostOf(client))
	client.fail(errors.New("disk full"))
	next.await(t, 25_000)
	require.Eventually(t, func() bool { return r.logs.FilterMessageSnippet("can't be saved").Len() > 0 }, patience, time.Millisecond)
	client.fail(nil)
	require.Eventually(t, func() bool { return r.logs.FilterMessage("The state is saved again").Len() == 1 }, patience, time.Millisecond)
	assert.Equal(t, 1, r.logs.FilterMessageSnippet("can't be saved").Len(), "once per outage")
	r.stop(t)
	r = newRunning(t, testConfig(s3.url()), next).start(t, hostOf(client))
	r.awaitPasses(t)
	assert.Len(t, next.taken(), 25_000)
}

// Damage of the state repeats, and loses nothing.
func TestDamagedState(t *testing.T) {
	s3 := newS3(t)
	for i := range 10 {
		s3.put(t, fmt.Sprint(i), []byte(event("x", i)))
	}
	client := newMemoryClient()
	next := &sink{}
	r := newRunning(t, testConfig(s3.url()), next).start(t, hostOf(client))
	next.await(t, 10)
	r.awaitPasses(t)
	r.stop(t)
	damaged := client.damage()
	require.Greater(t, damaged, 2)
	cfg := testConfig(s3.url())
	cfg.Start = startNow // a floor that is lost must not become now
	r = newRunning(t, cfg, next).start(t, hostOf(client))
	r.awaitPasses(t)
	r.stop(t)
	assert.Equal(t, damaged, r.logs.FilterMessageSnippet("can't be used").Len())
	assert.Len(t, next.taken(), 20)
	assert.Len(t, bodies(next.taken()), 10)
	for body, ids := range uids(next.taken()) {
		assert.Len(t, ids, 1, body)
	}
}

// A call that does not heed its context is left behind, and moves nothing.
func TestStuckPipeline(t *testing.T) {
	s3 := newS3(t)
	s3.put(t, "a", []byte(event("a", 0)))
	client := newMemoryClient()
	entered, release := make(chan struct{}), make(chan struct{})
	next := &sink{respond: func(context.Context, int) error {
		close(entered)
		<-release
		return nil
	}}
	r := newRunning(t, testConfig(s3.url()), next)
	r.shutdownTimeout = 20 * time.Millisecond
	require.NoError(t, r.Start(t.Context(), hostOf(client)))
	<-entered
	require.ErrorIs(t, r.Shutdown(t.Context()), errAbandoned)
	require.NoError(t, r.Shutdown(t.Context()), "a second time")
	saves := client.saves()
	close(release)
	<-r.worked
	assert.Equal(t, saves, client.saves())

	again := &sink{}
	newRunning(t, testConfig(s3.url()), again).start(t, hostOf(client))
	again.await(t, 1)
}

func TestStartErrors(t *testing.T) {
	unknown := component.MustNewID("nobody")
	for name, test := range map[string]struct {
		config  func(*Config)
		message string
	}{
		"no such extension": {func(c *Config) { c.Storage = &unknown }, `storage: there is no extension "nobody": list it under service.extensions`},
		"bad parameter": {func(c *Config) { c.URL = "s3://events?regoin=canary" },
			"url: open the bucket: open bucket s3://events?… unknown query parameter"},
		"no such directory": {func(c *Config) { c.URL = "file:///no/such/directory" }, "no such file or directory"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
			cfg := testConfig("file://./testdata")
			test.config(cfg)
			r := newRunning(t, cfg, &sink{})
			err := r.Start(t.Context(), hostOf(newMemoryClient()))
			require.ErrorContains(t, err, test.message)
			assert.NotContains(t, err.Error(), "canary")
			require.NoError(t, r.Shutdown(t.Context()))
		})
	}
}

// What a container runtime has split is joined, also where its last part never
// came, and a restart in front of the rest loses nothing of the line.
func TestWrappedObject(t *testing.T) {
	s3 := newS3(t)
	part := func(tag, text string) string { return "2026-05-20T10:00:00.1Z stdout " + tag + " " + text + "\n" }
	line := event("x", 0)
	s3.put(t, "object", []byte(part("P", line[:9])+part("F", line[9:])+part("P", event("x", 1))))
	s := &sink{}
	r := newRunning(t, testConfig(s3.url()), s).start(t, newStorageHost(t, t.TempDir()))
	s.await(t, 2)
	assert.Equal(t, map[string]int{line: 1, event("x", 1): 1}, bodies(s.taken()))
	r.stop(t)
}
