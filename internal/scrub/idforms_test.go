package scrub

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
)

const bareUUID = "9088ec8ad3f13f1915d4e7c20e9bac31"

// TestFormsOfIDs: the record's own ids in another case, and UUIDs without dashes.
func TestFormsOfIDs(t *testing.T) {
	for _, tt := range []struct{ id, body, want string }{
		{"Alice.Smith", `{"x":"ALICE.SMITH","y":"of alice.smith:","z":"alice.smithers"}`, `{"x":"<id>","y":"of <id>:","z":"alice.smithers"}`},
		{"alicesmith", `{"x":"/u/AliceSmith/keys"}`, `{"x":"/u/<id>/keys"}`},
		{"auth0|61823277a", `{"x":"AUTH0%7C61823277A"}`, `{"x":"<id>"}`},
		{"bob", `{"x":"BOB","y":"to Bob"}`, `{"x":"<id>","y":"to Bob"}`},
		{"ok", `{"x":"OK","y":"ok"}`, `{"x":"OK","y":"<id>"}`},
		{uuid, `{"x":"` + bareUUID + `","y":"/x/` + strings.ToUpper(bareUUID) + `/","z":"usr` + bareUUID + `"}`, `{"x":"<id>","y":"/x/<id>/","z":"usr<id>"}`},
		{uuid, `{"x":"ab` + bareUUID + `","y":"` + bareUUID[1:] + `0"}`, `{"x":"ab<id>","y":"` + bareUUID[1:] + `0"}`},
		{uuid, `{"` + bareUUID + `":1}`, `{"<id>":1}`},
		{bareUUID, `{"x":"of ` + strings.ToUpper(uuid) + `.","y":"` + uuid + `"}`, `{"x":"of <id>.","y":"<id>"}`},
		{uuid, `{"x":"` + strings.Repeat("a", 64) + `","y":"` + strings.Repeat("90", 40) + `"}`, `{"x":"` + strings.Repeat("a", 64) + `","y":"` + strings.Repeat("90", 40) + `"}`},
	} {
		p := testPolicy()
		p.Verify = 1
		s := newTest(t, p)
		got, stats := scrubBody(s, tt.body, func(lr plog.LogRecord) { lr.Attributes().PutStr(attr.UserName, tt.id) })
		assert.Zero(t, stats.Residual)
		assert.Equal(t, tt.want, strings.ReplaceAll(named(s, got, tt.id), "<identity:"+tt.id+">", "<id>"), tt.id)
	}
}

// Where fields say that there are ids, two that differ by case are two.
func TestCaseOfKnownIDs(t *testing.T) {
	s := newTest(t, testPolicy())
	got, _ := scrubBody(s, `{"id":"AbCdEf12","x":"abcdef12 ABCDEF12"}`, func(lr plog.LogRecord) { lr.Attributes().PutStr(attr.UserID, "abcdef12") })
	assert.Equal(t, `{"id":"<identity:AbCdEf12>","x":"<identity:abcdef12> <identity:abcdef12>"}`, named(s, got, "abcdef12", "AbCdEf12"))

	ld := oneRecord(testFields, func(lr plog.LogRecord) {
		lr.Attributes().PutStr(attr.UserID, "aBcDeFgH")
		lr.Attributes().PutStr(attr.SessionID, "AbCdEfGh")
	})
	s.Logs(ld)
	raw := record(ld).Attributes().AsRaw()
	assert.NotEqual(t, raw[attr.UserID], raw[attr.SessionID])
}

// Wherever in a text a UUID without dashes begins, it is found.
func TestBareUUIDsAtEveryPlace(t *testing.T) {
	s := newTest(t, testPolicy())
	for pad := range 70 {
		text := strings.Repeat("x", pad) + bareUUID + strings.Repeat("y", pad%7)
		got, _ := scrubBody(s, `{"x":"`+text+`"}`, func(lr plog.LogRecord) { lr.Attributes().PutStr(attr.UserID, uuid) })
		assert.NotContains(t, got, bareUUID, pad)
	}
}
