package retrystatus

import (
	"net/http"
	"slices"

	"go.opentelemetry.io/otel/metric"
)

// roundTripper hands requests on, and presents some of the answers as 503. It
// may be used by several goroutines at once.
type roundTripper struct {
	next       http.RoundTripper
	stretches  *stretches
	responses  metric.Int64Counter
	attributes []metric.MeasurementOption // by the index of the status in stretches.codes
}

// RoundTrip returns the answer of the destination, or in its place one that the
// exporter sends again after. Errors, and answers of any other status, pass as
// they are.
func (r *roundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := r.next.RoundTrip(req)
	if err != nil {
		return resp, err
	}
	if resp.StatusCode < http.StatusBadRequest {
		r.stretches.end()
		return resp, nil
	}
	i, found := slices.BinarySearch(r.stretches.codes, resp.StatusCode)
	if !found {
		return resp, nil
	}
	r.stretches.add(i, req.URL.Host)
	r.responses.Add(req.Context(), 1, r.attributes[i])
	return asUnavailable(resp)
}
