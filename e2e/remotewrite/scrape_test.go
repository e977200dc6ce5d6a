//go:build unix

package remotewrite

import (
	"io"
	"log"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// target is a collector with configs/prometheus.yaml, at one address whatever port
// it runs on.
type target struct {
	*colproc.Process
	url   string
	at    atomic.Pointer[url.URL]
	files string // a glob
	state string
}

func newTarget(t *testing.T, files string) *target {
	t.Helper()
	target := &target{files: files, state: t.TempDir()}
	server := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite:  func(p *httputil.ProxyRequest) { p.Out.URL = target.at.Load() },
		ErrorLog: log.New(io.Discard, "", 0), // of scrapes while the collector is down
	})
	t.Cleanup(server.Close)
	target.url = server.URL
	return target
}

func (a *target) start(t *testing.T) {
	t.Helper()
	a.Process = e2etest.Start(t, colproc.Options{
		Config: "configs/prometheus.yaml", Overlays: []string{"yaml:connectors::event_metrics::interval: 200ms"},
		Env: []string{"AUTHEVENTS_INCLUDE=" + a.files, "STATE_DIR=" + a.state},
	})
	at, err := url.Parse(a.MetricsURL)
	require.NoError(t, err)
	a.at.Store(at)
}

// TestScrape: two collectors are told apart by Prometheus' own instance alone, add
// up, leave no series behind when they stop, and go on with the same ones.
func TestScrape(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	files := []string{filepath.Join(dir, "one.ndjson"), filepath.Join(dir, "two.ndjson")}
	appendLines(t, files[0], 5)
	appendLines(t, files[1], 7)
	one, two := newTarget(t, files[0]), newTarget(t, files[1])
	one.start(t)
	two.start(t)
	server := e2etest.NewPrometheus(t, one.url, two.url)
	requireCounts(t, server, files...)
	assert.Len(t, server.Must("sum by (instance) (auth_events_total)"), 2)
	assert.Empty(t, server.Must(`{__name__=~"auth_.*", exported_instance!=""}`))
	series := len(server.Must("auth_events_total"))

	e2etest.Stop(t, one.Process)
	server.Await("sum(auth_captcha_challenges_total)", func(v e2etest.Vector) bool { return v["{}"] == 7 })
	appendLines(t, files[0], 3)
	one.start(t)
	requireCounts(t, server, files...)
	e2etest.Stop(t, one.Process)
	e2etest.Stop(t, two.Process)
	assert.Empty(t, server.Must("resets(auth_events_total[1h]) > 0"))
	assert.Len(t, server.Must("last_over_time(auth_events_total[1h])"), series, "no new series after the restart")
	assert.Equal(t, e2etest.Vector{"{}": 15}, server.Must("sum(max_over_time(auth_captcha_challenges_total[1h]))"))
}
