package authevent

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// faultOf says where a line of that reason stops being an event, and why, in
// words that hold nothing of it.
func faultOf(s, reason string) (offset int, why string) {
	start := jsonscan.Space(s, 0)
	switch reason {
	case reasonTooLong:
		return len(s), "the line is longer than max_line_size, and was cut here"
	case reasonNotJSON:
		return start, "a JSON object begins with {, and no profile has a template that fits the text"
	case reasonNotObject:
		return start, "it is JSON, and no object: an event begins with {"
	case reasonNoEvent:
		return start, "it is a JSON object, and no profile takes it"
	}
	if offset, why, bad := syntaxFault(s); bad {
		return offset, why
	}
	return boundFault(s)
}

// syntaxFault asks encoding/json, which takes what jsonscan takes but for its
// bounds, and says where it stops.
func syntaxFault(s string) (offset int, why string, bad bool) {
	var raw json.RawMessage
	var syntax *json.SyntaxError
	if !errors.As(json.Unmarshal([]byte(s), &raw), &syntax) {
		return 0, "", false
	}
	message := syntax.Error()
	if strings.HasPrefix(message, "invalid character ") {
		// The character is quoted, and is the line's.
		message = "invalid character" + message[strings.LastIndex(message, "' ")+1:]
		return int(syntax.Offset) - 1, message, true
	}
	return int(syntax.Offset), message, true
}

// boundFault finds the byte at which a text that is JSON leaves jsonscan's bounds.
func boundFault(s string) (offset int, why string) {
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	var l jsonscan.Limits
	var objects []bool // what the token stands in: an object, or an array
	isName := false    // the next token, if it is none of a closing bracket
	for {
		token, err := d.Token()
		offset = int(d.InputOffset())
		if err != nil {
			return offset, "it is no JSON object"
		}
		in := len(objects) > 0 && objects[len(objects)-1]
		delim, _ := token.(json.Delim)
		closing := delim == '}' || delim == ']'
		if len(objects) > 0 && !closing && in == isName && l.Member() != jsonscan.OK {
			return offset, "it has more than " + strconv.Itoa(jsonscan.MaxMembers) + " members and elements"
		}
		switch {
		case closing:
			objects = objects[:len(objects)-1]
			l.Leave()
			isName = len(objects) > 0 && objects[len(objects)-1]
		case delim != 0:
			if l.Enter() != jsonscan.OK {
				return offset - 1, "objects and arrays nest deeper than " + strconv.Itoa(jsonscan.MaxDepth)
			}
			objects = append(objects, delim == '{')
			isName = delim == '{'
		default:
			if n, ok := token.(json.Number); ok {
				if _, err := n.Float64(); err != nil {
					return offset - len(n), "the number is out of the range of float64"
				}
			}
			isName = in && !isName
		}
	}
}
