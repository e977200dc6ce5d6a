package row

import (
	"math"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
	"github.com/authevents/otelcol-auth/internal/attr"
)

// value is the column's value, or nil.
func (m *Mapper) value(c *layout.Column) any {
	in := &m.in
	switch c.Source.Kind {
	case layout.FromAttribute:
		return m.attribute(c, c.Source.Name)
	case layout.FromResource:
		return m.convertFrom(c, in.resource.Attributes(), c.Source.Name)
	case layout.FromScope:
		return m.convertFrom(c, in.scope.Attributes(), c.Source.Name)
	case layout.FromBody:
		return m.member(c, c.Source.Path)
	case layout.ID:
		return m.id(c)
	case layout.UID:
		return m.convertText(c, m.uidText())
	case layout.EventType:
		return m.eventType(c)
	case layout.Time:
		return m.time()
	case layout.ObservedTime:
		if at, ok := instant(in.record.ObservedTimestamp()); ok {
			return at
		}
		return nil
	case layout.SeverityNumber:
		return m.severity(c)
	case layout.Body:
		return m.body(c)
	case layout.Domain:
		return m.domain(c)
	case layout.Identifier:
		return m.identifier(c)
	case layout.ActorID:
		return m.actorID(c)
	case layout.ActorType:
		return m.convertText(c, m.actorType())
	case layout.TargetID:
		return m.targetID(c)
	}
	return m.field(c)
}

// field is one of the record's own texts.
func (m *Mapper) field(c *layout.Column) any {
	var text string
	switch c.Source.Kind {
	case layout.SeverityText:
		text = m.in.record.SeverityText()
	case layout.TraceID:
		if id := m.in.record.TraceID(); !id.IsEmpty() {
			text = id.String()
		}
	case layout.SpanID:
		if id := m.in.record.SpanID(); !id.IsEmpty() {
			text = id.String()
		}
	}
	if text == "" {
		return nil
	}
	return m.convertText(c, text)
}

func (m *Mapper) severity(c *layout.Column) any {
	n := m.in.record.SeverityNumber()
	if n == plog.SeverityNumberUnspecified {
		return nil
	}
	if c.Type == layout.BigInt {
		return int64(n)
	}
	return m.convertText(c, n.String())
}

// domain is what the record says, or what it is configured to be.
func (m *Mapper) domain(c *layout.Column) any {
	if v := m.attribute(c, attr.Domain); v != nil {
		return v
	}
	return m.convertText(c, m.table.Domain)
}

// What stands for the event of a record that has none.
const (
	unparsed = "unparsed" // a line that is no event
	unknown  = "unknown"  // a record of another source
)

func (m *Mapper) eventType(c *layout.Column) any {
	name := m.eventName()
	if name == "" {
		if m.unparsed() {
			return m.convertText(c, unparsed)
		}
		return m.convertText(c, unknown)
	}
	v, whole := m.convertWhole(c, name)
	if whole {
		m.used = append(m.used, attr.OTelEventName)
		m.take(attr.OTelEventName, name)
	}
	return v
}

// eventName is the record's EventName, or the attribute that repeats it for
// those who drop the field.
func (m *Mapper) eventName() string {
	if name := m.in.record.EventName(); name != "" {
		return name
	}
	return m.attributeText(attr.OTelEventName)
}

func (m *Mapper) unparsed() bool {
	_, ok := m.in.attrs.Get(attr.ParseError)
	return ok && m.eventName() == ""
}

// time is the record's time, or else when it was observed, or else now: a row
// without a time would be in no partition.
func (m *Mapper) time() any {
	for _, ts := range [...]pcommon.Timestamp{m.in.record.Timestamp(), m.in.record.ObservedTimestamp()} {
		if at, ok := instant(ts); ok {
			return at
		}
	}
	return layout.Timestamp(m.now())
}

// instant is a time that was set. Timestamps count nanoseconds since 1970 and
// end in 2262, well within what Postgres holds.
func instant(ts pcommon.Timestamp) (time.Time, bool) {
	if ts == 0 || ts > math.MaxInt64 {
		return time.Time{}, false
	}
	return layout.Timestamp(ts.AsTime()), true
}

// attribute is the value of one of the record's attributes. Where the column
// holds all of it, the metadata need not.
func (m *Mapper) attribute(c *layout.Column, name string) any {
	v, ok := m.in.attrs.Get(name)
	if !ok {
		return nil
	}
	value, whole := m.convert(c, v)
	if whole {
		m.used = append(m.used, name)
		if v.Type() == pcommon.ValueTypeStr {
			m.take(name, v.Str())
		}
	}
	return value
}

// attributeText is the text of one of the record's attributes; "" for none.
func (m *Mapper) attributeText(name string) string {
	if v, ok := m.in.attrs.Get(name); ok {
		return v.AsString()
	}
	return ""
}

func (m *Mapper) convertFrom(c *layout.Column, attrs pcommon.Map, name string) any {
	v, ok := attrs.Get(name)
	if !ok {
		return nil
	}
	value, _ := m.convert(c, v)
	return value
}
