package layout

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestParseInet(t *testing.T) {
	for text, want := range map[string]string{
		"203.0.113.9":             "203.0.113.9/32",
		"\t203.0.113.9\n":         "203.0.113.9/32",
		"203.0.113.9:52811":       "203.0.113.9/32",
		"203.0.113.0/24":          "203.0.113.0/24",
		"::ffff:203.0.113.9":      "203.0.113.9/32",
		"::ffff:203.0.113.0/120":  "203.0.113.0/24",
		"2001:db8::7":             "2001:db8::7/128",
		"[2001:db8::7]":           "2001:db8::7/128",
		"[2001:db8::7]:443":       "2001:db8::7/128",
		"[::ffff:203.0.113.9]:80": "203.0.113.9/32",
		"fe80::1%eth0":            "fe80::1/128",
		"[fe80::1%eth0]:80":       "fe80::1/128",
		"203.0.113.09":            "",
		"203.0.113.9/33":          "",
		"localhost":               "",
		"[]":                      "",
		"":                        "",
	} {
		prefix, ok := ParseInet(text)
		assert.Equal(t, want != "", ok, text)
		if ok {
			assert.Equal(t, want, prefix.String(), text)
		}
	}
}

func TestParse(t *testing.T) {
	id := [16]byte{0x4b, 0x1a, 0x2b, 0x2e, 0x8e, 0x2d, 0x4f, 0x52, 0x9a, 0x51, 0x0d, 0x1b, 0x6a, 0x6f, 0x7c, 0x11}
	for _, c := range []struct {
		t    Type
		text string
		want any
	}{
		{UUID, "4b1a2b2e-8e2d-4f52-9a51-0d1b6a6f7c11", id},
		{UUID, "4B1A2B2E8E2D4F529A510D1B6A6F7C11", id},
		{UUID, "4b1a2b2e-8e2d-4f52-9a51-0d1b6a6f7c1", nil},
		{UUID, "4b1a2b2e-8e2d-4f52-9a51-0d1b6a6f7cxx", nil},
		{UUID, "4b1a2b2e-8e2d4f52--9a51-0d1b6a6f7c11", nil},
		{UUID, "idn_k1_AAAAAAAAAAAAAAAAAAAAAA", nil},
		{BigInt, "-7", int64(-7)},
		{BigInt, "9223372036854775808", nil},
		{Double, "2.5", 2.5},
		{Double, "NaN", nil},
		{Double, "1e999", nil},
		{Boolean, "TRUE", true},
		{Boolean, "false", false},
		{Boolean, "1", nil},
		{Inet, "203.0.113.9", netip.MustParsePrefix("203.0.113.9/32")},
		{TimestampTZ, "2026-05-20T12:00:00.1234567+02:00", time.Date(2026, 5, 20, 10, 0, 0, 123456000, time.UTC)},
		{TimestampTZ, "yesterday", nil},
	} {
		assert.Equal(t, c.want, c.t.Parse(c.text), "%s %q", c.t, c.text)
	}
}
