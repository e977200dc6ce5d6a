package authevent

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// samples are the lines of testdata by the name of the profile they are for.
func samples(t *testing.T) map[string][]string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.ndjson")
	require.NoError(t, err)
	bySource := map[string][]string{}
	for _, file := range files {
		source := strings.TrimSuffix(filepath.Base(file), ".ndjson")
		source = strings.TrimSuffix(source, "_tables") // Hera's, in another shape
		for _, line := range lines(t, file) {
			bySource[source] = append(bySource[source], string(line))
		}
	}
	for _, source := range Sources() {
		assert.GreaterOrEqual(t, len(bySource[source]), 8, "%s: too few sample lines", source)
	}
	return bySource
}

// TestEachLineIsTakenByItsOwnProfileAlone: with source auto the order in which
// profiles are tried must not matter, and a user's own profile may come first.
func TestEachLineIsTakenByItsOwnProfileAlone(t *testing.T) {
	bySource := samples(t)
	for _, taker := range Sources() {
		p, err := NewParser(Options{Source: taker, DropUnparsed: true})
		require.NoError(t, err)
		b := p.NewBatch()
		for source, all := range bySource {
			for i, line := range all {
				r := b.Add(Line{Text: []byte(line)}, &Origin{}, observed)
				assert.Equal(t, source == taker, r.Kind == Event, "%s takes line %d of %s: %+v", taker, i+1, source, r)
			}
		}
	}
}

// TestSamplesDoNotDrift: what real lines look like is what profiles expect. The
// lines that are made to drift stand here.
func TestSamplesDoNotDrift(t *testing.T) {
	want := map[string][]Drift{
		"auth0":     {{DriftUnknownEvent, "auth0", "sqlogin", 1}},
		"authelia":  {{DriftUnknownEvent, "authelia", "", 1}},
		"authentik": {{DriftUnknownEvent, "authentik", "teleported", 1}},
		"keycloak":  {{DriftUnknownEvent, "keycloak", "QUANTUM_LOGIN_ERROR", 1}},
		"okta":      {{DriftUnknownEvent, "okta", "user.authentication.telepathy", 1}},
		"ory":       {{DriftUnknownEvent, "ory", "", 1}},
	}
	for source, all := range samples(t) {
		assert.Equal(t, want[source], driftOf(t, Options{}, all...), source)
	}
}

// TestSamplesAreRead: every sample has a time of its own, an event that is a
// code and no sentence, and error types that can be counted by.
func TestSamplesAreRead(t *testing.T) {
	p, err := NewParser(Options{})
	require.NoError(t, err)
	for source, all := range samples(t) {
		b := p.NewBatch()
		for _, line := range all {
			b.Add(Line{Text: []byte(line)}, &Origin{}, observed)
		}
		for _, rl := range b.Take().ResourceLogs().All() {
			for i, lr := range rl.ScopeLogs().At(0).LogRecords().All() {
				// Login.gov's names are titles; its and Hera's traps have bad times on purpose.
				if source != "login_gov" && source != "hera" {
					assert.True(t, isCode(lr.EventName()), "%s %d: %q", source, i+1, lr.EventName())
					assert.Equal(t, "(absent)", str(lr, attr.TimeFallback), "%s %d", source, i+1)
				}
				if errorType := str(lr, attr.ErrorType); errorType != "(absent)" {
					assert.True(t, isCode(errorType), "%s %d: %q", source, i+1, errorType)
					assert.Equal(t, attr.OutcomeFailure, str(lr, attr.Outcome), "%s %d", source, i+1)
				}
				if path := str(lr, attr.URLPath); path != "(absent)" {
					assert.NotContains(t, path, "?", "%s %d", source, i+1)
				}
			}
		}
	}
}

// TestOtherLogsOfTheIdPsAreNoEvents: what else they and programs like them
// write must not pass for an event.
func TestOtherLogsOfTheIdPsAreNoEvents(t *testing.T) {
	p, err := NewParser(Options{DropUnparsed: true})
	require.NoError(t, err)
	b := p.NewBatch()
	for _, line := range []string{
		`{"audience":"application","level":"info","msg":"completed handling request","service_name":"Ory Kratos","time":"2026-05-20T11:56:57Z","http_request":{"path":"/health/ready"}}`,
		`{"audience":"audit","level":"info","msg":"Identity authenticated successfully and was issued a cookie.","service_name":"another service","time":"2026-05-20T11:56:57Z"}`,
		`{"audience":"application","level":"error","msg":"An error occurred","service_name":"Ory Kratos","time":"2026-05-20T11:56:57Z","error":{"message":"x"}}`,
		`{"timestamp":"2026-05-20T14:48:37Z","loggerName":"org.keycloak.services","level":"WARN","message":"type=\"LOGIN\", realmId=\"x\""}`,
		`{"timestamp":"2026-05-20T14:48:37Z","loggerName":"org.keycloak.events","level":"WARN","message":"Event listener started"}`,
		`{"log_id":"1","data":{"date":"2026-05-20T14:48:37Z"}}`,
		`{"type":"s","date":"2026-05-20T14:48:37Z","client_id":"c"}`,
		`{"eventType":"user.session.start","published":"2026-05-20T14:48:37Z","uuid":"u"}`,
		`{"eventType":"com.okta.event_hook","data":{"events":[{"eventType":"user.session.start"}]}}`,
		`{"event":"/api/v3/core/users/","action":"x","logger":"authentik.asgi","level":"info","timestamp":"2026-05-20T14:48:37"}`,
		`{"event":"Created Event","action":"login","logger":"another.events"}`,
		`{"level":"info","msg":"Listening for non-TLS connections on '[::]:9091' path '/'","server":"main","time":"2026-05-20T14:48:37Z"}`,
		`{"level":"INFO","method":"GET","msg":"request","path":"/","remote_ip":"192.0.2.1","time":"2026-05-20T14:48:37Z"}`,
		`{"level":"info","logger":"proxy","method":"GET","msg":"request","path":"/","remote_ip":"192.0.2.1","time":"2026-05-20T14:48:37Z"}`,
		`{"level":"error","ts":1.7e9,"logger":"http.log.error","msg":"dial tcp","request":{"method":"GET"},"status":502}`,
		`{"level":"info","ts":1.7e9,"logger":"tls.obtain","msg":"acquiring lock","identifier":"id.example.com"}`,
	} {
		r := b.Add(Line{Text: []byte(line)}, &Origin{}, observed)
		assert.Equal(t, Unparsed, r.Kind, "%s takes %s", r.Source, line)
	}
}
