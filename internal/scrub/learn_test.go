package scrub

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// An id stands before the field that it is learned from, and is written
// otherwise than there.
func TestLearnedIDWrittenOtherwise(t *testing.T) {
	const uuid = "9088ec8a-d3f1-3f19-15d4-e7c20e9bac31"
	s := newTest(t, testPolicy())
	for _, tt := range []struct{ id, body, want string }{
		{`CORP\alice`, `{"x":"CORP\\alice","id":"CORP\\alice"}`, `{"x":"ID","id":"ID"}`},
		{"auth0|61823277abc", `{"x":"/users/auth0%7C61823277abc","id":"auth0|61823277abc"}`, `{"x":"/users/ID","id":"ID"}`},
		{"jane.roe-1977", `{"x":"{\"y\":\"\\u006aane.roe-1977\"}","id":"jane.roe-1977"}`, `{"x":"{\"y\":\"ID\"}","id":"ID"}`},
		{uuid, `{"x":["of 9088EC8A-D3F1-3F19-15D4-E7C20E9BAC31"],"id":"` + uuid + `"}`, `{"x":["of ID"],"id":"ID"}`},
	} {
		out, _ := scrubBody(s, tt.body)
		want := strings.ReplaceAll(tt.want, "ID", "<identity:"+tt.id+">")
		assert.Equal(t, want, named(s, out, tt.id))
	}
}

// The same of a map, in all that a map may hold: a second walk is for those only
// in which an id may stand.
func TestLearnedIDInMap(t *testing.T) {
	const uuid, user = "9088ec8a-d3f1-3f19-15d4-e7c20e9bac31", "jane.roe-1977"
	s := newTest(t, testPolicy())
	for _, tt := range []struct {
		name   string
		id     string
		put    func(pcommon.Map)
		walked bool
	}{
		{"text", user, func(m pcommon.Map) { m.PutStr("x", "of jane.roe-1977") }, true},
		{"other case", user, func(m pcommon.Map) { m.PutStr("x", "JANE.ROE-1977") }, true},
		{"name", user, func(m pcommon.Map) { m.PutEmptyMap("x").PutInt("jane.roe-1977", 1) }, true},
		{"list", user, func(m pcommon.Map) { m.PutEmptySlice("x").AppendEmpty().SetEmptyMap().PutStr("y", "jane.roe-1977") }, true},
		{"bytes", user, func(m pcommon.Map) { m.PutEmptyBytes("x").FromRaw([]byte("jane.roe-1977")) }, true},
		{"JSON", user, func(m pcommon.Map) { m.PutStr("x", `{"y":"\u006aane.roe-1977"}`) }, true},
		{"encoded", user, func(m pcommon.Map) { m.PutStr("x", "of jane%2Eroe%2D1977") }, true},
		{"whole number", "61823277", func(m pcommon.Map) { m.PutInt("x", 61823277) }, true},
		{"fraction", "61823277.5", func(m pcommon.Map) { m.PutDouble("x", 61823277.5) }, true},
		{"UUID", uuid, func(m pcommon.Map) { m.PutStr("x", "of 9088EC8A-D3F1-3F19-15D4-E7C20E9BAC31") }, true},
		{"bare UUID", uuid, func(m pcommon.Map) { m.PutStr("x", "9088ec8ad3f13f1915d4e7c20e9bac31") }, true},
		{"none", user, func(m pcommon.Map) { m.PutStr("x", "jane.roe-1978"); m.PutInt("jane.roe", 1977) }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body := pcommon.NewValueMap()
			tt.put(body.Map())
			w := newWalker(s)
			w.putID(tt.id)
			w.learned = 1
			assert.Equal(t, tt.walked, w.learnedBelow(body))

			body.Map().PutStr("id", tt.id)
			before := body.AsString()
			ld := oneRecord(`{"identity":["/id"]}`, func(lr plog.LogRecord) { body.CopyTo(lr.Body()) })
			s.Logs(ld)
			after := record(ld).Body().AsString()
			if tt.name == "none" {
				assert.Contains(t, after, "jane.roe-1978")
				return
			}
			assert.NotEqual(t, before, after)
			for _, written := range []string{tt.id, strings.ToUpper(tt.id), strings.ReplaceAll(uuid, "-", ""), "%2Eroe", `\\u006a`, "amFuZS5yb2UtMTk3Nw=="} {
				assert.NotContains(t, after, written)
			}
		})
	}
}
