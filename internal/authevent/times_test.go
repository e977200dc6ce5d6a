package authevent

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseTime(t *testing.T) {
	for s, want := range map[string]string{
		"2026-08-21T20:38:54.123Z":         "2026-08-21T20:38:54.123Z",
		"2026-08-21T20:38:54Z":             "2026-08-21T20:38:54Z",
		"2026-08-21T20:38:54.123456789Z":   "2026-08-21T20:38:54.123456789Z",
		"2024-02-29T00:00:00Z":             "2024-02-29T00:00:00Z",
		"2026-05-20T11:56:57+02:00":        "2026-05-20T09:56:57Z",
		"2026-05-20T19:25:26.527644":       "2026-05-20T19:25:26.527644Z",
		"2026-05-20 19:25:26 +0200":        "2026-05-20T17:25:26Z",
		"2026-05-20 19:25:26 UTC":          "2026-05-20T19:25:26Z",
		"2026-05-20 19:25:26.527+02":       "2026-05-20T17:25:26.527Z",
		"1779271200":                       "2026-05-20T10:00:00Z",
		"1779271200.5":                     "2026-05-20T10:00:00.5Z",
		"1779271200123":                    "2026-05-20T10:00:00.123Z",
		"1779271200123456":                 "2026-05-20T10:00:00.123456Z",
		"1779271200123456789":              "2026-05-20T10:00:00.123456789Z",
		"2016-12-31T23:59:60Z":             "2017-01-01T00:00:00Z",
		"0001-01-01T00:00:00Z":             "",
		"9999-12-31T23:59:59Z":             "",
		"2026-02-29T00:00:00Z":             "",
		"2026-13-01T00:00:00Z":             "",
		"2026-08-21T24:00:00Z":             "",
		"2026-08-21T20:38:54.Z":            "",
		"99999999999999999999":             "",
		"12":                               "",
		"yesterday":                        "",
		"":                                 "",
		"2026-08-21T20:38:54.12345678901Z": "2026-08-21T20:38:54.123456789Z",
	} {
		nanos, ok := (&compiled{location: time.UTC}).parseTime(s)
		if want == "" {
			assert.False(t, ok, s)
			continue
		}
		require.True(t, ok, s)
		assert.Equal(t, want, time.Unix(0, nanos).UTC().Format(time.RFC3339Nano), s)
	}
}

// TestFastTimeIsRight holds the fast way against package time, on every day
// of the years that it takes.
func TestFastTimeIsRight(t *testing.T) {
	for day := time.Date(minYear, 1, 1, 23, 59, 59, 0, time.UTC); day.Year() <= maxYear; day = day.AddDate(0, 0, 1) {
		nanos, ok := parseRFC3339UTC(day.Format("2006-01-02T15:04:05Z"))
		if !ok || nanos != day.UnixNano() {
			t.Fatalf("%s: got %d, %v", day, nanos, ok)
		}
	}
}

func TestTimeFallback(t *testing.T) {
	for _, line := range []string{
		`{"type":"audit","event":"x"}`,
		`{"type":"audit","event":"x","ts":"0001-01-01T00:00:00Z"}`,
		`{"type":"audit","event":"x","ts":null}`,
	} {
		_, lr, _ := parseOne(t, Options{}, line)
		assert.Equal(t, lr.ObservedTimestamp(), lr.Timestamp())
		assert.Equal(t, "true", str(lr, "auth.time.fallback"))
	}
}
