package main

import "github.com/valyala/fastjson"

// withFastjson parses the line into a tree of values that are used again, and
// visits its objects. The tree stands in a copy of the line, so texts are kept.
func withFastjson(root *field) (reader, error) {
	var parser fastjson.Parser
	return func(line string, v *values) error {
		value, err := parser.Parse(line)
		if err != nil {
			return err
		}
		object, err := value.Object()
		if err != nil {
			return err
		}
		visitFastjson(object, root, v)
		return nil
	}, nil
}

func visitFastjson(object *fastjson.Object, of *field, v *values) {
	var last *field
	object.Visit(func(key []byte, value *fastjson.Value) {
		f := of.member(&last, view(key))
		if f == nil {
			return
		}
		v.began(f)
		switch value.Type() {
		case fastjson.TypeObject:
			if f.members != nil {
				visitFastjson(value.GetObject(), f, v)
			}
		case fastjson.TypeString:
			if f.slot >= 0 {
				v.texts[f.slot] = v.keep(value.GetStringBytes())
			}
		case fastjson.TypeNumber, fastjson.TypeTrue, fastjson.TypeFalse:
			if f.slot >= 0 {
				var written [64]byte
				v.texts[f.slot] = v.keep(value.MarshalTo(written[:0])) // as in the line
			}
		}
	})
}
