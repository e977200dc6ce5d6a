package scrub

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// A UUID is the record's wherever it stands; a user name within another word is
// another word.
func TestIDsThatTouchWords(t *testing.T) {
	const uuid, name = "9088ec8a-d3f1-3f19-15d4-e7c20e9bac31", "longname"
	s := newTest(t, testPolicy())
	out, _ := scrubBody(s, `{"a":"user`+uuid+`","b":"`+uuid+`x","session`+uuid+`":1,"c":"longnames"}`, func(lr plog.LogRecord) {
		lr.Attributes().PutStr(attr.UserID, uuid)
		lr.Attributes().PutStr(attr.UserName, name)
	})
	const token = "<identity:" + uuid + ">"
	assert.Equal(t, `{"a":"user`+token+`","b":"`+token+`x","session`+token+`":1,"c":"longnames"}`, named(s, out, uuid, name))
}
