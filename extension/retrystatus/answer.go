package retrystatus

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	rpcstatus "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
)

const (
	// maxBody is how much of an answer's body is read, in bytes. More than that
	// is not worth the connection, which is closed then.
	maxBody = 16 << 10
	// maxWords is how much of the destination's own words goes into a message,
	// in bytes: it stands in the exporter's log each time that it sends again.
	maxWords = 512

	contentType = "application/x-protobuf"
	retryAfter  = "Retry-After"
)

// asUnavailable returns a 503 in place of resp, whose body it closes. The
// destination's Retry-After stays. The body is what OTLP asks for, a Status: the
// exporter puts its message into the log, so that the true status is read there.
func asUnavailable(resp *http.Response) (*http.Response, error) {
	// An error of reading is that of a connection about to end: the status has
	// come, and it is what counts.
	read, _ := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	_ = resp.Body.Close()
	body, err := proto.Marshal(&rpcstatus.Status{
		Code:    int32(codes.Unavailable),
		Message: fmt.Sprintf("the destination answered %d, and retry_status has it sent again%s", resp.StatusCode, wordsOf(read)),
	})
	if err != nil {
		return nil, err
	}
	header := http.Header{
		"Content-Type":   {contentType},
		"Content-Length": {strconv.Itoa(len(body))},
	}
	if values := resp.Header.Values(retryAfter); len(values) > 0 {
		header[retryAfter] = values
	}
	return &http.Response{
		Status:        "503 " + http.StatusText(http.StatusServiceUnavailable),
		StatusCode:    http.StatusServiceUnavailable,
		Proto:         resp.Proto,
		ProtoMajor:    resp.ProtoMajor,
		ProtoMinor:    resp.ProtoMinor,
		Header:        header,
		Body:          io.NopCloser(bytes.NewReader(body)),
		ContentLength: int64(len(body)),
		Request:       resp.Request,
		TLS:           resp.TLS,
	}, nil
}

// wordsOf is the message of an OTLP Status, which the exporter would have shown,
// or nothing.
func wordsOf(body []byte) string {
	var s rpcstatus.Status
	if len(body) == 0 || proto.Unmarshal(body, &s) != nil || s.GetMessage() == "" {
		return ""
	}
	words := s.GetMessage()
	// A cut may leave part of a rune, which no Status may have.
	return ": " + strings.ToValidUTF8(words[:min(len(words), maxWords)], "")
}
