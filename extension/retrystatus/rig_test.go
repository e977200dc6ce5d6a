package retrystatus

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configmiddleware"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
)

// rig is the extension, and HTTP clients made as the OTLP exporter makes its own.
type rig struct {
	t         *testing.T
	id        component.ID
	extension extension.Extension
	telemetry *componenttest.Telemetry
	logs      *observer.ObservedLogs
}

func newRig(t *testing.T, codes ...int) *rig {
	t.Helper()
	core, logs := observer.New(zapcore.DebugLevel)
	r := &rig{t: t, id: component.NewIDWithName(typ, "test"), telemetry: componenttest.NewTelemetry(), logs: logs}
	set := extensiontest.NewNopSettings(typ)
	set.ID = r.id
	set.TelemetrySettings = r.telemetry.NewTelemetrySettings()
	set.Logger = zap.New(core)
	cfg := createDefaultConfig().(*Config)
	if len(codes) > 0 {
		cfg.StatusCodes = codes
	}
	var err error
	r.extension, err = NewFactory().Create(t.Context(), set, cfg)
	require.NoError(t, err)
	require.NoError(t, r.extension.Start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() {
		require.NoError(t, r.extension.Shutdown(context.WithoutCancel(t.Context())))
		require.NoError(t, r.telemetry.Shutdown(context.WithoutCancel(t.Context())))
	})
	return r
}

func (r *rig) client() *http.Client {
	r.t.Helper()
	cc := confighttp.NewDefaultClientConfig()
	cc.Middlewares = []configmiddleware.Config{{ID: r.id}}
	client, err := cc.ToClient(r.t.Context(), map[component.ID]component.Component{r.id: r.extension}, componenttest.NewNopTelemetrySettings())
	require.NoError(r.t, err)
	r.t.Cleanup(client.CloseIdleConnections)
	return client
}

// answer is one that was read to its end.
type answer struct {
	code   int
	status string
	header http.Header
	length int64 // as it says itself
	body   string
}

// post sends one request.
func (r *rig) post(client *http.Client, url string) answer {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, url+"/v1/logs", strings.NewReader("a request"))
	require.NoError(r.t, err)
	resp, err := client.Do(req)
	require.NoError(r.t, err)
	read, err := io.ReadAll(resp.Body)
	require.NoError(r.t, err)
	require.NoError(r.t, resp.Body.Close())
	return answer{resp.StatusCode, resp.Status, resp.Header, resp.ContentLength, string(read)}
}

// said are the lines of the log, without their times, with status and responses.
func (r *rig) said() []string {
	var lines []string
	for _, entry := range r.logs.All() {
		fields := entry.ContextMap()
		line := entry.Level.String() + " " + entry.Message
		for _, key := range []string{"http.response.status_code", "responses"} {
			if v, ok := fields[key].(int64); ok {
				line += " " + key + "=" + strconv.FormatInt(v, 10)
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// server answers with what answer says.
func server(t *testing.T, answer http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	return s
}
