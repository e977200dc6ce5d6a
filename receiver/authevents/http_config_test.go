package authevents

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configopaque"
)

func TestHTTPConfigFull(t *testing.T) {
	cfg, err := load(t, `
http:
  endpoint: 0.0.0.0:8443
  path: /idp
  max_request_body_size: 1024
  max_concurrent_requests: 2
  uid_key: 0123456789abcdef0123456789abcdef
  okta_verification: false
  compression_algorithms: ["", gzip]
  write_timeout: 10s
  read_timeout: 5s
  tls: {cert_file: cert.pem, key_file: key.pem}
  auth: {authenticator: bearertokenauth}
  cors: {allowed_origins: ["https://example.org"]}
max_line_size: 2048
`)
	require.NoError(t, err)
	c, err := compile(cfg, "")
	require.NoError(t, err)
	o := c.http
	assert.Equal(t, "0.0.0.0:8443", o.server.NetAddr.Endpoint)
	assert.Equal(t, "/idp", o.path)
	assert.EqualValues(t, 1024, o.server.MaxRequestBodySize)
	assert.Equal(t, 2, o.maxConcurrent)
	assert.Equal(t, 2048, o.maxLineSize)
	assert.False(t, o.okta)
	assert.Equal(t, []string{"", "gzip"}, o.server.CompressionAlgorithms, "a list replaces the default")
	assert.Equal(t, 9*time.Second, o.timeLimit())
	assert.Equal(t, 5*time.Second, o.server.ReadTimeout)
	assert.Equal(t, "cert.pem", o.server.TLS.Get().CertFile)
	assert.Equal(t, "bearertokenauth", o.server.Auth.Get().AuthenticatorID.String())
	assert.True(t, o.crossOrigin())
	assert.Equal(t, configopaque.String(testUIDKey), cfg.HTTP.Get().UIDKey)
}

func TestHTTPConfigDefault(t *testing.T) {
	for _, text := range []string{"http:", "http: {}"} {
		cfg, err := load(t, text)
		require.NoError(t, err)
		c, err := compile(cfg, "")
		require.NoError(t, err)
		assert.Equal(t, "localhost:4319", c.http.server.NetAddr.Endpoint, "not for everybody")
		assert.EqualValues(t, 4<<20, c.http.server.MaxRequestBodySize)
		assert.EqualValues(t, 8<<20, c.http.maxInFlight)
		assert.Positive(t, c.http.server.ReadHeaderTimeout)
		assert.True(t, c.http.server.KeepAlivesEnabled)
		assert.False(t, c.http.crossOrigin())
	}
}

func TestHTTPConfigInvalid(t *testing.T) {
	for _, test := range []struct{ text, message string }{
		{"{http: {endpoint: localhost}}", `http.endpoint: "localhost" is no host:port: write it as localhost:4319`},
		{"{http: {endpoint: 'http://localhost:4319'}}", `http.endpoint: "http://localhost:4319" is no host:port: write it as localhost:4319`},
		{"{http: {endpoint: ''}}", "http.endpoint: is empty: use host:port, such as localhost:4319"},
		{"{http: {path: events}}", `http.path: must begin with / and have no ? or # (got "events")`},
		{"{http: {path: '/a?b=c'}}", `http.path: must begin with / and have no ? or # (got "/a?b=c")`},
		{"{http: {max_request_body_size: 0}}", "http.max_request_body_size: must be at least 1 byte (got 0)"},
		{"{http: {max_concurrent_requests: 0}}", "http.max_concurrent_requests: must be at least 1 (got 0)"},
		{"{http: {max_request_body_size: 2000, max_in_flight_size: 1000}}", "http.max_in_flight_size: must be at least max_request_body_size, 2000 (got 1000): raise it, or lower the other"},
		{"{http: {uid_key: short}}", "http.uid_key: must have at least 32 bytes (got 5): make one with openssl rand -hex 32"},
		{"{http: {compression_algorithms: [snappy]}}", `http.compression_algorithms: unknown value "snappy": use gzip, zstd, zlib, deflate, or "" for none`},
		{"{http: {compression_algorithms: []}}", `http.compression_algorithms: is empty: use "" for what is not compressed`},
		{"{http: {tls: {cert_file: a}}}", "http: server::tls: config: TLS configuration must include both certificate and key"},
		{"{http: {transport: carrier}}", "carrier"},
		{"{http: {endpoints: a}}", "has invalid keys: endpoints"},
		{"{http: {endpoints: a}}", "http.auth.authenticator"},
		{"{http: {endpoints: a}}", "http.max_concurrent_requests"},
	} {
		t.Run(test.text, func(t *testing.T) {
			_, err := load(t, test.text)
			assert.ErrorContains(t, err, test.message)
		})
	}
}

// A key never shows, neither whole nor in part.
func TestHTTPConfigHidesKey(t *testing.T) {
	_, err := load(t, "{http: {uid_key: hunter2, path: events}}")
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "hunter")
	assert.Len(t, strings.Split(err.Error(), "\n"), 2, "both problems")
}
