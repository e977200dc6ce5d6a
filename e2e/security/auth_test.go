//go:build linux

package security

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// TestHTTPInputAsksWhoItIs: with an authenticator set, who has no right gets 401
// and hears nothing of what was sent, and nothing of it goes on.
func TestHTTPInputAsksWhoItIs(t *testing.T) {
	for _, authenticator := range []string{"bearertokenauth", "basicauth"} {
		t.Run(authenticator, func(t *testing.T) {
			address := "127.0.0.1:" + e2etest.FreePort(t)
			out := filepath.Join(t.TempDir(), "logs.jsonl")
			p := start(t, "e2e/security/testdata/http.yaml", "ENDPOINT="+address, "AUTHENTICATOR="+authenticator,
				"TOKEN="+secret("token"), "PASSWORD="+secret("password"), "OUT="+out)
			right := map[string]string{"bearertokenauth": "Bearer " + secret("token")}[authenticator]
			for i, header := range []string{
				"", "Bearer ", "Bearer " + secret("other"), "bearer" + secret("token"), secret("token"),
				"Bearer " + secret("token") + "x", "Basic ", "Basic dXNlcjo=", "Basic dXNlcjp3cm9uZw==",
			} {
				status, answer := post(t, http.DefaultClient, "http://"+address, event(i), func(r *http.Request) {
					r.Header.Set("Authorization", header)
				})
				assert.Equal(t, http.StatusUnauthorized, status, header)
				assert.Empty(t, secretsIn(answer), answer)
				assert.NotContains(t, answer, "203.0.113")
			}
			status, _ := post(t, http.DefaultClient, "http://"+address, event(100), func(r *http.Request) {
				if right == "" {
					r.SetBasicAuth("user", secret("password"))
				} else {
					r.Header.Set("Authorization", right)
				}
			})
			assert.Equal(t, http.StatusOK, status)
			e2etest.Stop(t, p)
			assert.Equal(t, 1, e2etest.RecordCount(t, e2etest.ReadFile(t, out)), "of who was let in, and no other")
			assert.Empty(t, secretsIn(p.Log()), p.Log())
		})
	}
}

// TestHTTPInputRefusesToBeOpen: an authenticator that is not there is no reason
// to do without.
func TestHTTPInputRefusesToBeOpen(t *testing.T) {
	p := e2etest.Start(t, options("e2e/security/testdata/http.yaml", "ENDPOINT=127.0.0.1:"+e2etest.FreePort(t), "AUTHENTICATOR=bearertokenauth/none",
		"TOKEN="+secret("token"), "PASSWORD="+secret("password"), "OUT="+filepath.Join(t.TempDir(), "logs.jsonl")))
	code, err := p.Wait(e2etest.Patience)
	require.NoError(t, err)
	assert.Equal(t, 1, code)
	assert.Contains(t, p.Log(), `bearertokenauth/none`)
}

// TestHTTPInputWithTLS: who has no certificate of the client's authority gets no
// answer at all, and neither does who speaks without TLS.
func TestHTTPInputWithTLS(t *testing.T) {
	authority, trusted, client := certificates(t)
	address := "127.0.0.1:" + e2etest.FreePort(t)
	out := filepath.Join(t.TempDir(), "logs.jsonl")
	config := options("e2e/security/testdata/http.yaml", "ENDPOINT="+address, "AUTHENTICATOR=bearertokenauth",
		"TOKEN="+secret("token"), "PASSWORD="+secret("password"), "OUT="+out, "CERTIFICATES="+authority)
	config.Overlays = []string{"e2e/security/testdata/tls.yaml"}
	p := startWith(t, config)
	withToken := func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+secret("token")) }
	over := func(c *tls.Config) *http.Client {
		transport := &http.Transport{TLSClientConfig: c}
		t.Cleanup(transport.CloseIdleConnections)
		return &http.Client{Transport: transport}
	}
	status, _ := post(t, over(&tls.Config{RootCAs: trusted, Certificates: []tls.Certificate{client}, MinVersion: tls.VersionTLS13}),
		"https://"+address, event(1), withToken)
	assert.Equal(t, http.StatusOK, status)

	refused := func(c *tls.Config, want string) {
		resp, err := send(t, over(c), "https://"+address, event(2), withToken)
		if err == nil {
			err = resp.Body.Close()
		}
		require.ErrorContains(t, err, want)
	}
	refused(&tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS13}, "certificate required")
	refused(&tls.Config{RootCAs: trusted, Certificates: []tls.Certificate{client}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, "protocol version") //#nosec G402 -- it has to be refused
	status, answer := post(t, http.DefaultClient, "http://"+address, event(4), withToken)
	assert.Equal(t, http.StatusBadRequest, status)
	assert.Empty(t, secretsIn(answer))

	code, err := p.Stop(e2etest.Patience)
	require.NoError(t, err)
	assert.Zero(t, code)
	assert.Equal(t, 1, e2etest.RecordCount(t, e2etest.ReadFile(t, out)), "of who was let in, and no other")
}

// post sends an event, and returns the status and all of the answer.
func post(t *testing.T, client *http.Client, url, body string, prepare func(*http.Request)) (int, string) {
	t.Helper()
	resp, err := send(t, client, url, body, prepare)
	require.NoError(t, err)
	answer, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	var headers strings.Builder
	require.NoError(t, resp.Header.Write(&headers))
	return resp.StatusCode, headers.String() + string(answer)
}

func send(t *testing.T, client *http.Client, url, body string, prepare func(*http.Request)) (*http.Response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/v1/auth_events", strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/x-ndjson")
	prepare(req)
	return client.Do(req)
}

// certificates writes an authority and a server's certificate into a folder. It
// returns the folder, the authority, and a certificate of a client.
func certificates(t *testing.T) (dir string, authority *x509.CertPool, client tls.Certificate) {
	t.Helper()
	dir = t.TempDir()
	caKey := newKey(t)
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, IsCA: true, BasicConstraintsValid: true}
	caPEM := signed(t, ca, ca, caKey, caKey)
	write(t, filepath.Join(dir, "ca.pem"), caPEM)
	authority = x509.NewCertPool()
	require.True(t, authority.AppendCertsFromPEM(caPEM))

	pair := func(usage x509.ExtKeyUsage) (certificate, key []byte) {
		own := newKey(t)
		certificate = signed(t, &x509.Certificate{
			SerialNumber: big.NewInt(2), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{usage},
		}, ca, own, caKey)
		der, err := x509.MarshalPKCS8PrivateKey(own)
		require.NoError(t, err)
		return certificate, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	}
	certificate, key := pair(x509.ExtKeyUsageServerAuth)
	write(t, filepath.Join(dir, "cert.pem"), certificate)
	write(t, filepath.Join(dir, "key.pem"), key)
	client, err := tls.X509KeyPair(pair(x509.ExtKeyUsageClientAuth))
	require.NoError(t, err)
	return dir, authority, client
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return key
}

// signed returns the PEM of a certificate that is good for an hour.
func signed(t *testing.T, template, parent *x509.Certificate, key, by *ecdsa.PrivateKey) []byte {
	t.Helper()
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Minute), time.Now().Add(time.Hour)
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, by)
	require.NoError(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}
