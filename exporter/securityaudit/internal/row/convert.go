package row

import (
	"math"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
)

// convert makes a value of the column's type, nil where it is none, and says
// whether the column then holds all of it.
func (m *Mapper) convert(c *layout.Column, v pcommon.Value) (value any, whole bool) {
	switch v.Type() {
	case pcommon.ValueTypeEmpty:
		return nil, false
	case pcommon.ValueTypeStr:
		return m.convertWhole(c, v.Str())
	case pcommon.ValueTypeInt:
		switch c.Type {
		case layout.BigInt:
			return v.Int(), true
		case layout.Double:
			return float64(v.Int()), v.Int() == int64(float64(v.Int()))
		}
	case pcommon.ValueTypeDouble:
		f := v.Double()
		switch c.Type {
		case layout.Double:
			if math.IsNaN(f) || math.IsInf(f, 0) {
				m.stats.Unfit++
				return nil, false
			}
			return f, true
		case layout.BigInt:
			// 2^63 itself is out of range, and the last that is not is no float64.
			if f == math.Trunc(f) && f >= math.MinInt64 && f < math.MaxInt64 {
				return int64(f), true
			}
		}
	case pcommon.ValueTypeBool:
		if c.Type == layout.Boolean {
			return v.Bool(), true
		}
	}
	if c.Type == layout.JSONB {
		return string(m.appendValue(nil, v, 0)), true
	}
	return m.convertWhole(c, v.AsString())
}

// convertText is convertWhole for who need not know whether it is whole.
func (m *Mapper) convertText(c *layout.Column, s string) any {
	v, _ := m.convertWhole(c, s)
	return v
}

// convertWhole reads a text as the column's type.
func (m *Mapper) convertWhole(c *layout.Column, s string) (value any, whole bool) {
	switch c.Type {
	case layout.Text:
		text := m.clean(s)
		short := cut(text, c.MaxLength)
		if len(short) < len(text) {
			m.stats.Cut++
		}
		return short, short == s
	case layout.JSONB:
		return string(m.appendQuoted(nil, s)), true
	}
	if value = c.Type.Parse(s); value == nil {
		m.stats.Unfit++
		return nil, false
	}
	return value, true
}
