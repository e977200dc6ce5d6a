package otlp

import (
	"cmp"
	"mime"
	"net/http"

	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"
	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// Answer to a request. The zero value is full success.
type Answer struct {
	// Status is that of HTTP; 0 is 200.
	Status int
	// Message is that of the Status in the body, or of a partial success.
	Message string
	// Rejected counts the records or points that a 200 did not take: a partial
	// success, after which the sender must not send the request again.
	Rejected int64
	// RetryAfter is the header of that name, in seconds or as a date; "" for none.
	RetryAfter string
}

// OK says whether the answer is one of success, partial or not.
func (a Answer) OK() bool { return a.Status == 0 || a.Status/100 == 2 }

// Refuse writes an answer that is none of success: a google.rpc.Status in the
// content type of the request, in protobuf if that is neither.
func (a Answer) Refuse(w http.ResponseWriter, r *http.Request) {
	status := &spb.Status{Code: int32(rpcCode(a.Status)), Message: a.Message}
	contentType, marshal := Proto, proto.Marshal
	if asked, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); asked == JSON {
		contentType, marshal = JSON, protojson.Marshal
	}
	body, err := marshal(status)
	write(w, a, contentType, body, err)
}

// marshaler is an Export…ServiceResponse.
type marshaler interface {
	MarshalProto() ([]byte, error)
	MarshalJSON() ([]byte, error)
}

func (a Answer) acceptLogs(w http.ResponseWriter, r *Request) {
	response := plogotlp.NewExportResponse()
	response.PartialSuccess().SetRejectedLogRecords(a.Rejected)
	response.PartialSuccess().SetErrorMessage(a.Message)
	a.accept(w, r, response)
}

func (a Answer) acceptMetrics(w http.ResponseWriter, r *Request) {
	response := pmetricotlp.NewExportResponse()
	response.PartialSuccess().SetRejectedDataPoints(a.Rejected)
	response.PartialSuccess().SetErrorMessage(a.Message)
	a.accept(w, r, response)
}

func (a Answer) accept(w http.ResponseWriter, r *Request, response marshaler) {
	marshal := response.MarshalProto
	if r.ContentType == JSON {
		marshal = response.MarshalJSON
	}
	body, err := marshal()
	write(w, a, r.ContentType, body, err)
}

func write(w http.ResponseWriter, a Answer, contentType string, body []byte, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if a.RetryAfter != "" {
		w.Header().Set("Retry-After", a.RetryAfter)
	}
	if a.Status == http.StatusNoContent { // which Loki answers, against the specification
		w.WriteHeader(a.Status)
		return
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(cmp.Or(a.Status, http.StatusOK))
	_, _ = w.Write(body) // a sender that has gone does not want it
}

// rpcCode is the code beside an HTTP status. Senders do not look at it.
func rpcCode(status int) codes.Code {
	switch status {
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType:
		return codes.InvalidArgument
	case http.StatusUnauthorized:
		return codes.Unauthenticated
	case http.StatusForbidden:
		return codes.PermissionDenied
	case http.StatusNotFound:
		return codes.NotFound
	case http.StatusTooManyRequests:
		return codes.ResourceExhausted
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return codes.Unavailable
	default:
		return codes.Unknown
	}
}
