package authevents

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configauth"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configtls"
	"go.opentelemetry.io/collector/extension/extensionauth"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// authenticator is an extension that knows one token.
type authenticator struct {
	component.StartFunc
	component.ShutdownFunc
}

var _ extensionauth.Server = authenticator{}

func (authenticator) Authenticate(ctx context.Context, headers map[string][]string) (context.Context, error) {
	if values := headers["Authorization"]; len(values) == 1 && values[0] == "Bearer right" {
		return ctx, nil
	}
	return ctx, errors.New("not allowed: " + headers["Authorization"][0])
}

var authID = component.MustNewID("fake_auth")

func authConfig() *Config {
	cfg := httpConfig()
	cfg.HTTP.Get().Server.Auth = configoptional.Some(confighttp.AuthConfig{Config: configauth.Config{AuthenticatorID: authID}})
	return cfg
}

func TestHTTPAuth(t *testing.T) {
	s := &sink{}
	server := newServed(t, authConfig(), s)
	server.start(t, storageHost{componenttest.NewNopHost(), map[component.ID]component.Component{authID: authenticator{}}})
	server.url = "http://" + server.http.address.String() + defaultHTTPPath

	a := server.post(t, hera(1), "Authorization", "Bearer wrong")
	assert.Equal(t, http.StatusUnauthorized, a.status)
	assert.Contains(t, a.body, "http.auth")
	assert.NotContains(t, a.body, "wrong\"", "what the extension says may quote the header")
	assert.NotContains(t, a.body, "Bearer")
	assert.Equal(t, http.StatusUnauthorized, server.do(t, http.MethodGet, server.url, http.NoBody,
		"Authorization", "", oktaChallenge, "abc").status, "Okta sends its secret also when it verifies")
	assert.Zero(t, s.tried())
	assert.Equal(t, http.StatusOK, server.post(t, hera(1), "Authorization", "Bearer right").status)
	assert.Equal(t, http.StatusOK, server.do(t, http.MethodGet, server.url, http.NoBody,
		"Authorization", "Bearer right", oktaChallenge, "abc").status)
	server.assertCounter(t, "otelcol_auth_events_requests", []metricdata.DataPoint[int64]{
		point(2, attribute.Int("http.response.status_code", 401)),
		point(2, attribute.Int("http.response.status_code", 200)),
	})
}

// certificate writes one for localhost that signs itself.
func certificate(t *testing.T) (certFile, keyFile string, pool *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "auth_events test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	dir := t.TempDir()
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	require.NoError(t, os.WriteFile(certFile, certPEM, 0o600))
	require.NoError(t, os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}), 0o600))
	pool = x509.NewCertPool()
	require.True(t, pool.AppendCertsFromPEM(certPEM))
	return certFile, keyFile, pool
}

func TestHTTPTLS(t *testing.T) {
	certFile, keyFile, pool := certificate(t)
	cfg := httpConfig()
	cfg.HTTP.Get().Server.TLS = configoptional.Some(configtls.ServerConfig{
		Config: configtls.Config{CertFile: certFile, KeyFile: keyFile},
	})
	s := &sink{}
	server := serve(t, cfg, s)
	server.url = "https://" + server.http.address.String() + defaultHTTPPath
	transport := server.client.Transport.(*http.Transport)
	transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	for _, http2 := range []bool{false, true} {
		transport.CloseIdleConnections()
		transport.ForceAttemptHTTP2 = http2
		assert.Equal(t, http.StatusOK, server.post(t, heraLines(0, 3)).status)
	}
	assert.Len(t, s.taken(), 6)
}

// Pages of the sites that cors lists may post; they ask first.
func TestHTTPCORS(t *testing.T) {
	const site = "https://idp.example.org"
	cfg := httpConfig()
	cfg.HTTP.Get().Server.CORS = configoptional.Some(confighttp.CORSConfig{AllowedOrigins: []string{site}})
	s := &sink{}
	server := serve(t, cfg, s)
	a := server.do(t, http.MethodOptions, server.url, http.NoBody, "Origin", site, "Access-Control-Request-Method", http.MethodPost)
	assert.Equal(t, site, a.header.Get("Access-Control-Allow-Origin"))
	a = server.post(t, hera(1), "Origin", site, "Sec-Fetch-Site", "cross-site")
	assert.Equal(t, http.StatusOK, a.status)
	assert.Equal(t, site, a.header.Get("Access-Control-Allow-Origin"))
	assert.Len(t, s.taken(), 1)
}

// A start that fails leaves nothing behind, also of the other inputs.
func TestHTTPStartFails(t *testing.T) {
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "localhost:0")
	require.NoError(t, err)
	defer func() { _ = listener.Close() }()
	taken := httpConfig()
	taken.HTTP.Get().Server.NetAddr.Endpoint = listener.Addr().String()
	taken.File = fileConfig("nothing").File
	noCertificate := httpConfig()
	noCertificate.HTTP.Get().Server.TLS = configoptional.Some(configtls.ServerConfig{
		Config: configtls.Config{CertFile: "missing.pem", KeyFile: "missing.pem"},
	})
	for name, test := range map[string]struct {
		cfg     *Config
		message string
	}{
		"the port is taken":       {taken, "address already in use"},
		"no such authenticator":   {authConfig(), "fake_auth"},
		"there is no certificate": {noCertificate, "missing.pem"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRunning(t, test.cfg, &sink{})
			host := storageHost{componenttest.NewNopHost(), map[component.ID]component.Component{}}
			err := r.Start(t.Context(), host)
			require.ErrorContains(t, err, "http: ")
			require.ErrorContains(t, err, test.message)
			// goleak sees what would be left, had nobody shut it down.
			assert.True(t, r.stopped)
		})
	}
}
