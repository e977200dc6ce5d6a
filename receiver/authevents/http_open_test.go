package authevents

import (
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configtls"
)

// What anybody who reaches it may write to is said at the start.
func TestHTTPSaysThatItIsOpen(t *testing.T) {
	certFile, keyFile, _ := certificate(t)
	withTLS := func(clientCA string) func(*Config) {
		return func(cfg *Config) {
			cfg.HTTP.Get().Server.TLS = configoptional.Some(configtls.ServerConfig{
				Config: configtls.Config{CertFile: certFile, KeyFile: keyFile}, ClientCAFile: clientCA,
			})
		}
	}
	for name, tt := range map[string]struct {
		endpoint string
		set      func(*Config)
		want     int
	}{
		"localhost":                       {"localhost:0", func(*Config) {}, 0},
		"every address":                   {"0.0.0.0:0", func(*Config) {}, 1},
		"every address, by TLS":           {"0.0.0.0:0", withTLS(""), 1},
		"every address, with a token":     {"0.0.0.0:0", func(cfg *Config) { cfg.HTTP.Get().Server.Auth = authConfig().HTTP.Get().Server.Auth }, 0},
		"every address, by a certificate": {"0.0.0.0:0", withTLS(certFile), 0},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := httpConfig()
			cfg.HTTP.Get().Server.NetAddr.Endpoint = tt.endpoint
			tt.set(cfg)
			server := newServed(t, cfg, &sink{})
			server.start(t, storageHost{componenttest.NewNopHost(), map[component.ID]component.Component{authID: authenticator{}}})
			assert.Equal(t, tt.want, server.logs.FilterMessageSnippet("can invent events").Len())
		})
	}
	assert.True(t, isLoopback(&net.UnixAddr{Name: "/run/auth_events.sock", Net: "unix"}))
}
