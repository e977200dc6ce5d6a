package main

import (
	"bytes"
	"strings"

	"github.com/buger/jsonparser"
)

// withJSONParser goes through the objects. It sees strings as they are written.
func withJSONParser(root *field) (reader, error) {
	return func(line string, v *values) error {
		return eachJSONParser(bytesOf(line), root, v)
	}, nil
}

func eachJSONParser(object []byte, of *field, v *values) error {
	var last *field
	return jsonparser.ObjectEach(object, func(key, value []byte, kind jsonparser.ValueType, _ int) error {
		f := of.member(&last, view(key))
		if f == nil {
			return nil
		}
		v.began(f)
		if kind == jsonparser.Object {
			if f.members == nil {
				return nil
			}
			return eachJSONParser(value, f, v)
		}
		if f.slot < 0 {
			return nil
		}
		var err error
		v.texts[f.slot], err = textOfJSONParser(value, kind)
		return err
	})
}

func textOfJSONParser(value []byte, kind jsonparser.ValueType) (string, error) {
	switch kind {
	case jsonparser.String:
		if bytes.IndexByte(value, '\\') < 0 {
			return view(value), nil
		}
		return jsonparser.ParseString(value)
	case jsonparser.Number, jsonparser.Boolean:
		return view(value), nil
	}
	return "", nil
}

// withJSONParserPaths asks for all fields by their paths, in one pass. Of
// duplicate members the first counts.
func withJSONParserPaths(root *field) (reader, error) {
	var paths [][]string
	var slots []int
	root.each("", func(pointer string, f *field) {
		paths = append(paths, strings.Split(pointer[1:], "/"))
		slots = append(slots, f.slot)
	})
	return func(line string, v *values) error {
		var failed error
		jsonparser.EachKey(bytesOf(line), func(i int, value []byte, kind jsonparser.ValueType, err error) {
			if err == nil {
				v.texts[slots[i]], err = textOfJSONParser(value, kind)
			}
			if err != nil {
				failed = err
			}
		}, paths...)
		return failed
	}, nil
}
