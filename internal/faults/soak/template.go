package soak

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/authevents/otelcol-auth/internal/faults/line"
)

// template is a line of the sample cut at the values that differ from line to
// line: the client, which carries the sequence number, the time, and with
// Login.gov the event's id.
type template struct {
	// parts and holes alternate; there is one part more than holes.
	parts [][]byte
	holes []hole
}

// hole says what stands between two parts.
type hole int

const (
	holeClient hole = iota
	holeTime
	holeID
)

// milliseconds is how both identity providers write a time.
const milliseconds = "2006-01-02T15:04:05.000Z"

// key is a key of the sample whose value is replaced.
type key struct {
	text string
	hole hole
}

var (
	heraKeys = []key{{`"client_id":`, holeClient}, {`"ts":`, holeTime}, {`"timestamp":`, holeTime}}
	// The brace before "time" keeps a nested key of this name out.
	loginGovKeys = []key{{`"service_provider":`, holeClient}, {`},"time":`, holeTime}, {`,"id":`, holeID}}
)

// loadTemplates reads the sample of an identity provider. What is no event in it,
// such as plain text between the lines, is left out: it has no sequence number.
func loadTemplates(path string, keys []key) ([]template, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the sample of lines: %w", err)
	}
	var templates []template
	for event := range bytes.Lines(text) {
		event = bytes.TrimSpace(event)
		if len(event) == 0 || event[0] != '{' || !json.Valid(event) {
			continue
		}
		if t, ok := cut(event, keys); ok {
			templates = append(templates, t)
		}
	}
	if len(templates) == 0 {
		return nil, fmt.Errorf("%s has no line with the keys of its identity provider", path)
	}
	return templates, nil
}

// cut makes a template of an event line; false if it has no client or no time.
func cut(event []byte, keys []key) (template, bool) {
	var t template
	var has [holeID + 1]bool
	for {
		at, found := len(event), key{}
		for _, k := range keys {
			if i := bytes.Index(event, []byte(k.text)); i >= 0 && i < at {
				at, found = i, k
			}
		}
		if at == len(event) {
			t.parts = append(t.parts, event)
			return t, has[holeClient] && has[holeTime]
		}
		begin := at + len(found.text)
		end := begin + valueLength(event[begin:])
		t.parts = append(t.parts, event[:begin])
		t.holes = append(t.holes, found.hole)
		has[found.hole] = true
		event = event[end:]
	}
}

// valueLength is the length of a JSON string without escaped quotes, or of null.
func valueLength(text []byte) int {
	if len(text) > 0 && text[0] == '"' {
		return 2 + bytes.IndexByte(text[1:], '"')
	}
	return len("null")
}

// append appends the line with a sequence number, with its line end.
func (t *template) append(dst []byte, sequence int, now time.Time) []byte {
	for i, h := range t.holes {
		dst = append(dst, t.parts[i]...)
		dst = append(dst, '"')
		switch h {
		case holeClient:
			dst = line.AppendClientID(dst, sequence)
		case holeTime:
			dst = now.AppendFormat(dst, milliseconds)
		case holeID:
			dst = fmt.Appendf(dst, "50a4fa17-0000-4000-8000-%012x", sequence)
		}
		dst = append(dst, '"')
	}
	dst = append(dst, t.parts[len(t.parts)-1]...)
	return append(dst, '\n')
}
