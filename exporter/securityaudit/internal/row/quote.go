package row

import (
	"encoding/base64"
	"math"
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// appendQuoted appends a text as a JSON string that jsonb takes.
func (m *Mapper) appendQuoted(dst []byte, s string) []byte {
	if isPlain(s) { // nearly all names, and most values
		return append(append(append(dst, '"'), s...), '"')
	}
	return jsonscan.AppendQuoted(dst, m.clean(s))
}

// isPlain says whether a text may stand in JSON as it is: printable ASCII
// without quotes and backslashes. One pass over a short text is faster than the
// three that cleaning and quoting make.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// tooDeep stands for what is nested deeper than any line that is read: values
// that deep come by OTLP, and encoding them would need as much stack.
const tooDeep = `"too deep"`

// appendValue appends a value as JSON. Bytes are in base64, and numbers that
// JSON does not know are texts: NaN, +Inf, -Inf.
func (m *Mapper) appendValue(dst []byte, v pcommon.Value, depth int) []byte {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return m.appendQuoted(dst, v.Str())
	case pcommon.ValueTypeInt:
		return strconv.AppendInt(dst, v.Int(), 10)
	case pcommon.ValueTypeDouble:
		return appendDouble(dst, v.Double())
	case pcommon.ValueTypeBool:
		return strconv.AppendBool(dst, v.Bool())
	case pcommon.ValueTypeBytes:
		dst = append(dst, '"')
		dst = base64.StdEncoding.AppendEncode(dst, v.Bytes().AsRaw())
		return append(dst, '"')
	case pcommon.ValueTypeMap, pcommon.ValueTypeSlice:
		if depth >= jsonscan.MaxDepth {
			return append(dst, tooDeep...)
		}
		return m.appendNested(dst, v, depth+1)
	}
	return append(dst, "null"...)
}

func (m *Mapper) appendNested(dst []byte, v pcommon.Value, depth int) []byte {
	if v.Type() == pcommon.ValueTypeMap {
		dst = append(dst, '{')
		first := true
		for name, member := range v.Map().All() {
			if !first {
				dst = append(dst, ',')
			}
			first = false
			dst = append(m.appendQuoted(dst, name), ':')
			dst = m.appendValue(dst, member, depth)
		}
		return append(dst, '}')
	}
	dst = append(dst, '[')
	for i, element := range v.Slice().All() {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = m.appendValue(dst, element, depth)
	}
	return append(dst, ']')
}

func appendDouble(dst []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return strconv.AppendQuote(dst, strconv.FormatFloat(f, 'g', -1, 64))
	}
	return strconv.AppendFloat(dst, f, 'g', -1, 64)
}
