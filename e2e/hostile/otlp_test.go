//go:build linux

package hostile

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"google.golang.org/protobuf/encoding/protowire"
)

// TestOTLP: records of others' making, which pii_scrub and event_metrics get as
// the receiver of OTLP decodes them.
func TestOTLP(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const many = 30_000
	for _, c := range []struct {
		name   string
		change func(lr plog.LogRecord)
	}{
		{"30,000 attributes", func(lr plog.LogRecord) {
			for i := range many {
				lr.Attributes().PutStr(fmt.Sprintf("k%d", i), fmt.Sprintf("u%d@example.com", i))
			}
		}},
		{"30,000 addresses for keys in the body", func(lr plog.LogRecord) {
			m := lr.Body().SetEmptyMap()
			for i := range many {
				m.PutInt(fmt.Sprintf("u%d@example.com", i), int64(i))
			}
		}},
		{"30,000 empty maps", func(lr plog.LogRecord) {
			s := lr.Attributes().PutEmptySlice("s")
			for range many {
				s.AppendEmpty().SetEmptyMap()
			}
		}},
		{"bytes", func(lr plog.LogRecord) {
			lr.Attributes().PutEmptyBytes("b").FromRaw([]byte(repeat("a@b.example ", 80_000)))
		}},
		{"empty keys, what is no UTF-8", func(lr plog.LogRecord) {
			lr.Attributes().PutStr("", "\xff\xfea@b.example")
			lr.Attributes().PutStr("\xff", "\xed\xa0\x80")
			lr.SetEventName("\xff\x00")
			lr.Body().SetStr(`{"a":"` + "\xff" + `"}`)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			ld := plog.NewLogs()
			lr := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
			c.change(lr)
			body, err := (&plog.ProtoMarshaler{}).MarshalLogs(ld)
			require.NoError(t, err)
			require.Equal(t, http.StatusOK, post(t, r.otlp, "application/x-protobuf", "", body))
			r.settle(t, 0)
		})
	}
	for _, list := range []bool{true, false} {
		t.Run(fmt.Sprintf("20,000 levels, lists %t", list), func(t *testing.T) {
			require.Equal(t, http.StatusOK, post(t, r.otlp, "application/x-protobuf", "", nested(20_000, list)))
			r.settle(t, 0)
		})
	}
	t.Run("deeper than the decoder's stack", func(t *testing.T) {
		status := post(t, r.otlp, "application/x-protobuf", "", nested(1_500_000, true))
		require.Contains(t, []int{0, http.StatusBadRequest, http.StatusRequestEntityTooLarge}, status)
		r.settle(t, 0)
	})
	r.finish(t)
}

// nested is a request with an attribute that is so many lists, or maps, one in
// the other. It is written from the inside: to build it of pdata would take as
// long as the square of it, and as much stack as what is tested.
func nested(levels int, list bool) []byte {
	var reversed []byte
	size := 0
	prepend := func(field protowire.Number, more []byte) { // more stands in front of what is there
		size += len(more)
		reversed = append(reversed, backwards(more)...)
		head := protowire.AppendVarint(protowire.AppendTag(nil, field, protowire.BytesType), uint64(size))
		size += len(head)
		reversed = append(reversed, backwards(head)...)
	}
	key := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), "k")
	prepend(1, nil) // AnyValue.string_value, empty
	for range levels {
		if list {
			prepend(1, nil) // ArrayValue.values
			prepend(5, nil) // AnyValue.array_value
			continue
		}
		prepend(2, nil) // KeyValue.value
		prepend(1, key) // KeyValueList.values
		prepend(6, nil) // AnyValue.kvlist_value
	}
	prepend(2, nil) // KeyValue.value
	prepend(6, key) // LogRecord.attributes
	prepend(2, nil) // ScopeLogs.log_records
	prepend(2, nil) // ResourceLogs.scope_logs
	prepend(1, nil) // resource_logs
	slices.Reverse(reversed)
	return reversed
}

func backwards(b []byte) []byte {
	b = slices.Clone(b)
	slices.Reverse(b)
	return b
}

// TestNested: the request is one, with as many levels as it says.
func TestNested(t *testing.T) {
	for _, list := range []bool{true, false} {
		ld, err := (&plog.ProtoUnmarshaler{}).UnmarshalLogs(nested(50, list))
		require.NoError(t, err)
		v, ok := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes().Get("k")
		require.True(t, ok)
		levels := 0
		for ; v.Type() != pcommon.ValueTypeStr; levels++ {
			if list {
				v = v.Slice().At(0)
			} else {
				v, _ = v.Map().Get("k")
			}
		}
		require.Equal(t, 50, levels)
	}
}
