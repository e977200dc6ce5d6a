package main

import (
	"encoding/hex"
	"net/netip"
	"strconv"
)

// user is a person at a device. What stands here stays the same over the
// user's lines, but for the visit, which changes now and then.
type user struct {
	id, visitor, visit string
	ip, email, locale  string
	trace              string
	phoneFingerprint   string
	phoneConfiguration int64
	areaCode           string
	methods            []string
	client             string
	browser            *browser
}

// browser is what Login.gov tells of a user agent, and the header as JSON text.
type browser struct {
	header, name, version, os, osVersion, device string
	mobile, bot                                  bool
}

var browsers = []browser{
	{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36", "Chrome", "126.0.0.0", "Windows", "10.0", "Unknown", false, false},
	{"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36", "Chrome", "120.0.0.0", "Linux", "0", "Unknown", false, false},
	{"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1", "Safari", "17.5", "iOS (iPhone)", "17.5.1", "iPhone", true, false},
	{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4.1 Safari/605.1.15", "Safari", "17.4.1", "macOS", "10.15.7", "Unknown", false, false},
	{"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox", "127.0", "Windows", "10.0", "Unknown", false, false},
	{"Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.6478.122 Mobile Safari/537.36", "Chrome", "126.0.6478.122", "Android", "14", "Pixel 8", true, false},
	{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.87", "Microsoft Edge", "126.0.2592.87", "Windows", "10.0", "Unknown", false, false},
	{`curl/8.5 \u003c\u0026\u003e`, "Generic Browser", "0.0", "Unknown", "0", "Unknown", false, false},
	{"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Generic Browser", "0.0", "Unknown", "0", "Unknown", false, true},
}

// clients are the service providers that users of Login.gov sign in to.
var clients = []string{
	"urn:gov:gsa:openidconnect:sp:sinatra",
	"urn:gov:gsa:openidconnect.profiles:sp:sso:OPM:USAJOBS:PROD",
	"urn:gov:gsa:openidconnect.profiles:sp:sso:ssa:mysocialsecurity",
	"urn:gov:dhs.cbp.pspd.oauth:prod:app",
	"urn:gov:gsa:SAML:2.0.profiles:sp:sso:rrb:bosprod",
	"https://sp.example.gov/saml",
}

func (g *generator) newUser() user {
	number := g.rng.Uint32()
	return user{
		id:               g.uuid(),
		visitor:          g.uuid(),
		visit:            g.uuid(),
		ip:               g.address(),
		email:            pick(g, "ana", "bo", "chidi", "dana", "eli", "farah") + "." + strconv.Itoa(int(number)) + "@example.com",
		locale:           pick(g, "en", "en", "en", "en", "es", "fr"),
		trace:            "Root=1-" + g.hex(4) + "-" + g.hex(12),
		phoneFingerprint: g.hex(16),
		// Beyond 2^53, where a float64 no longer tells neighbours apart.
		phoneConfiguration: 9007199254740993 + int64(number),
		areaCode:           strconv.Itoa(201 + g.rng.IntN(780)),
		methods:            pick(g, []string{"sms"}, []string{"sms", "backup_code"}, []string{"totp", "backup_code"}, []string{"webauthn", "sms"}, []string{"webauthn_platform", "voice"}, []string{"piv_cac", "personal-key"}),
		client:             pick(g, clients...),
		browser:            &browsers[g.rng.IntN(len(browsers))],
	}
}

// address returns an address of the ranges set aside for documentation
// (RFC 5737, RFC 3849) and for benchmarks (RFC 2544): nobody's.
func (g *generator) address() string {
	n := g.rng.Uint64()
	if g.chance(g.ipv4) {
		a := [4]byte{198, 18 | byte(n>>32)&1, byte(n), byte(n >> 8)}
		if n>>40&1 == 0 {
			a[1], a[2] = 51, 100
		}
		return netip.AddrFrom4(a).String()
	}
	a := [16]byte{0x20, 0x01, 0x0d, 0xb8, byte(n), byte(n >> 8), byte(n >> 16)}
	a[15] = byte(n>>24) | 1
	return netip.AddrFrom16(a).String()
}

// uuid returns a random UUID of version 4.
func (g *generator) uuid() string {
	id := g.bytes(16)
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	var text [36]byte
	hex.Encode(text[:8], id[:4])
	for i, at := range [...]int{8, 13, 18} {
		text[at] = '-'
		hex.Encode(text[at+1:at+5], id[4+2*i:6+2*i])
	}
	text[23] = '-'
	hex.Encode(text[24:], id[10:])
	return string(text[:])
}

// hex returns n random bytes as text.
func (g *generator) hex(n int) string { return hex.EncodeToString(g.bytes(n)) }

func (g *generator) bytes(n int) []byte {
	b := make([]byte, n)
	for i := 0; i < n; i += 8 {
		r := g.rng.Uint64()
		for j := i; j < min(i+8, n); j++ {
			b[j] = byte(r)
			r >>= 8
		}
	}
	return b
}
