package authevents

import (
	"encoding/json"
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/authevents/otelcol-auth/internal/ingest"
)

// response is what a request is answered with. It holds nothing of its body.
type response struct {
	status     int
	body       any    // what JSON is made of
	allow      string // of 405
	retryAfter string // seconds, of 503
}

// failure is the body of an answer that took nothing.
type failure struct {
	Error string `json:"error"`
}

// The answers to what is not taken. 4xx says that the same request fails again.
var (
	responseEmpty       = refusal(http.StatusBadRequest, "the body is empty: send one object a line, one object, or an array of objects")
	responseUnreadable  = refusal(http.StatusBadRequest, "the body can't be read: send all of it, compressed as Content-Encoding says")
	responseRefused     = refusal(http.StatusBadRequest, "the pipeline refused the records for good: sending them again is useless")
	responseChallenge   = refusal(http.StatusBadRequest, "this is no verification challenge of Okta")
	responseNoAccess    = refusal(http.StatusUnauthorized, "the request's credentials are missing or wrong: see http.auth of the receiver")
	responseCrossOrigin = refusal(http.StatusForbidden, "a page of another site sent this: see http.cors of the receiver")
	responseNotFound    = refusal(http.StatusNotFound, "nothing is served under this path: see http.path of the receiver")
	responseTooSlow     = refusal(http.StatusRequestTimeout, "the body did not come in time")
	responseTooLarge    = refusal(http.StatusRequestEntityTooLarge, "the body is too large, decompressed: send less at a time, or raise http.max_request_body_size of the receiver")
	responseNeverFits   = refusal(http.StatusRequestEntityTooLarge, "the body is larger than all requests together may be: send less at a time, or raise http.max_in_flight_size of the receiver")
	responseTooMany     = refusal(http.StatusRequestEntityTooLarge, "the body has too many lines: send fewer at a time, up to 100000, or raise http.max_in_flight_size of the receiver")
	responseType        = refusal(http.StatusUnsupportedMediaType, "this Content-Type is not taken: use application/json, application/x-ndjson, application/jsonl or text/plain, in UTF-8")
	responseEncoding    = refusal(http.StatusUnsupportedMediaType, "this Content-Encoding is not taken: see http.compression_algorithms of the receiver")

	responseMethod = response{
		status: http.StatusMethodNotAllowed, allow: http.MethodPost, body: failure{"events are sent with POST"},
	}
	responseBusy        = later("1", "as many requests as may be are under way: see http.max_concurrent_requests of the receiver")
	responseNoRoom      = later("1", "other requests hold as much as may be in flight: see http.max_in_flight_size of the receiver")
	responseUnavailable = later("5", "the pipeline did not take the records: send them again")
	responseDraining    = later("5", "the collector is shutting down: send the request again")
)

func refusal(status int, message string) response {
	return response{status: status, body: failure{message}}
}

func later(seconds, message string) response {
	return response{status: http.StatusServiceUnavailable, retryAfter: seconds, body: failure{message}}
}

// taken is the answer where the next component has the records.
func taken(s ingest.Summary) response {
	if s.Reasons == nil {
		s.Reasons = map[string]int{} // an object in any case, for who reads it
	}
	return response{status: http.StatusOK, body: struct {
		Accepted int            `json:"accepted"`
		Rejected int            `json:"rejected"`
		Reasons  map[string]int `json:"reasons"`
	}{s.Accepted, s.Rejected, s.Reasons}}
}

// answer writes and counts.
func (h *httpHandler) answer(w http.ResponseWriter, r *http.Request, a response) {
	h.telemetry.AuthEventsRequests.Add(r.Context(), 1,
		metric.WithAttributeSet(attribute.NewSet(attribute.Int("http.response.status_code", a.status))))
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("X-Content-Type-Options", "nosniff")
	if a.allow != "" {
		header.Set("Allow", a.allow)
	}
	if a.retryAfter != "" {
		header.Set("Retry-After", a.retryAfter)
	}
	w.WriteHeader(a.status)
	_ = json.NewEncoder(w).Encode(a.body) // the client may be gone: nothing to do about it
}

// refuse answers where confighttp does not even call the handler. Its message is
// left out: it may be an extension's, and quote a header.
func (h *httpHandler) refuse(w http.ResponseWriter, r *http.Request, _ string, status int) {
	switch {
	case status == http.StatusUnauthorized:
		h.answer(w, r, responseNoAccess)
	case !h.encodings[r.Header.Get("Content-Encoding")]:
		h.answer(w, r, responseEncoding)
	default:
		h.answer(w, r, responseUnreadable)
	}
}
