package retrystatus

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"

	"github.com/authevents/otelcol-auth/internal/knownkeys"
)

// Config of the extension.
type Config struct {
	// StatusCodes are presented as 503. Each is from 400 to 599, and none that
	// the OTLP exporter sends again after by itself.
	StatusCodes []int `mapstructure:"status_codes"`
}

// By default: the credentials, which somebody mends (401, 403), and what passes
// by itself (408, 500). Not 400 and 413: a request that is bad stays bad, and all
// that comes behind it would wait for ever.
func createDefaultConfig() component.Config {
	return &Config{StatusCodes: []int{
		http.StatusUnauthorized, http.StatusForbidden, http.StatusRequestTimeout, http.StatusInternalServerError,
	}}
}

// Unmarshal refuses unknown keys, and says which ones there are.
func (c *Config) Unmarshal(conf *confmap.Conf) error { return knownkeys.Unmarshal(conf, c) }

// Validate returns all that is wrong, joined.
func (c *Config) Validate() error {
	_, err := compile(c)
	return err
}

// compile checks cfg, and returns its status codes in ascending order.
func compile(cfg *Config) ([]int, error) {
	if len(cfg.StatusCodes) == 0 {
		return nil, errors.New("status_codes: names none: name one, such as 401, or leave the extension out")
	}
	codes := slices.Sorted(slices.Values(cfg.StatusCodes))
	var errs []error
	for i, code := range codes {
		switch {
		case i > 0 && code == codes[i-1]:
			errs = append(errs, fmt.Errorf("status_codes: %d stands there twice: take one out", code))
		case code < 400 || code > 599:
			errs = append(errs, fmt.Errorf("status_codes: %d is no error of HTTP: take one from 400 to 599", code))
		case isRetried(code):
			errs = append(errs, fmt.Errorf("status_codes: after %d the exporter sends again by itself: take it out", code))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return codes, nil
}

// isRetried is what the OTLP specification has a client send again after.
func isRetried(code int) bool {
	switch code {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}
