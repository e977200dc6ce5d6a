package detect

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// hostile are texts, repeated, that a careless search goes over again and again.
var hostile = []string{
	"@", "a@", "@a", `"@`, `"a"@`, `"a"b"@`, "a@b ", "@b.c登", ".@", "-@a", "@.a", "@[", "[", "ü@", "\xff@", "😀@", "/@", "a/@", "=@", "a=", "a/b=c",
	"{", "|a@b", ")@", "()@", "(a)@b", "a@v1.", "@sha256:",
	"1.", "1.2.3.4 ", "1.2.3.4.", "0x1.", "0xf.0x", "0000.", "00.", "a.b", "1.a", "1-2-3-4.a", "1-", "-1-2-3-4", "ip-1-2-3-4", "ip-", "1.i",
	".in-addr.arpa", "1.2.3.4.in-addr.arpa", ".ip6.arpa", "0.", "a.0.ip6.arpa", "1-2.ipv6-literal.net",
	":", "::", "1:", "a:b::", "2001:", "_2001::", "1::2:", "::1%", "1:2:3:4:5:6:7:8:",
	"+1", "+12345678 ", "+1 ", "+1 2", "+44 20 7946 0958 ", "+44(0)", "(202", "(202)", "(202) 555-0143", "202-", "202-555-", "202-555-0143", "202.555.", "1-202-", "eyJ", "eyJ.", "eyJ.a.b.", "=", "code=", "&code=a", `"="`, `"=>`, `"password":`, `"password":"`, `" :`, `' ' =`, `]=`,
	"password:", "password: ", "password::1", "password:'", "password = ", "password[]",
	"cookie:", "cookie:\n", `cookie" :`, "://", "://a:@", "://1", "://0x", "bearer ", "Bearer a1234567", "basic ", "basic AAAA", "b", "B ",
	"IA1", "AKIA1", "gh1_", "ghp_1", "xoxb-1", "ory_at_1", "-----BEGIN ", "-----BEGIN PRIVATE KEY-----", "-----END ", "- begin ",
	"%", "%25", "%40", "\\", `\\`, "\\u0040", "&", "&#", "&#64;", "&a;", "&#0", `\@`, `\u{`, "[", "[at]", "a[at]", "a (at) ", "a [at] b [dot] c ", "[.]", "1[.]", "[[.]]", "=40", "a=40", "a=40b.cd", "a=2Eb", "a (at) b-", "＠", "A", "AAAA_", "QUBi/", "YUBiLmV4YW1wbGU= ",
}

// TestHostile runs over each; a search that is quadratic takes hours here.
// BenchmarkGrowth has the figures.
func TestHostile(t *testing.T) {
	const n = 1 << 20
	for _, unit := range hostile {
		text := strings.Repeat(unit, n/len(unit)) + "a"
		for _, o := range []Options{{}, {DecodeTokens: true}} {
			checkSpans(t, text, o.Find(nil, text))
		}
	}
}

// BenchmarkGrowth reports how many times as long a text takes that is 8 times
// as long: 8 is linear, 64 quadratic.
func BenchmarkGrowth(b *testing.B) {
	const n = 16 << 10
	o := Options{DecodeTokens: true}
	var spans []Span
	best := func(text string) time.Duration {
		shortest := time.Hour
		for range 5 {
			start := time.Now()
			spans = o.Find(spans[:0], text)
			shortest = min(shortest, time.Since(start))
		}
		return shortest
	}
	for _, unit := range hostile {
		b.Run(fmt.Sprintf("%q", unit), func(b *testing.B) {
			short := strings.Repeat(unit, n/len(unit))
			long := strings.Repeat(unit, 8*n/len(unit))
			growth := float64(best(long)) / float64(best(short))
			b.SetBytes(int64(len(long)))
			for b.Loop() {
				spans = o.Find(spans[:0], long)
			}
			b.ReportMetric(growth, "growth")
		})
	}
}

// A value is the caller's, whatever the decoder's buffers are used for next.
func TestValuesOutliveTheSearch(t *testing.T) {
	first := Find(nil, "alice%40example.com 192%2E0%2E2%2E44")
	for range 10 {
		Find(nil, "bobby%40example.org 198%2E51%2E100%2E7")
	}
	assert.Equal(t, "alice@example.com", first[0].Value)
	assert.Equal(t, "192.0.2.44", first[1].Value)
}
