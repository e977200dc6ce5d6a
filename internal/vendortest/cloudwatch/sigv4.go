package cloudwatch

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The signature is computed here from the specification, and not by the SDK,
// which is what signs:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html.
const (
	algorithm  = "AWS4-HMAC-SHA256"
	dateFormat = "20060102T150405Z"
	// maxSkew is how far the date of a request may be from now.
	maxSkew = 5 * time.Minute
)

// apiError is an error as AWS writes it.
type apiError struct {
	status        int
	kind, message string
}

func (e apiError) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(e.status)
	_ = json.NewEncoder(w).Encode(map[string]string{"__type": e.kind, "message": e.message})
}

// authFailure is the error for a signature that does not hold. The page of the
// endpoints says 401 of all of them.
func authFailure(kind, message string) *apiError {
	return &apiError{http.StatusUnauthorized, kind, message}
}

// verify checks a request's signature for a service.
func (s *Server) verify(r *http.Request, body []byte, service string) *apiError {
	header := r.Header.Get("Authorization")
	if header == "" {
		return authFailure("MissingAuthenticationTokenException", "Missing Authentication Token")
	}
	credential, signedHeaders, signature, ok := parseAuthorization(header)
	if !ok {
		return authFailure("IncompleteSignatureException", "the header has not the form "+algorithm+" Credential=…, SignedHeaders=…, Signature=…")
	}
	at, err := time.Parse(dateFormat, r.Header.Get("X-Amz-Date"))
	if err != nil {
		return authFailure("IncompleteSignatureException", "X-Amz-Date is no date")
	}
	if skew := s.now().Sub(at); skew.Abs() > maxSkew {
		return authFailure("InvalidSignatureException", "Signature expired: "+skew.String())
	}
	scope := strings.Join([]string{at.Format("20060102"), s.config.Region, service, "aws4_request"}, "/")
	if credential != s.config.AccessKeyID+"/"+scope {
		return authFailure("UnrecognizedClientException", "the credential is not of the known key, or its scope is not "+scope)
	}
	if r.Header.Get("X-Amz-Security-Token") != s.config.SessionToken {
		return authFailure("UnrecognizedClientException", "The security token included in the request is invalid.")
	}
	for _, name := range mustBeSigned(r.Header) {
		if !slices.Contains(signedHeaders, name) {
			return authFailure("InvalidSignatureException", "the header "+name+" is not signed")
		}
	}
	want := sign(s.config.SecretAccessKey, at, scope, canonicalRequest(r, body, signedHeaders))
	if !hmac.Equal([]byte(want), []byte(signature)) {
		return authFailure("InvalidSignatureException", "The request signature we calculated does not match the signature you provided.")
	}
	return nil
}

// mustBeSigned lists the headers of a request that a signature has to include:
// host, the content type, and all that begin with x-amz-.
func mustBeSigned(h http.Header) []string {
	names := []string{"host"}
	for name := range h {
		lower := strings.ToLower(name)
		if lower == "content-type" || strings.HasPrefix(lower, "x-amz-") {
			names = append(names, lower)
		}
	}
	return names
}

// parseAuthorization takes the header apart.
func parseAuthorization(header string) (credential string, signedHeaders []string, signature string, ok bool) {
	fields, isV4 := strings.CutPrefix(header, algorithm+" ")
	for field := range strings.SplitSeq(fields, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		switch name {
		case "Credential":
			credential = value
		case "SignedHeaders":
			signedHeaders = strings.Split(value, ";")
		case "Signature":
			signature = value
		}
	}
	return credential, signedHeaders, signature, isV4 && credential != "" && signedHeaders != nil && signature != ""
}

// canonicalRequest is the text that is hashed and signed.
func canonicalRequest(r *http.Request, body []byte, signedHeaders []string) string {
	var headers strings.Builder
	for _, name := range signedHeaders {
		var value string
		switch name {
		case "host":
			value = r.Host
		case "content-length": // which a server finds here only
			value = strconv.FormatInt(r.ContentLength, 10)
		default:
			value = strings.Join(r.Header.Values(name), ",")
		}
		// Spaces around a value go, and those within become one.
		headers.WriteString(name + ":" + strings.Join(strings.Fields(value), " ") + "\n")
	}
	path := r.URL.EscapedPath()
	if path == "" {
		path = "/"
	}
	// A plus in a query is a space there, and %20 here.
	query := strings.ReplaceAll(r.URL.Query().Encode(), "+", "%20")
	return strings.Join([]string{
		r.Method, (&url.URL{Path: path}).EscapedPath(), query,
		headers.String(), strings.Join(signedHeaders, ";"), hexSHA256(body),
	}, "\n")
}

// sign returns the signature of a canonical request.
func sign(secret string, at time.Time, scope, request string) string {
	text := strings.Join([]string{algorithm, at.Format(dateFormat), scope, hexSHA256([]byte(request))}, "\n")
	key := []byte("AWS4" + secret)
	for part := range strings.SplitSeq(scope, "/") {
		key = mac(key, part)
	}
	return hex.EncodeToString(mac(key, text))
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

func hexSHA256(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
