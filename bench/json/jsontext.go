package main

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// withJSONText reads token by token, and of values that are no objects the JSON
// as it stands. Duplicate members are allowed, so that the last counts; UTF-8
// was looked at before.
func withJSONText(root *field) (reader, error) {
	options := []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}
	r := &jsonTextReader{}
	r.decoder = jsontext.NewDecoder(&r.buffer)
	return func(line string, v *values) error {
		r.buffer = *bytes.NewBuffer(bytesOf(line)) // of which the decoder makes no copy
		r.decoder.Reset(&r.buffer, options...)
		if r.decoder.PeekKind() != '{' {
			return errInvalid
		}
		if err := r.object(root, v); err != nil {
			return err
		}
		if _, err := r.decoder.ReadToken(); !errors.Is(err, io.EOF) {
			return errInvalid
		}
		return nil
	}, nil
}

type jsonTextReader struct {
	decoder *jsontext.Decoder
	buffer  bytes.Buffer
}

func (r *jsonTextReader) object(of *field, v *values) error {
	if _, err := r.decoder.ReadToken(); err != nil {
		return err
	}
	var last *field
	for r.decoder.PeekKind() == '"' {
		name, err := r.decoder.ReadValue()
		if err != nil {
			return err
		}
		if err := r.member(of.member(&last, v.textOf(name)), v); err != nil {
			return err
		}
	}
	_, err := r.decoder.ReadToken()
	return err
}

func (r *jsonTextReader) member(f *field, v *values) error {
	if f == nil {
		return r.decoder.SkipValue()
	}
	v.began(f)
	if f.members != nil && r.decoder.PeekKind() == '{' {
		return r.object(f, v)
	}
	value, err := r.decoder.ReadValue()
	if f.slot >= 0 {
		v.texts[f.slot] = v.textOf(value)
	}
	return err
}
