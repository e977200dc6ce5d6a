package scrub

import (
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// scrubRecord scrubs a record by the walker's treatment and plan.
func (w *walker) scrubRecord(lr plog.LogRecord) {
	w.left = maxMembers
	parseError := w.identities(lr.Attributes())
	body := lr.Body()
	named := body.Type() == pcommon.ValueTypeStr && body.Str() == lr.EventName()
	if w.walkRecord(lr, parseError, named) { // an id that an attribute taught may stand before it
		w.twice(func() { w.walkRecord(lr, parseError, named) })
	}
	w.share()
}

// walkRecord walks all of a record once, and says whether its attributes taught
// an id: by a field of the config, or by their names. named: the body is the
// event's name alone.
func (w *walker) walkRecord(lr plog.LogRecord, parseError, named bool) (taught bool) {
	w.place = InBody
	switch body := lr.Body(); {
	case body.Type() == pcommon.ValueTypeEmpty:
	case parseError && w.s.policy.Unparsed == ScanUnparsed:
		w.unparsedBody(body)
	case parseError:
		w.redactBody(body, ParseError)
	case w.plan.unplanned:
		w.redactBody(body, Unplanned)
	case w.plan.root == nil:
		w.redactBody(body, Strict)
	default:
		w.body(body, w.plan.root, named)
	}
	learned := w.learned
	w.place = InAttribute
	w.attributes(lr.Attributes())
	if w.t.dropped[pii.TraceID] {
		w.dropTrace(lr)
	}
	w.place = InName
	if name, became := w.searchAgain(lr.EventName(), eventName); became != same {
		lr.SetEventName(name)
	}
	if text, became := w.searchAgain(lr.SeverityText(), severityText); became != same {
		lr.SetSeverityText(text)
	}
	return w.learned > learned
}

// dropTrace takes off what joins the record to the log of a load balancer.
func (w *walker) dropTrace(lr plog.LogRecord) {
	if lr.TraceID().IsEmpty() && lr.SpanID().IsEmpty() && lr.Flags() == 0 {
		return
	}
	w.count(pii.TraceID, ByField)
	lr.SetTraceID(pcommon.TraceID{})
	lr.SetSpanID(pcommon.SpanID{})
	lr.SetFlags(0)
}

func (w *walker) redactBody(body pcommon.Value, reason Reason) {
	if body.Type() == pcommon.ValueTypeStr && (body.Str() == "" || body.Str() == Redacted) {
		return
	}
	body.SetStr(Redacted)
	w.stats.Bodies[reason]++
}

// unparsedBody searches the line of a record that could not be parsed.
func (w *walker) unparsedBody(body pcommon.Value) {
	if !w.value(body, nil, spot{listed: true}, 0) {
		body.SetStr(Redacted)
	}
}

// body scrubs a body by the plan's root.
func (w *walker) body(body pcommon.Value, root *node, named bool) {
	switch body.Type() {
	case pcommon.ValueTypeStr:
		w.textBody(body, root, named)
	case pcommon.ValueTypeBytes:
		w.bytesBody(body, root)
	default:
		w.mapBody(body, root)
	}
}

func (w *walker) textBody(body pcommon.Value, root *node, named bool) {
	text := body.Str()
	if len(text) <= maxText && looksJSON(text) {
		out, became, code := w.jsonBody(text, root)
		if code == jsonscan.OK {
			if became != same {
				body.SetStr(out)
			}
			return
		}
	}
	if named { // which passes under every policy
		if out, became := w.leaf(text, root, &spot{kind: root.kind, listed: true}, 0); !w.setText(body, out, became) {
			body.SetStr(Redacted)
		}
		return
	}
	w.redactBody(body, NotJSON)
}

// bytesBody scrubs a body of bytes, which no profile makes: a text is walked
// as JSON or searched.
func (w *walker) bytesBody(body pcommon.Value, root *node) {
	text := string(body.Bytes().AsRaw())
	if len(text) > maxText || !utf8.ValidString(text) {
		w.redactBody(body, NotJSON)
		return
	}
	if looksJSON(text) {
		out, became, code := w.jsonBody(text, root)
		switch {
		case code != jsonscan.OK && code != jsonscan.Syntax && code != jsonscan.Trailing:
			w.redactBody(body, NotJSON)
			return
		case code == jsonscan.OK:
			if became != same {
				setBytes(body, out)
			}
			return
		}
	}
	p := spot{kind: root.kind, listed: root.listed}
	out, became := w.leaf(text, nil, &p, 0)
	switch became {
	case gone:
		w.redactBody(body, NotJSON)
	case changed, lent:
		setBytes(body, out)
	}
}

// redactRecord leaves of a record its times and the number of its severity.
func redactRecord(lr plog.LogRecord) {
	lr.Attributes().RemoveIf(func(string, pcommon.Value) bool { return true })
	lr.Body().SetStr(Redacted)
	lr.SetEventName("")
	lr.SetSeverityText("")
	lr.SetTraceID(pcommon.TraceID{})
	lr.SetSpanID(pcommon.SpanID{})
	lr.SetFlags(0)
}

// annotate says by which policy the record was scrubbed.
func (w *walker) annotate(attrs pcommon.Map) {
	if !w.s.policy.Annotate {
		return
	}
	attrs.PutStr(attr.ScrubPolicy, w.s.hash)
	if id := w.names.KeyID(); id != "" {
		attrs.PutStr(attr.ScrubKeyID, id)
	}
}
