package authevents

import "net/http"

// oktaChallenge is the header of the request with which Okta makes sure that who
// is to get an event hook's events wants them. The answer repeats its value.
const oktaChallenge = "X-Okta-Verification-Challenge"

// maxOktaChallenge is far beyond what Okta sends, some 40 bytes.
const maxOktaChallenge = 256

func isOktaChallenge(r *http.Request) bool {
	return r.Method == http.MethodGet && r.Header.Get(oktaChallenge) != ""
}

// oktaResponse refuses what is not of the URL-safe letters that Okta uses: what
// is repeated to a caller must not be of the caller's making altogether.
func oktaResponse(r *http.Request) response {
	value := r.Header.Get(oktaChallenge)
	if len(value) > maxOktaChallenge {
		return responseChallenge
	}
	for _, c := range []byte(value) {
		if !isTokenByte(c) {
			return responseChallenge
		}
	}
	return response{status: http.StatusOK, body: struct {
		Verification string `json:"verification"`
	}{value}}
}

// isTokenByte says whether c may stand in a token of RFC 6750.
func isTokenByte(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	switch c {
	case '-', '.', '_', '~', '+', '/', '=':
		return true
	}
	return false
}
