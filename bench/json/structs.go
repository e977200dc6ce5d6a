package main

import (
	"encoding/json"
	"reflect"
	"strconv"

	gojson "github.com/goccy/go-json"
)

// structOf makes a struct of the fields of an object: structs, and leaf for
// values. A field with members is a struct alone.
func structOf(of *field, leaf reflect.Type) reflect.Type {
	var fields []reflect.StructField
	for i, m := range of.members {
		f := reflect.StructField{Name: "F" + strconv.Itoa(i), Type: leaf, Tag: reflect.StructTag(`json:"` + m.name + `"`)}
		if m.members != nil {
			f.Type = structOf(m, leaf)
		}
		fields = append(fields, f)
	}
	return reflect.StructOf(fields)
}

// target is a struct to decode into, and where its values are, by slot.
type target[T ~[]byte] struct {
	value  any // a pointer to it
	leaves []*T
}

func newTarget[T ~[]byte](root *field) *target[T] {
	value := reflect.New(structOf(root, reflect.TypeFor[T]()))
	t := &target[T]{value: value.Interface(), leaves: make([]*T, root.end)}
	t.find(root, value.Elem())
	return t
}

func (t *target[T]) find(of *field, value reflect.Value) {
	for i, m := range of.members {
		if m.members != nil {
			t.find(m, value.Field(i))
			continue
		}
		t.leaves[m.slot] = value.Field(i).Addr().Interface().(*T)
	}
}

// reset empties the values, and keeps their memory.
func (t *target[T]) reset() {
	for _, leaf := range t.leaves {
		*leaf = (*leaf)[:0]
	}
}

// withEncodingJSON decodes into a struct of raw values. UnmarshalJSON of these
// copies, into the memory of the line before, so texts are kept.
func withEncodingJSON(root *field) (reader, error) {
	return copying(root, json.Unmarshal), nil
}

// withGoccy does the same.
func withGoccy(root *field) (reader, error) {
	return copying(root, unmarshalGoccy), nil
}

// unmarshalGoccy is without the options, of which there are none here.
func unmarshalGoccy(data []byte, value any) error { return gojson.Unmarshal(data, value) }

func copying(root *field, unmarshal func(data []byte, value any) error) reader {
	t := newTarget[json.RawMessage](root)
	return func(line string, v *values) error {
		t.reset()
		if err := unmarshal(bytesOf(line), t.value); err != nil {
			return err
		}
		for slot, leaf := range t.leaves {
			v.texts[slot] = v.keep(bytesOf(v.textOf(*leaf)))
		}
		return nil
	}
}
