package sample

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// JSON types by the names that profiles have for them.
const (
	Text    = "text"
	Number  = "number"
	Boolean = "boolean"
	Null    = "null"
	Object  = "object"
	Array   = "array"
)

// Value is what stands at a place of a line.
type Value struct {
	// Pointer is a JSON Pointer. * is any element behind the fourth of an array,
	// and any member whose name is itself a value, such as an address, or that a
	// terminal should not see.
	Pointer string
	Type    string
	// Text is a text without its quotes, or a number or truth value as it is
	// written; empty of others.
	Text string
}

// ErrNotObject is the error of a line that is no JSON object, or one that nests deeper
// or has more members than any profile takes.
var ErrNotObject = errors.New("is no JSON object")

// Walk calls visit with all values of a line, an object's or array's before those
// in it, and members in the order of their names.
func Walk(line []byte, visit func(Value)) error {
	// Its bounds keep pointers short: ten thousand names in each other would make
	// gigabytes of them.
	if jsonscan.Valid(string(line)) != jsonscan.OK {
		return ErrNotObject
	}
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber() // ids beyond 2^53
	var members map[string]any
	if err := d.Decode(&members); err != nil || members == nil {
		return ErrNotObject // the decoder's own error may quote the line
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return ErrNotObject
	}
	walkMembers("", members, visit)
	return nil
}

// namedElements are the elements of an array that have places of their own: a
// profile reads the first few by their numbers.
const namedElements = 4

var escaper = strings.NewReplacer("~", "~0", "/", "~1")

func walkMembers(at string, members map[string]any, visit func(Value)) {
	for _, name := range slices.Sorted(maps.Keys(members)) {
		token := "*"
		if name != "*" && !Personal(name) && !strings.ContainsFunc(name, isUnprintable) {
			token = escaper.Replace(name)
		}
		walk(at+"/"+token, members[name], visit)
	}
}

func walk(at string, v any, visit func(Value)) {
	switch v := v.(type) {
	case nil:
		visit(Value{at, Null, ""})
	case bool:
		visit(Value{at, Boolean, strconv.FormatBool(v)})
	case json.Number:
		visit(Value{at, Number, v.String()})
	case string:
		visit(Value{at, Text, v})
	case map[string]any:
		visit(Value{at, Object, ""})
		walkMembers(at, v, visit)
	case []any:
		visit(Value{at, Array, ""})
		for i, element := range v {
			token := "*"
			if i < namedElements {
				token = strconv.Itoa(i)
			}
			walk(at+"/"+token, element, visit)
		}
	}
}

// General returns the pointer with * for the elements of arrays, the form in
// which a profile classifies them all at once.
func General(pointer string) string {
	tokens := strings.Split(pointer, "/")
	for i, token := range tokens {
		if len(token) == 1 && token[0] >= '0' && token[0] < '0'+namedElements {
			tokens[i] = "*"
		}
	}
	return strings.Join(tokens, "/")
}
