// Package otlp is the OTLP/HTTP side of the servers that play a vendor: it
// decodes requests for logs and metrics, and answers as the specification says,
// https://opentelemetry.io/docs/specs/otlp/#otlphttp. What a vendor demands
// beyond that is for the vendor's own package.
package otlp

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"

	"github.com/klauspost/compress/zstd"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"
)

// The two content types of OTLP/HTTP.
const (
	Proto = "application/x-protobuf"
	JSON  = "application/json"
)

// Limits of a request in bytes; 0 is none.
type Limits struct {
	// Body is that of the body as sent, Decoded that of the body decompressed.
	Body, Decoded int64
}

// Request is an OTLP/HTTP request whose body has been read.
type Request struct {
	// HTTP is the request without its body.
	HTTP *http.Request
	// Raw is the body as sent, for signatures and sizes; Decoded is the body
	// decompressed.
	Raw, Decoded []byte
	// ContentType is Proto or JSON.
	ContentType string
}

// Read reads a request. If it can't, the answer says why, and has a Status.
func Read(r *http.Request, limits Limits) (*Request, Answer) {
	if r.Method != http.MethodPost {
		return nil, Answer{Status: http.StatusMethodNotAllowed, Message: fmt.Sprintf("method %s: OTLP/HTTP is POST", r.Method)}
	}
	contentType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || contentType != Proto && contentType != JSON {
		return nil, Answer{
			Status:  http.StatusUnsupportedMediaType,
			Message: fmt.Sprintf("content type %q: OTLP/HTTP is %s or %s", r.Header.Get("Content-Type"), Proto, JSON),
		}
	}
	raw, err := readAll(r.Body, limits.Body)
	if err != nil {
		return nil, refuse(err)
	}
	decoded, err := decompress(raw, r.Header.Get("Content-Encoding"), limits.Decoded)
	if err != nil {
		return nil, refuse(err)
	}
	return &Request{HTTP: r, Raw: raw, Decoded: decoded, ContentType: contentType}, Answer{}
}

// Logs decodes the body as an ExportLogsServiceRequest.
func (r *Request) Logs() (plog.Logs, error) {
	request := plogotlp.NewExportRequest()
	err := r.unmarshal(request.UnmarshalProto, request.UnmarshalJSON)
	return request.Logs(), err
}

// Metrics decodes the body as an ExportMetricsServiceRequest.
func (r *Request) Metrics() (pmetric.Metrics, error) {
	request := pmetricotlp.NewExportRequest()
	err := r.unmarshal(request.UnmarshalProto, request.UnmarshalJSON)
	return request.Metrics(), err
}

func (r *Request) unmarshal(proto, json func([]byte) error) error {
	if r.ContentType == JSON {
		return json(r.Decoded)
	}
	return proto(r.Decoded)
}

// errTooLarge is for bodies beyond a limit.
var errTooLarge = errors.New("body too large")

// refuse is the answer to a body that can't be read.
func refuse(err error) Answer {
	if errors.Is(err, errTooLarge) {
		return Answer{Status: http.StatusRequestEntityTooLarge, Message: err.Error()}
	}
	return Answer{Status: http.StatusBadRequest, Message: err.Error()}
}

func readAll(r io.Reader, limit int64) ([]byte, error) {
	if limit <= 0 {
		return io.ReadAll(r)
	}
	data, err := io.ReadAll(io.LimitReader(r, limit+1)) // one more, to see that it is too large
	if err == nil && int64(len(data)) > limit {
		return nil, fmt.Errorf("%w: the limit is %d bytes", errTooLarge, limit)
	}
	return data, err
}

func decompress(raw []byte, encoding string, limit int64) ([]byte, error) {
	switch encoding {
	case "", "identity":
		return readAll(bytes.NewReader(raw), limit)
	case "gzip":
		unzipped, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			return nil, err
		}
		return readAll(unzipped, limit)
	case "zstd":
		unzipped, err := zstd.NewReader(bytes.NewReader(raw))
		if err != nil {
			return nil, err
		}
		defer unzipped.Close()
		return readAll(unzipped, limit)
	default:
		return nil, fmt.Errorf("content encoding %q: gzip, zstd or none can be read", encoding)
	}
}
