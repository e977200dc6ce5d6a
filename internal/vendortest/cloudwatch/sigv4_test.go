package cloudwatch

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDocumentedSignature is the example of AWS's own documentation of
// Signature Version 4: IAM's ListUsers.
func TestDocumentedSignature(t *testing.T) {
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08", http.NoBody)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	r.Header.Set("X-Amz-Date", "20150830T123600Z")
	at, err := time.Parse(dateFormat, "20150830T123600Z")
	require.NoError(t, err)
	request := canonicalRequest(r, nil, []string{"content-type", "host", "x-amz-date"})
	assert.Equal(t, "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59", hexSHA256([]byte(request)))
	assert.Equal(t, "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
		sign("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", at, "20150830/us-east-1/iam/aws4_request", request))
}

var config = Config{
	AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret", SessionToken: "token",
	Region: "eu-central-1", Group: "auth-events", Stream: "here",
}

// signedRequest is signed by the SDK, as sigv4auth does.
func signedRequest(t *testing.T, s *Server, service string, body []byte, at time.Time, edit func(*aws.Credentials, *http.Request)) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/v1/"+map[string]string{"logs": "logs", "monitoring": "metrics"}[service], bytes.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/x-protobuf")
	r.Header.Set("x-aws-log-group", config.Group)
	r.Header.Set("x-aws-log-stream", config.Stream)
	credentials := aws.Credentials{AccessKeyID: config.AccessKeyID, SecretAccessKey: config.SecretAccessKey, SessionToken: config.SessionToken}
	if edit != nil {
		edit(&credentials, r)
	}
	require.NoError(t, v4.NewSigner().SignHTTP(t.Context(), credentials, r, hexSHA256(body), service, config.Region, at))
	return r
}

func TestSignature(t *testing.T) {
	for name, c := range map[string]struct {
		service string
		at      time.Duration // from now
		edit    func(*aws.Credentials, *http.Request)
		after   func(*http.Request) // of signing
		want    int
		kind    string
	}{
		"valid":              {want: http.StatusOK},
		"a minute ago":       {at: -time.Minute, want: http.StatusOK},
		"wrong secret":       {edit: func(c *aws.Credentials, _ *http.Request) { c.SecretAccessKey += "x" }, want: 401, kind: "InvalidSignatureException"},
		"wrong key id":       {edit: func(c *aws.Credentials, _ *http.Request) { c.AccessKeyID += "X" }, want: 401, kind: "UnrecognizedClientException"},
		"wrong token":        {edit: func(c *aws.Credentials, _ *http.Request) { c.SessionToken = "" }, want: 401, kind: "UnrecognizedClientException"},
		"an hour ago":        {at: -time.Hour, want: 401, kind: "Signature expired"},
		"in an hour":         {at: time.Hour, want: 401, kind: "Signature expired"},
		"another service":    {service: "monitoring", after: func(r *http.Request) { r.URL.Path = "/v1/logs" }, want: 401, kind: "scope"},
		"no signature":       {after: func(r *http.Request) { r.Header.Del("Authorization") }, want: 401, kind: "MissingAuthenticationTokenException"},
		"another algorithm":  {after: func(r *http.Request) { r.Header.Set("Authorization", "Basic abc") }, want: 401, kind: "IncompleteSignatureException"},
		"a changed header":   {after: func(r *http.Request) { r.Header.Set("x-aws-log-stream", "there") }, want: 401, kind: "InvalidSignatureException"},
		"an unsigned header": {after: func(r *http.Request) { r.Header.Set("X-Amz-Target", "x") }, want: 401, kind: "is not signed"},
		"another body": {after: func(r *http.Request) {
			r.Body = http.NoBody
			r.ContentLength = 0
		}, want: 401, kind: "InvalidSignatureException"},
	} {
		t.Run(name, func(t *testing.T) {
			s := New(t, config)
			if c.service == "" {
				c.service = "logs"
			}
			r := signedRequest(t, s, c.service, logsOf(t, time.Now()), time.Now().Add(c.at), c.edit)
			if c.after != nil {
				c.after(r)
			}
			resp, err := http.DefaultClient.Do(r)
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			assert.Equal(t, c.want, resp.StatusCode, "%v", s.Refusals())
			if c.want == http.StatusOK {
				assert.Empty(t, s.Refusals())
				assert.Len(t, s.Logs(), 1)
				return
			}
			require.Len(t, s.Refusals(), 1)
			assert.Contains(t, s.Refusals()[0], c.kind)
			assert.Empty(t, s.Logs())
		})
	}
}
