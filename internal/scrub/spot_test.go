package scrub

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/plog"
)

// An object that nobody lists is named for a secret: so are the strings and
// numbers in it. Of a name that means other things, too, they are not.
func TestObjectsNamedForSecrets(t *testing.T) {
	s := newTest(t, testPolicy())
	for body, want := range map[string]string{
		`{"cookies":{"sid":"v1","n":2,"ok":true}}`:          `{"cookies":{"sid":"[REDACTED]","n":"[REDACTED]","ok":true}}`,
		`{"clientSecret":{"old":"v1","by":{"x":["v2"]}}}`:   `{"clientSecret":{"old":"[REDACTED]","by":{"x":["[REDACTED]"]}}}`,
		`{"phoneNumbers":[{"value":"2025550143"}]}`:         `{"phoneNumbers":[{"value":"[REDACTED]"}]}`,
		`{"password":[{"user_id":"v1"}]}`:                   `{"password":[{"user_id":"[REDACTED]"}]}`,
		`{"state":{"from":"locked"},"code":{"type":"sms"}}`: `{"state":{"from":"locked"},"code":{"type":"sms"}}`,
		`{"password":{"too_short":true},"x":{"y":"z"}}`:     `{"password":{"too_short":true},"x":{"y":"z"}}`,
	} {
		got, _ := scrubBody(s, body)
		assert.Equal(t, want, got)
	}
	ld := oneRecord(testFields, func(lr plog.LogRecord) {
		lr.Body().SetEmptyMap().PutEmptyMap("cookies").PutStr("sid", "v1")
		lr.Attributes().PutEmptyMap("cookies").PutStr("sid", "v1")
	})
	s.Logs(ld)
	want := map[string]any{"cookies": map[string]any{"sid": Redacted}}
	assert.Equal(t, want, record(ld).Attributes().AsRaw())
	assert.Equal(t, want, record(ld).Body().Map().AsRaw())
}
