package datadog

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// field is one field of a protobuf message. The messages are Datadog's; their
// generated code would bring gogo/protobuf into this module for two of them.
type field struct {
	number protowire.Number
	varint uint64 // also the bits of a double
	bytes  []byte // of a string or message; they are those of the message around
}

func (f field) double() float64 { return math.Float64frombits(f.varint) }

// each visits the fields of a message.
func each(data []byte, visit func(field) error) error {
	for len(data) > 0 {
		number, kind, n := protowire.ConsumeTag(data)
		if n < 0 {
			return protowire.ParseError(n)
		}
		data = data[n:]
		f := field{number: number}
		switch kind {
		case protowire.VarintType:
			f.varint, n = protowire.ConsumeVarint(data)
		case protowire.Fixed64Type:
			f.varint, n = protowire.ConsumeFixed64(data)
		case protowire.BytesType:
			f.bytes, n = protowire.ConsumeBytes(data)
		default:
			n = protowire.ConsumeFieldValue(number, kind, data)
		}
		if n < 0 {
			return protowire.ParseError(n)
		}
		data = data[n:]
		if err := visit(f); err != nil {
			return err
		}
	}
	return nil
}
