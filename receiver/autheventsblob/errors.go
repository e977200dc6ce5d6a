package autheventsblob

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"regexp"
	"strconv"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/aws/smithy-go"
	"gocloud.dev/gcerrors"
	"google.golang.org/api/googleapi"
)

// class names what went wrong by one of few words, for a metric.
func class(err error) string {
	if setup := setupClass(err); setup != "" {
		return setup
	}
	switch code := gcerrors.Code(err); code {
	case gcerrors.NotFound:
		return "not_found"
	case gcerrors.PermissionDenied:
		return "permission_denied"
	case gcerrors.FailedPrecondition:
		return "failed_precondition"
	case gcerrors.ResourceExhausted:
		return "resource_exhausted"
	case gcerrors.InvalidArgument:
		return "invalid_argument"
	case gcerrors.DeadlineExceeded, gcerrors.Canceled:
		return "timeout"
	}
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, context.Canceled), errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	case errors.As(err, new(*net.OpError)), errors.As(err, new(*net.DNSError)):
		return "network"
	case errors.As(err, new(x509.UnknownAuthorityError)), errors.As(err, new(x509.HostnameError)):
		return "certificate"
	}
	return "other"
}

// setupTexts are what the SDKs say before they ask the service. They have no
// types for it, and what has one (azidentity's) covers more than that.
var setupTexts = []struct{ text, class string }{
	{"get credentials", "credentials"},           // aws-sdk-go-v2
	{"failed to acquire a token", "credentials"}, // azidentity
	{"private key should be", "credentials"},     // gocloud's stand-in where Google's SDK finds none
	{"could not find default credentials", "credentials"},
	{"region must be set", "region"}, // S3
	{"Missing Region", "region"},
	{"Invalid region", "region"},
}

// setupClass names what the operator has to set in the environment or the URL;
// "" for an error that is not of that kind. The text is searched, and not shown.
func setupClass(err error) string {
	text := err.Error()
	for _, known := range setupTexts {
		if strings.Contains(text, known.text) {
			return known.class
		}
	}
	return ""
}

// serviceCode returns the service's own short name of an error, such as
// NoSuchBucket or InvalidAccessKeyId, or its HTTP status; "" for none. The texts
// of the SDKs can hold signed URLs, and are never used.
func serviceCode(err error) string {
	var ofAWS smithy.APIError
	var ofAzure *azcore.ResponseError
	var ofGoogle *googleapi.Error
	code := ""
	switch {
	case errors.As(err, &ofAWS):
		code = ofAWS.ErrorCode()
	case errors.As(err, &ofAzure):
		if code = ofAzure.ErrorCode; code == "" {
			code = strconv.Itoa(ofAzure.StatusCode)
		}
	case errors.As(err, &ofGoogle):
		code = strconv.Itoa(ofGoogle.Code)
	}
	if !isCode(code) {
		return ""
	}
	return code
}

// maxCode is longer than any code of these services.
const maxCode = 64

// isCode says whether s is a name or a number, not a text.
func isCode(s string) bool {
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return len(s) <= maxCode
}

// queries matches the parameters of a URL, which can hold a signature.
var queries = regexp.MustCompile(`\?[^\s"']*`)

// withoutQueries returns the text of an error of opening a bucket. It is about
// the configuration, and no request was signed yet.
func withoutQueries(err error) string { return queries.ReplaceAllString(err.Error(), "?…") }
