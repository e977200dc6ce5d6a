package main

import (
	"errors"
	"strings"

	"github.com/tidwall/gjson"
)

var errInvalid = errors.New("the line is no JSON object")

// withGJSON validates the line, since nothing else of gjson does, and goes
// through its objects.
func withGJSON(root *field) (reader, error) {
	return func(line string, v *values) error {
		if !gjson.Valid(line) {
			return errInvalid
		}
		object := gjson.Parse(line)
		if !object.IsObject() {
			return errInvalid
		}
		eachGJSON(object, root, v)
		return nil
	}, nil
}

func eachGJSON(object gjson.Result, of *field, v *values) {
	var last *field
	object.ForEach(func(key, value gjson.Result) bool {
		f := of.member(&last, key.Str)
		if f == nil {
			return true
		}
		v.began(f)
		if value.IsObject() {
			if f.members != nil {
				eachGJSON(value, f, v)
			}
		} else if f.slot >= 0 {
			v.texts[f.slot] = textOfGJSON(value)
		}
		return true
	})
}

func textOfGJSON(value gjson.Result) string {
	switch value.Type {
	case gjson.String:
		return value.Str
	case gjson.Number, gjson.True, gjson.False:
		return value.Raw
	}
	return ""
}

// withGJSONPaths asks for all fields by their paths. Of duplicate members the
// first counts.
func withGJSONPaths(root *field) (reader, error) {
	var paths []string
	var slots []int
	root.each("", func(pointer string, f *field) {
		paths = append(paths, strings.ReplaceAll(pointer[1:], "/", "."))
		slots = append(slots, f.slot)
	})
	return func(line string, v *values) error {
		if !gjson.Valid(line) {
			return errInvalid
		}
		for i, value := range gjson.GetMany(line, paths...) {
			v.texts[slots[i]] = textOfGJSON(value)
		}
		return nil
	}, nil
}
