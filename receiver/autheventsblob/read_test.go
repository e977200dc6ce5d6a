package autheventsblob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/tail"
)

func TestReadsObjects(t *testing.T) {
	s3 := newS3(t)
	s3.put(t, "2026/plain.log", []byte(events("plain", 300)))
	s3.put(t, "2026/zipped.log", gzipped(t, events("zipped", 300)))
	s3.put(t, "2026/zstd.log", zstandard(t, events("zstd", 300)))
	s3.put(t, "2026/members.gz", append(gzipped(t, events("first", 3)), gzipped(t, events("second", 3))...))
	s3.put(t, "2026/no-end.log", []byte(strings.TrimSuffix(events("end", 2), "\n")))
	s3.put(t, "2026/empty.log", nil)
	s3.put(t, "2026/directory/", nil)
	next := &sink{}
	r := newRunning(t, testConfig(s3.url()), next).start(t, newStorageHost(t, t.TempDir()))

	records := next.await(t, 908)
	r.awaitPasses(t)
	assert.Len(t, next.taken(), 908, "each line once")
	assert.Len(t, bodies(records), 908)
	assert.Len(t, uids(records), 908)
	for _, rec := range records {
		assert.Equal(t, filepath.Base(rec.path), rec.name)
		assert.True(t, strings.HasPrefix(rec.path, "2026/"), rec.path)
	}
	assert.EqualValues(t, 6, r.objects(t, "done"))
	assert.Zero(t, r.logs.Len(), r.logs.All())
}

func TestReadsDirectory(t *testing.T) {
	dir := t.TempDir()
	// In the order of a walk, a/b stands before a.b; in that of keys, behind it.
	for _, name := range []string{"a/b", "a.b", "c"} {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(event(name, 0)), 0o600))
	}
	next := &sink{}
	r := newRunning(t, testConfig("file://"+filepath.ToSlash(dir)), next).start(t, newStorageHost(t, t.TempDir()))
	next.await(t, 3)
	r.awaitPasses(t)
	assert.Len(t, next.taken(), 3)
}

func TestFilter(t *testing.T) {
	s3 := newS3(t)
	for _, key := range []string{"prod/a/events.log", "prod/a/other.log", "prod/b/c/events.log", "prod/old/events.log", "int/a/events.log"} {
		s3.put(t, key, []byte(event(key, 0)))
	}
	next := &sink{}
	cfg := testConfig(s3.url())
	cfg.Prefix = "prod/"
	cfg.Include = []string{"**/events.log"}
	cfg.Exclude = []string{"prod/old/**"}
	r := newRunning(t, cfg, next).start(t, newStorageHost(t, t.TempDir()))
	records := next.await(t, 2)
	r.awaitPasses(t)
	assert.Len(t, next.taken(), 2)
	assert.ElementsMatch(t, []string{"prod/a/events.log", "prod/b/c/events.log"}, []string{records[0].path, records[1].path})
}

// What can't be read to its end is said once, counted, and not read again. Its
// lines up to there are delivered.
func TestBrokenObjects(t *testing.T) {
	whole := gzipped(t, events("x", 5000))
	for name, test := range map[string]struct {
		content []byte
		config  func(*Config)
		reason  string
		some    bool // some lines come
	}{
		"truncated gzip": {content: whole[:len(whole)*3/4], reason: "compressed, and not complete", some: true},
		"truncated zstd": {content: cut(zstandard(t, events("x", 50000)), 3, 4), reason: "compressed, and not complete", some: true},
		"only magic":     {content: []byte{0x1f, 0x8b}, reason: "compressed, and not complete"},
		"damaged gzip":   {content: flip(whole, len(whole)-6), reason: "compressed, and damaged", some: true},
		"no gzip":        {content: []byte("{}\n"), config: func(c *Config) { c.Compression = "gzip" }, reason: "compressed, and not complete"},
		"no gzip, long":  {content: []byte(events("x", 9)), config: func(c *Config) { c.Compression = "gzip" }, reason: "compressed, and damaged"},
		"bomb": {
			content: gzipped(t, event("x", 0)+"\n"+strings.Repeat("\n", 64<<20)), reason: "compressed more than max_compression_ratio",
			config: func(c *Config) { c.MaxCompressionRatio = 500; c.Lines.Unparsed = "drop" }, some: true,
		},
		"bomb without a line end": {
			content: gzipped(t, event("x", 0)+"\n"+strings.Repeat("x", 64<<20)), reason: "compressed more than max_compression_ratio",
			config: func(c *Config) { c.MaxCompressionRatio = 500 }, some: true,
		},
		"too large": {
			content: gzipped(t, events("x", 100_000)), reason: "larger than max_object_size",
			config: func(c *Config) { c.MaxObjectSize = 1 << 20 }, some: true,
		},
		"too large, plain": {
			content: []byte(events("x", 20_000)), reason: "larger than max_object_size",
			config: func(c *Config) { c.MaxObjectSize = 1 << 20 }, some: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s3 := newS3(t)
			s3.put(t, "broken", test.content)
			s3.put(t, "good", []byte(event("good", 0)))
			next := &sink{}
			cfg := testConfig(s3.url())
			if test.config != nil {
				test.config(cfg)
			}
			if cfg.Compression == "gzip" {
				s3.put(t, "good", gzipped(t, event("good", 0)))
			}
			r := newRunning(t, cfg, next).start(t, newStorageHost(t, t.TempDir()))
			r.awaitPasses(t)
			r.awaitPasses(t)
			assert.EqualValues(t, 1, r.objects(t, "failed"))
			assert.EqualValues(t, 1, r.objects(t, "done"))
			counts := bodies(next.taken())
			assert.Equal(t, 1, counts[event("good", 0)])
			if test.some {
				assert.Equal(t, 1, counts[event("x", 0)])
			}
			for body, n := range counts {
				assert.Equal(t, 1, n)
				assert.True(t, strings.HasSuffix(body, `"}`), "no part of a line")
			}
			require.Equal(t, 1, r.logs.Len(), r.logs.All())
			entry := r.logs.All()[0].ContextMap()
			assert.Equal(t, map[string]any{"key": "broken", "reason": test.reason}, entry)
		})
	}
}

func cut(b []byte, part, of int) []byte { return b[:len(b)*part/of] }

func flip(b []byte, i int) []byte {
	b = append([]byte(nil), b...)
	b[i] ^= 0xff
	return b
}

// The network cuts objects in the middle, twice each: nothing is lost, and
// nothing comes twice, as reading goes on behind the last line that was taken.
func TestCutConnections(t *testing.T) {
	for _, form := range []string{"plain", "gzip"} {
		t.Run(form, func(t *testing.T) {
			s3 := newS3(t)
			text := events("x", 20_000)
			content := []byte(text)
			if form == "gzip" {
				content = gzipped(t, text)
			}
			s3.put(t, "object", content)
			cuts := 0
			s3.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
				if _, ok := isRead(r); !ok || cuts == 2 {
					return false
				}
				cuts++
				from := 0
				if _, err := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from); err == nil {
					w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(content)-1, len(content)))
				}
				rest := content[from:]
				w.Header().Set("Content-Length", fmt.Sprint(len(rest)))
				w.Header().Set("Last-Modified", s3.clock.Now().Format(http.TimeFormat))
				if from > 0 {
					w.WriteHeader(http.StatusPartialContent)
				}
				_, _ = w.Write(rest[:len(rest)/2])
				panic(http.ErrAbortHandler)
			})
			next := &sink{}
			r := newRunning(t, testConfig(s3.url()), next).start(t, newStorageHost(t, t.TempDir()))
			next.await(t, 20_000)
			r.awaitPasses(t)
			records := next.taken()
			assert.Len(t, records, 20_000)
			assertAll(t, records, "x", 20_000)
			assert.Len(t, bodies(records), 20_000)
			assert.EqualValues(t, 2, r.count(t, "otelcol_auth_events_blob_errors", "error.type", "other")+
				r.count(t, "otelcol_auth_events_blob_errors", "error.type", "network"))
			assert.EqualValues(t, 1, r.objects(t, "done"))
			assert.Zero(t, r.objects(t, "failed"))
			assert.Equal(t, 1, r.logs.FilterMessageSnippet("does not answer as it should").Len(), "once per cause")
			assert.Equal(t, 1, r.logs.FilterMessage("An error of the bucket is over").Len())
		})
	}
}

// Errors of the service are tried again, counted and said once, without what
// the service said.
func TestServiceErrors(t *testing.T) {
	s3 := newS3(t)
	s3.put(t, "a", []byte(event("a", 0)))
	s3.put(t, "b", []byte(event("b", 0)))
	s3.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		key, ok := isRead(r)
		return ok && key == "a" && deny(w, r)
	})
	next := &sink{}
	r := newRunning(t, testConfig(s3.url()), next).start(t, newStorageHost(t, t.TempDir()))
	next.await(t, 1)
	r.awaitPasses(t)
	r.awaitPasses(t)
	assert.Equal(t, map[string]int{event("b", 0): 1}, bodies(next.taken()))
	assert.GreaterOrEqual(t, r.count(t, "otelcol_auth_events_blob_errors", "error.type", "permission_denied"), int64(2))
	require.Equal(t, 1, r.logs.Len(), r.logs.All())
	assert.Equal(t, map[string]any{"operation": "read", "error.type": "permission_denied", "code": "AccessDenied"},
		r.logs.All()[0].ContextMap())
	oldest, open := r.checkpoints.state.oldest()
	assert.True(t, open)
	assert.WithinDuration(t, s3.clock.Now(), oldest, time.Second, "it counts as lag")

	// The same for the listing. A pass that is under way must still not get a.
	s3.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		key, ok := isRead(r)
		return (!ok || key == "a") && deny(w, r)
	})
	r.awaitPasses(t)
	require.Equal(t, 2, r.logs.Len())
	assert.Equal(t, "list", r.logs.All()[1].ContextMap()["operation"])
	s3.mend()
	next.await(t, 2)
	r.awaitPasses(t)
	assert.Equal(t, map[string]int{event("a", 0): 1, event("b", 0): 1}, bodies(next.taken()))
	assert.Equal(t, 2, r.logs.FilterMessage("An error of the bucket is over").Len())
	assert.EqualValues(t, 2, r.objects(t, "done"))
	for _, entry := range r.logs.All() {
		said := entry.Message + fmt.Sprint(entry.ContextMap())
		for _, canary := range []string{"canary", s3.URL, "X-Amz", "Signature"} {
			assert.NotContains(t, said, canary)
		}
	}
}

func TestDeletedWhileFailing(t *testing.T) {
	s3 := newS3(t)
	s3.put(t, "a", []byte(event("a", 0)))
	s3.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		_, ok := isRead(r)
		return ok && deny(w, r)
	})
	r := newRunning(t, testConfig(s3.url()), &sink{}).start(t, newStorageHost(t, t.TempDir()))
	r.awaitPasses(t)
	_, err := s3.backend.DeleteObject("events", "a")
	require.NoError(t, err)
	r.awaitPasses(t)
	assert.EqualValues(t, 1, r.objects(t, "failed"))
	assert.Equal(t, 1, r.logs.FilterMessageSnippet("were deleted before").Len())
}

// An object that is overwritten is read again, with uids of its own.
func TestOverwritten(t *testing.T) {
	s3 := newS3(t)
	s3.put(t, "a", []byte("same line\nold\n"))
	next := &sink{}
	r := newRunning(t, testConfig(s3.url()), next).start(t, newStorageHost(t, t.TempDir()))
	next.await(t, 2)
	s3.put(t, "a", []byte("same line\nnew\n"))
	next.await(t, 4)
	r.awaitPasses(t)
	records := next.taken()
	assert.Equal(t, map[string]int{"same line": 2, "old": 1, "new": 1}, bodies(records))
	assert.Len(t, uids(records)["same line"], 2)
}

// Between listing and reading, another version takes the place: the condition
// of the request fails, and the next pass reads what is there.
func TestReplacedBeforeReading(t *testing.T) {
	s3 := newS3(t)
	s3.put(t, "a", []byte("old\n"))
	replaced := false
	s3.breakWith(func(w http.ResponseWriter, r *http.Request) bool {
		if _, ok := isRead(r); !ok || replaced {
			return false
		}
		replaced = true
		assert.NotEmpty(t, r.Header.Get("If-Match"))
		s3.put(t, "a", []byte("new\n"))
		w.WriteHeader(http.StatusPreconditionFailed)
		_, _ = w.Write([]byte(`<Error><Code>PreconditionFailed</Code></Error>`))
		return true
	})
	next := &sink{}
	r := newRunning(t, testConfig(s3.url()), next).start(t, newStorageHost(t, t.TempDir()))
	next.await(t, 1)
	r.awaitPasses(t)
	assert.Equal(t, map[string]int{"new": 1}, bodies(next.taken()))
	assert.Zero(t, r.logs.Len(), r.logs.All())
}

// The pipeline refuses for a while: everything waits, and comes once.
func TestRefusingPipeline(t *testing.T) {
	s3 := newS3(t)
	for i := range 20 {
		s3.put(t, fmt.Sprintf("object-%02d", i), gzipped(t, events(fmt.Sprint(i), 50)))
	}
	next := &sink{}
	next.respond = func(context.Context, int) error {
		next.mu.Lock()
		defer next.mu.Unlock()
		if next.tried < 30 {
			return errors.New("not now")
		}
		return nil
	}
	r := newRunning(t, testConfig(s3.url()), next).start(t, newStorageHost(t, t.TempDir()))
	next.await(t, 1000)
	r.awaitPasses(t)
	assert.Len(t, next.taken(), 1000)
	assert.Len(t, bodies(next.taken()), 1000)
}

// A bucket that ends an object too soon is no end of a line, and no damage: the
// rest is read with the next pass.
func TestCutByTheBucket(t *testing.T) {
	whole := events("x", 10)
	for name, stored := range map[string][]byte{"plain": []byte(whole), "gzip": gzipped(t, whole), "zstd": zstandard(t, whole)} {
		t.Run(name, func(t *testing.T) {
			half := stored[:len(stored)/2+7] // within a line
			s := &source{r: bytes.NewReader(half), cancel: func() {}, stall: time.Minute, whole: int64(len(stored))}
			l := limits{compression: compressionAuto, size: 1 << 20, ratio: 1000, line: 1 << 20}
			d, err := decompress(s, l)
			require.NoError(t, err)
			defer d.close()
			var taken int64
			r := reading{
				object: &object{size: int64(len(stored))}, limits: l,
				handle: func(_ context.Context, lines *tail.Lines) error {
					assert.False(t, lines.End)
					for _, x := range lines.Lines {
						assert.Equal(t, byte('}'), x.Text[len(x.Text)-1], "a line that is not whole")
					}
					return nil
				},
				taken: func(offset int64, _ bool, _ int) { taken = offset },
			}
			require.ErrorIs(t, r.lines(t.Context(), d, 0), errCut)
			assert.True(t, taken == 0 || whole[taken-1] == '\n', "the position stands in a line")
		})
	}
}

// Limits that are as good as none are none.
func TestLimitsWithoutEnd(t *testing.T) {
	text := events("x", 50_000)
	s3 := newS3(t)
	s3.put(t, "plain", []byte(text))
	s3.put(t, "zipped", gzipped(t, text))
	next := &sink{}
	cfg := testConfig(s3.url())
	cfg.MaxObjectSize, cfg.MaxCompressionRatio = math.MaxInt64, math.MaxInt
	r := newRunning(t, cfg, next).start(t, newStorageHost(t, t.TempDir()))
	next.await(t, 100_000)
	r.awaitPasses(t)
	assert.EqualValues(t, 2, r.objects(t, "done"))
}
