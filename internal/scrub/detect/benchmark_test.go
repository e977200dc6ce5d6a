package detect

import (
	"testing"
)

// BenchmarkTypical searches the names and values of Login.gov's events, each
// once; a byte of it is a byte of a text.
func BenchmarkTypical(b *testing.B) {
	texts, size := readLines(b, "typical.txt"), 0
	for _, text := range texts {
		size += len(text)
	}
	var stack [4]Span
	b.ReportAllocs()
	b.SetBytes(int64(size))
	for b.Loop() {
		for _, text := range texts {
			Find(stack[:0], text)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"word", "Generic Browser"},
		{"name", "multi_factor_auth_method_created_at"},
		{"uuid", "4b1a2b2e-8e2d-4f52-9a51-0d1b6a6f7c11"},
		{"digest", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{"time", "2026-08-21T20:38:54.123Z"},
		{"event", "Email and Password Authentication"},
		{"path", "/api/openid_connect/token"},
		{"urn", "urn:gov:gsa:openidconnect:sp:sinatra"},
		{"host", "https://secure.login.gov/"},
		{"useragent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"},
		{"url", "https://secure.login.gov/a?b=1&c=2"},
		{"ipv4", "203.0.113.10"},
		{"ipv6", "2001:db8::7"},
		{"email", "user alice@example.com reset"},
		{"encoded", "https://idp.example/x?login_hint=alice%40example.com&r=1"},
		{"escaped", "curl/8.5 %20 (a%2Fb)"},
	} {
		b.Run(c.name, func(b *testing.B) {
			var stack [4]Span
			b.ReportAllocs()
			b.SetBytes(int64(len(c.text)))
			for b.Loop() {
				Find(stack[:0], c.text)
			}
		})
	}
}
