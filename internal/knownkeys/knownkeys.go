// Package knownkeys makes the error about an unknown config key say which
// keys there are.
package knownkeys

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/confmap"
)

const (
	// unknown is what confmap's error says of a key that the config does not have.
	unknown = "has invalid keys"
	// known begins the list of those that it does have.
	known = "the keys here are: "
)

// Unmarshal is conf.Unmarshal(into), for the Unmarshal method of a component's
// config, and of a block in it. into is a pointer to a struct with mapstructure
// tags. An error of a block that has such a method itself lists its keys alone.
func Unmarshal(conf *confmap.Conf, into any) error {
	err := conf.Unmarshal(into)
	if err == nil || !strings.Contains(err.Error(), unknown) || strings.Contains(err.Error(), known) {
		return err
	}
	return fmt.Errorf("%w\n\n%s%s", err, known, strings.Join(keys(reflect.TypeOf(into).Elem(), ""), ", "))
}

// keys lists the keys of a struct, with those of the structs in it by path,
// sorted.
func keys(t reflect.Type, prefix string) []string {
	var list []string
	for field := range fields(t) {
		name, options, _ := strings.Cut(field.Tag.Get("mapstructure"), ",")
		if options == "squash" {
			list = append(list, keys(field.Type, prefix)...)
			continue
		}
		if name == "" || name == "-" {
			continue
		}
		if inner := structIn(field.Type); inner != nil {
			list = append(list, keys(inner, prefix+name+".")...)
			continue
		}
		list = append(list, prefix+name)
	}
	slices.Sort(list)
	return list
}

func fields(t reflect.Type) func(yield func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			if !yield(t.Field(i)) {
				return
			}
		}
	}
}

var unmarshaler = reflect.TypeFor[confmap.Unmarshaler]()

// structIn returns the struct with keys of its own that a field's type is or
// holds: in a slice, or in a configoptional.Optional; nil for none, and for one
// with an Unmarshal method, which lists its keys itself.
func structIn(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if get, ok := reflect.PointerTo(t).MethodByName("Get"); ok && get.Type.NumOut() == 1 && get.Type.Out(0).Kind() == reflect.Pointer {
		t = get.Type.Out(0).Elem() // an Optional's value
	}
	if t.Kind() != reflect.Struct || len(keys(t, "")) == 0 || reflect.PointerTo(t).Implements(unmarshaler) {
		return nil
	}
	return t
}
