package pii

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Field is a place in a record's body that holds personal data.
type Field struct {
	// Path is a JSON Pointer (RFC 6901) into the body, split into its
	// reference tokens and unescaped. The token "*" matches every member
	// name and every array index. The field is the value there and all that
	// is below it.
	Path []string
	Kind Kind
}

// Pointer returns the path as a JSON Pointer, the form in which it stands in
// profiles, in auth.pii.fields and in documentation.
func (f Field) Pointer() string {
	var b strings.Builder
	for _, token := range f.Path {
		b.WriteByte('/')
		b.WriteString(pointerEscaper.Replace(token))
	}
	return b.String()
}

var (
	pointerEscaper   = strings.NewReplacer("~", "~0", "/", "~1")
	pointerUnescaper = strings.NewReplacer("~1", "/", "~0", "~")
)

// ParsePointer splits a JSON Pointer (RFC 6901) into its reference tokens. The
// empty pointer, the whole body, has none.
func ParsePointer(pointer string) ([]string, error) {
	if pointer == "" {
		return nil, nil
	}
	if pointer[0] != '/' {
		return nil, errors.New("a JSON Pointer begins with '/'")
	}
	tokens := strings.Split(pointer[1:], "/")
	for i, token := range tokens {
		tokens[i] = pointerUnescaper.Replace(token)
	}
	return tokens, nil
}

// EncodeFields renders fields as the value of the scope attribute
// auth.pii.fields: a JSON object from kind to a list of JSON Pointers,
// deterministic for the same fields in the same order.
//
//	{"identity":["/visit_id","/properties/user_id"],"ip":["/properties/user_ip"]}
func EncodeFields(fields []Field) string {
	byKind := make(map[string][]string, NumKinds)
	for _, f := range fields {
		byKind[f.Kind.String()] = append(byKind[f.Kind.String()], f.Pointer())
	}
	text, err := json.Marshal(byKind) // sorts the kinds
	if err != nil {
		panic(err) // strings in maps of slices always marshal
	}
	return string(text)
}

// ParseFields reads what EncodeFields wrote. An unknown kind or a malformed
// pointer is an error; the caller then has to treat the body as unknown.
func ParseFields(text string) ([]Field, error) {
	var byKind map[string][]string
	if err := json.Unmarshal([]byte(text), &byKind); err != nil {
		return nil, errors.New("not a JSON object of kind to a list of JSON Pointers")
	}
	var fields []Field
	for name := range byKind {
		if _, err := ParseKind(name); err != nil {
			return nil, errors.New("names an unknown kind of personal data")
		}
	}
	for _, kind := range Kinds() { // map order is random, this one is not
		for i, pointer := range byKind[kind.String()] {
			path, err := ParsePointer(pointer)
			if err != nil {
				return nil, fmt.Errorf("%s[%d]: %w", kind, i, err)
			}
			fields = append(fields, Field{Path: path, Kind: kind})
		}
	}
	return fields, nil
}
