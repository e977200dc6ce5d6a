package authevents

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestHTTPOktaVerification(t *testing.T) {
	for name, test := range map[string]struct {
		off       bool
		challenge string
		status    int
		body      string
	}{
		"as Okta sends it":  {false, "Me_rShK8JHsTnbyYrWXCEoMGbM_zsZ6k0hLPZ_Pg", 200, `{"verification":"Me_rShK8JHsTnbyYrWXCEoMGbM_zsZ6k0hLPZ_Pg"}`},
		"markup":            {false, `<script>`, 400, `{"error":"this is no verification challenge of Okta"}`},
		"a quote":           {false, `a"b`, 400, `{"error":"this is no verification challenge of Okta"}`},
		"far too long":      {false, strings.Repeat("a", maxOktaChallenge+1), 400, `{"error":"this is no verification challenge of Okta"}`},
		"as long as may be": {false, strings.Repeat("a", maxOktaChallenge), 200, `{"verification":"` + strings.Repeat("a", maxOktaChallenge) + `"}`},
		"none":              {false, "", 405, `{"error":"events are sent with POST"}`},
		"turned off":        {true, "abc", 405, `{"error":"events are sent with POST"}`},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := httpConfig()
			cfg.HTTP.Get().OktaVerification = !test.off
			server := serve(t, cfg, &sink{})
			a := server.do(t, http.MethodGet, server.url, http.NoBody, oktaChallenge, test.challenge)
			assert.Equal(t, test.status, a.status)
			assert.Equal(t, test.body, a.body)
			assert.Equal(t, "application/json", a.header.Get("Content-Type"))
			assert.Equal(t, "nosniff", a.header.Get("X-Content-Type-Options"))
		})
	}
}
