package retrystatus

import (
	"context"
	"net/http"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/extensionmiddleware"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/extension/retrystatus/internal/metadata"
)

// middleware is the extension. Each client that names it, one for each exporter
// and signal, has a round tripper of its own.
type middleware struct {
	codes     []int // ascending
	id        component.ID
	logger    *zap.Logger
	telemetry *metadata.TelemetryBuilder

	mu      sync.Mutex
	clients []*stretches // of the round trippers: as many as the config has clients
}

var (
	_ extension.Extension            = (*middleware)(nil)
	_ extensionmiddleware.HTTPClient = (*middleware)(nil)
)

func newMiddleware(set extension.Settings, cfg *Config) (*middleware, error) {
	codes, err := compile(cfg)
	if err != nil {
		return nil, err
	}
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	return &middleware{codes: codes, id: set.ID, logger: set.Logger, telemetry: telemetry}, nil
}

// Start does nothing: all begins with the first request.
func (*middleware) Start(context.Context, component.Host) error { return nil }

// Shutdown says which stretches last. The exporters have ended by then.
func (m *middleware) Shutdown(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range m.clients {
		s.shutdown()
	}
	m.clients = nil
	m.telemetry.Shutdown()
	return nil
}

// GetHTTPRoundTripper returns what wraps a client's transport.
func (m *middleware) GetHTTPRoundTripper(context.Context) (extensionmiddleware.WrapHTTPRoundTripperFunc, error) {
	return func(_ context.Context, next http.RoundTripper) (http.RoundTripper, error) {
		rt := &roundTripper{next: next, stretches: newStretches(m.codes, m.logger), responses: m.telemetry.RetryStatusResponses}
		for _, code := range m.codes {
			rt.attributes = append(rt.attributes, metric.WithAttributeSet(attribute.NewSet(
				attribute.String("extension", m.id.String()),
				attribute.Int("http.response.status_code", code),
			)))
		}
		m.mu.Lock()
		defer m.mu.Unlock()
		m.clients = append(m.clients, rt.stretches)
		return rt, nil
	}, nil
}
