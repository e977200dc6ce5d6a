package scrub

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
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
