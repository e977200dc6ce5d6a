package row

import (
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
	"github.com/authevents/otelcol-auth/internal/attr"
)

// Members of the metadata that are neither of the source nor attributes.
const (
	bodyMember     = "body"
	severityMember = "severity_text"
	traceMember    = "trace_id"
	spanMember     = "span_id"
	sourcePrefix   = "source."
)

// metadata is the JSON object of all that has no column of its own: flat, so
// that a query needs one step. First the members of the source's object, as the
// IdP's own code would have written them; then the attributes, of the resource
// and of the record. Of members of one name jsonb keeps the last.
func (m *Mapper) metadata() string {
	m.buf = append(m.buf[:0], '{')
	m.addBody()
	for name, v := range m.in.resource.Attributes().All() {
		m.addAttribute(name, v)
	}
	for name, v := range m.in.attrs.All() {
		ours := name == layout.UIDMember && m.table.UID() // addFields has it
		if !ours && !slices.Contains(m.used, name) {
			m.addAttribute(name, v)
		}
	}
	m.addFields()
	if last := len(m.buf) - 1; m.buf[last] == ',' {
		m.buf = m.buf[:last]
	}
	m.buf = append(m.buf, '}')
	return string(m.buf)
}

func (m *Mapper) addAttribute(name string, v pcommon.Value) {
	m.buf = m.appendQuoted(m.buf, name)
	m.buf = append(m.buf, ':')
	m.buf = m.appendValue(m.buf, v, 0)
	m.buf = append(m.buf, ',')
}

// addFields adds the record's own fields, and the uid that tells rows apart.
func (m *Mapper) addFields() {
	record := m.in.record
	m.addText(severityMember, record.SeverityText())
	if id := record.TraceID(); !id.IsEmpty() {
		m.addText(traceMember, id.String())
	}
	if id := record.SpanID(); !id.IsEmpty() {
		m.addText(spanMember, id.String())
	}
	if m.table.UID() {
		m.addText(layout.UIDMember, m.uidText())
	}
}

// addText adds a member of ours, unless its text is empty.
func (m *Mapper) addText(name, text string) {
	if text == "" {
		return
	}
	m.buf = append(append(append(m.buf, '"'), name...), '"', ':')
	m.buf = m.appendQuoted(m.buf, text)
	m.buf = append(m.buf, ',')
}

// addBody adds the members of the source's object; or the body as one member,
// where it is none, or the line was no event.
func (m *Mapper) addBody() {
	body := m.in.record.Body()
	switch body.Type() {
	case pcommon.ValueTypeEmpty:
		return
	case pcommon.ValueTypeStr:
		m.addBodyText(body.Str())
		return
	case pcommon.ValueTypeMap:
		if !m.unparsed() {
			for name, v := range body.Map().All() {
				if v.Type() == pcommon.ValueTypeStr && m.inColumn(name, v.Str()) {
					continue
				}
				if isOurs(name) {
					name = sourcePrefix + name
				}
				m.addAttribute(name, v)
			}
			return
		}
	}
	m.addAttribute(bodyMember, body)
}

func (m *Mapper) addBodyText(s string) {
	if s == "" || m.eventName() == s { // body: event_name
		return
	}
	start := len(m.buf)
	if looksLikeObject(s) && !m.unparsed() {
		if m.addMembers(s) {
			return
		}
		m.buf = m.buf[:start]
	}
	m.buf = append(m.buf, `"`+bodyMember+`":`...)
	if looksLikeObject(s) {
		var ok bool
		if m.buf, ok = m.appendJSON(m.buf, s); ok {
			m.buf = append(m.buf, ',')
			return
		}
	}
	m.buf = m.appendQuoted(m.buf, s)
	m.buf = append(m.buf, ',')
}

func looksLikeObject(s string) bool {
	s = strings.TrimLeft(s, " \t\r\n")
	return s != "" && s[0] == '{'
}

// isOurs says whether a name is that of an attribute of ours. A member of the
// source's object that has such a name gets a prefix in the metadata: a line
// should not be able to say what the profile says.
func isOurs(name string) bool {
	if strings.IndexByte(name, '.') < 0 { // none of ours is without
		return false
	}
	_, ours := attr.KindOf(name)
	return ours
}
