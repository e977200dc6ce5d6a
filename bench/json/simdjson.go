package main

import (
	"errors"
	"strconv"

	"github.com/minio/simdjson-go"
)

// withSimdjson parses the line to a tape, and goes along it. The tape has
// numbers as int64, uint64 or float64, so what was written is lost.
func withSimdjson(root *field) (reader, error) {
	if !simdjson.SupportedCPU() {
		return nil, errors.New("simdjson-go: this CPU has no AVX2 and CLMUL, which it needs")
	}
	var tape *simdjson.ParsedJson
	options := []simdjson.ParserOption{simdjson.WithCopyStrings(false)}
	return func(line string, v *values) error {
		parsed, err := simdjson.Parse(bytesOf(line), tape, options...)
		if err != nil {
			return err
		}
		tape = parsed
		iter := parsed.Iter()
		iter.AdvanceInto()
		var top simdjson.Iter
		if kind, _, err := iter.Root(&top); err != nil || kind != simdjson.TypeObject {
			return errors.Join(err, errInvalid)
		}
		return objectSimdjson(&top, root, v)
	}, nil
}

func objectSimdjson(iter *simdjson.Iter, of *field, v *values) error {
	var object simdjson.Object
	if _, err := iter.Object(&object); err != nil {
		return err
	}
	var last *field
	var value simdjson.Iter
	for {
		key, kind, err := object.NextElementBytes(&value)
		if err != nil || kind == simdjson.TypeNone {
			return err
		}
		f := of.member(&last, view(key))
		if f == nil {
			continue
		}
		v.began(f)
		if kind == simdjson.TypeObject {
			if f.members != nil {
				err = objectSimdjson(&value, f, v)
			}
		} else if f.slot >= 0 {
			v.texts[f.slot], err = textOfSimdjson(&value, kind, v)
		}
		if err != nil {
			return err
		}
	}
}

func textOfSimdjson(value *simdjson.Iter, kind simdjson.Type, v *values) (string, error) {
	var written [32]byte
	switch kind {
	case simdjson.TypeString: // in the line, or in memory that the next line has
		text, err := value.StringBytes()
		return v.keep(text), err
	case simdjson.TypeInt:
		n, err := value.Int()
		return v.keep(strconv.AppendInt(written[:0], n, 10)), err
	case simdjson.TypeUint:
		n, err := value.Uint()
		return v.keep(strconv.AppendUint(written[:0], n, 10)), err
	case simdjson.TypeFloat:
		f, err := value.Float()
		return v.keep(strconv.AppendFloat(written[:0], f, 'f', -1, 64)), err
	case simdjson.TypeBool:
		truth, err := value.Bool()
		return strconv.FormatBool(truth), err
	}
	return "", nil
}
