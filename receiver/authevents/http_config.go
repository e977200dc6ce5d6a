package authevents

import (
	"net"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/confignet"
	"go.opentelemetry.io/collector/config/configopaque"

	"github.com/authevents/otelcol-auth/internal/ingest"
)

// HTTPConfig says how to serve requests with events.
type HTTPConfig struct {
	// Server has the endpoint, TLS, authentication, and limits.
	Server confighttp.ServerConfig `mapstructure:",squash"`
	// Path is where events are posted to.
	Path string `mapstructure:"path"`
	// MaxConcurrentRequests bounds the requests whose bodies are held at once.
	MaxConcurrentRequests int `mapstructure:"max_concurrent_requests"`
	// MaxInFlightSize bounds what all requests hold at once, in bytes of their
	// bodies, decompressed, and 384 bytes more for each line.
	MaxInFlightSize int64 `mapstructure:"max_in_flight_size"`
	// UIDKey makes log.record.uid the same when a request is sent again after a
	// restart; without it that holds for one run of the collector.
	UIDKey configopaque.String `mapstructure:"uid_key"`
	// OktaVerification answers the request with which Okta verifies an event hook.
	OktaVerification bool `mapstructure:"okta_verification"`
}

const (
	// defaultHTTPEndpoint has the port behind OTLP's 4317 and 4318. No component
	// of the collector has it for its default; 4320 is OpAMP's.
	defaultHTTPEndpoint = "localhost:4319"
	defaultHTTPPath     = "/v1/auth_events"

	// What is in flight costs the process up to ten times its size, with the
	// pipeline's copies and Go's garbage: less than 128 MiB in all. A body of the
	// largest size still has room for lines of 400 bytes.
	defaultMaxBodySize           = 4 << 20
	defaultMaxInFlightSize       = 8 << 20
	defaultMaxConcurrentRequests = 16
)

// httpEncodings are the values of Content-Encoding, "" for none. Of those that
// confighttp has, these decompress as a stream, in bounded memory.
var httpEncodings = []string{"", "gzip", "zstd", "zlib", "deflate"}

func defaultHTTPConfig() HTTPConfig {
	server := confighttp.NewDefaultServerConfig()
	server.NetAddr.Endpoint = defaultHTTPEndpoint
	server.MaxRequestBodySize = defaultMaxBodySize
	server.CompressionAlgorithms = slices.Clone(httpEncodings)
	return HTTPConfig{
		Server:                server,
		Path:                  defaultHTTPPath,
		MaxConcurrentRequests: defaultMaxConcurrentRequests,
		MaxInFlightSize:       defaultMaxInFlightSize,
		OktaVerification:      true,
	}
}

// httpOptions are a valid HTTPConfig.
type httpOptions struct {
	server        confighttp.ServerConfig
	path          string
	maxConcurrent int
	maxInFlight   int64
	maxLineSize   int
	okta          bool
	identities    *ingest.Identities
}

func (h *HTTPConfig) compile(maxLineSize int, addError func(string, ...any)) *httpOptions {
	if endpoint := h.Server.NetAddr.Endpoint; endpoint == "" {
		addError("http.endpoint: is empty: use host:port, such as %s", defaultHTTPEndpoint)
	} else if _, _, err := net.SplitHostPort(endpoint); err != nil && h.Server.NetAddr.Transport != confignet.TransportTypeUnix {
		addError("http.endpoint: %q is no host:port: write it as %s", endpoint, defaultHTTPEndpoint)
	}
	if !strings.HasPrefix(h.Path, "/") || strings.ContainsAny(h.Path, "?#") {
		addError("http.path: must begin with / and have no ? or # (got %q)", h.Path)
	}
	if h.Server.MaxRequestBodySize <= 0 {
		addError("http.max_request_body_size: must be at least 1 byte (got %d)", h.Server.MaxRequestBodySize)
	}
	if h.MaxConcurrentRequests <= 0 {
		addError("http.max_concurrent_requests: must be at least 1 (got %d)", h.MaxConcurrentRequests)
	}
	if h.MaxInFlightSize < h.Server.MaxRequestBodySize {
		addError("http.max_in_flight_size: must be at least max_request_body_size, %d (got %d): raise it, or lower the other",
			h.Server.MaxRequestBodySize, h.MaxInFlightSize)
	}
	if len(h.Server.CompressionAlgorithms) == 0 {
		addError(`http.compression_algorithms: is empty: use "" for what is not compressed`)
	}
	for _, name := range h.Server.CompressionAlgorithms {
		if !slices.Contains(httpEncodings, name) {
			addError("http.compression_algorithms: unknown value %q: use gzip, zstd, zlib, deflate, or %q for none", name, "")
		}
	}
	identities, err := ingest.NewIdentities([]byte(h.UIDKey))
	if err != nil {
		addError("http.%w", err)
	}
	return &httpOptions{
		server:        h.Server,
		path:          h.Path,
		maxConcurrent: h.MaxConcurrentRequests,
		maxInFlight:   h.MaxInFlightSize,
		maxLineSize:   maxLineSize,
		okta:          h.OktaVerification,
		identities:    identities,
	}
}

// timeLimit is how long a request may take until it is answered, so that a tenth
// of write_timeout is left for writing the answer. 0 is without end.
func (o *httpOptions) timeLimit() time.Duration { return o.server.WriteTimeout / 10 * 9 }

// crossOrigin says whether browsers may post from pages of other sites.
func (o *httpOptions) crossOrigin() bool {
	cors := o.server.CORS.Get()
	return cors != nil && len(cors.AllowedOrigins) > 0
}

// asksWhoItIs says whether a client has to show a token or a certificate.
func (o *httpOptions) asksWhoItIs() bool {
	tls := o.server.TLS.Get()
	return o.server.Auth.HasValue() || tls != nil && tls.ClientCAFile != ""
}
