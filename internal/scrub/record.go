package scrub

import (
	"strconv"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// scrubRecord scrubs a record of a scope with the plan; nil is strict.
func (w *walker) scrubRecord(lr plog.LogRecord, plan *node) {
	parseError := w.identities(lr.Attributes())
	w.place = InBody
	eventName := lr.EventName()
	switch body := lr.Body(); {
	case body.Type() == pcommon.ValueTypeEmpty:
	case parseError:
		w.redactBody(body, ParseError)
	case plan == nil:
		w.redactBody(body, Strict)
	default:
		w.body(body, plan, eventName)
	}
	w.place = InAttribute
	w.attributes(lr.Attributes(), plan == nil)
	w.place = InName
	if name, changed := w.search(eventName, 0); changed {
		lr.SetEventName(name)
	}
	if text, changed := w.search(lr.SeverityText(), 0); changed {
		lr.SetSeverityText(text)
	}
}

// identities collects the record's own ids, and says whether the record is a
// line that could not be parsed.
func (w *walker) identities(attrs pcommon.Map) (parseError bool) {
	w.forgetIDs()
	var path pcommon.Value
	hasPath := false
	for name, v := range attrs.All() {
		switch name {
		case attr.URLPath:
			path, hasPath = v, v.Type() == pcommon.ValueTypeStr
		case attr.ParseError:
			parseError = true
		case attr.UserID, attr.UserName, attr.SessionID, attr.VisitorID, attr.ActorID:
			switch v.Type() {
			case pcommon.ValueTypeStr:
				w.addID(v.Str())
			case pcommon.ValueTypeInt:
				w.addID(strconv.FormatInt(v.Int(), 10))
			}
		}
	}
	if hasPath {
		client := ""
		if v, ok := attrs.Get(attr.ClientID); ok {
			client = v.Str()
		}
		if !w.addPathIDs(path.Str(), client) {
			path.SetStr(Redacted)
			w.count(pii.None, BySearch)
		}
	}
	return parseError
}

func (w *walker) redactBody(body pcommon.Value, reason Reason) {
	if body.Type() == pcommon.ValueTypeStr && (body.Str() == "" || body.Str() == Redacted) {
		return
	}
	body.SetStr(Redacted)
	w.stats.Bodies[reason]++
}

// body scrubs a body by the plan.
func (w *walker) body(body pcommon.Value, plan *node, eventName string) {
	switch body.Type() {
	case pcommon.ValueTypeStr:
		w.textBody(body, plan, eventName)
	case pcommon.ValueTypeBytes:
		w.bytesBody(body, plan)
	default:
		w.mapBody(body, plan)
	}
}

func (w *walker) textBody(body pcommon.Value, plan *node, eventName string) {
	text := body.Str()
	if looksJSON(text) {
		out, changed, code := w.jsonBody(text, plan)
		if code == jsonscan.OK {
			if changed {
				body.SetStr(out)
			}
			return
		}
	}
	if text == eventName {
		if out, changed := w.leaf(text, plan, place{kind: plan.kind}, 0); changed {
			body.SetStr(out)
		}
		return
	}
	w.redactBody(body, NotJSON)
}

// bytesBody scrubs a body of bytes, which no profile makes: a text is walked
// as JSON or searched.
func (w *walker) bytesBody(body pcommon.Value, plan *node) {
	text := string(body.Bytes().AsRaw())
	if !utf8.ValidString(text) {
		w.redactBody(body, NotJSON)
		return
	}
	if looksJSON(text) {
		out, changed, code := w.jsonBody(text, plan)
		switch {
		case code != jsonscan.OK && code != jsonscan.Syntax && code != jsonscan.Trailing:
			w.redactBody(body, NotJSON)
			return
		case code == jsonscan.OK:
			if changed {
				body.Bytes().FromRaw([]byte(out))
			}
			return
		}
	}
	if out, changed := w.leaf(text, plan, place{kind: plan.kind}, 0); changed {
		body.Bytes().FromRaw([]byte(out))
	}
}

// attributes scrubs a map of attributes. Under strict, those that are not of
// our vocabulary are redacted.
func (w *walker) attributes(attrs pcommon.Map, strict bool) {
	w.members(attrs, nil, place{attributes: true, strict: strict}, 0)
}
