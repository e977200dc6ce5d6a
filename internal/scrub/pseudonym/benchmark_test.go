package pseudonym

import (
	"fmt"
	"net/netip"
	"sync/atomic"
	"testing"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// ids are so many UUIDs, as an IdP writes them.
func ids(n int) []string {
	values := make([]string, n)
	for i := range values {
		values[i] = fmt.Sprintf("%08x-d3f1-4f19-95d4-e7c20e9bac31", uint32(i)*2654435761)
	}
	return values
}

func BenchmarkToken(b *testing.B) {
	keys := []Key{{ID: "k1", Secret: testSecret}}
	for _, distinct := range []int{1, 1000, 16_000} {
		b.Run(fmt.Sprintf("cached=%d", distinct), func(b *testing.B) {
			p := newWith(b, Options{Keys: keys})
			values := ids(distinct)
			for _, value := range values {
				p.Token(pii.Identity, value)
			}
			b.ReportAllocs()
			b.SetBytes(int64(len(values[0])))
			for i := 0; b.Loop(); i++ {
				p.Token(pii.Identity, values[i%len(values)])
			}
		})
	}
	b.Run("missed", func(b *testing.B) {
		p := newWith(b, Options{Keys: keys})
		values := ids(1 << 20) // far more than are remembered
		b.ReportAllocs()
		b.SetBytes(int64(len(values[0])))
		for i := 0; b.Loop(); i++ {
			p.Token(pii.Identity, values[i%len(values)])
		}
	})
	b.Run("missed uuid", func(b *testing.B) {
		p := newWith(b, Options{Keys: keys, PreserveShape: true})
		values := ids(1 << 20)
		b.ReportAllocs()
		b.SetBytes(int64(len(values[0])))
		for i := 0; b.Loop(); i++ {
			p.Token(pii.Identity, values[i%len(values)])
		}
	})
}

// BenchmarkTokenParallel is what all cores do together, nine look-ups of ten
// among users that come often.
func BenchmarkTokenParallel(b *testing.B) {
	p := newTest(b, "")
	values := ids(100_000)
	var start atomic.Int64
	b.ReportAllocs()
	b.SetBytes(int64(len(values[0])))
	b.RunParallel(func(pb *testing.PB) {
		for i := start.Add(37_000); pb.Next(); i++ {
			at := i % 1000
			if i%10 == 0 {
				at = i % int64(len(values))
			}
			p.Token(pii.Identity, values[at])
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	p := newTest(b, "")
	preserved := newWith(b, Options{Keys: []Key{{ID: "k1", Secret: testSecret}}, PreserveShape: true})
	for name, text := range map[string]string{
		"token":         p.Token(pii.Identity, testUUID),
		"preserved":     preserved.Token(pii.Identity, testUUID),
		"uuid":          testUUID,
		"email":         "alice@example.com",
		"length":        "Email and Password Authentication, again",
		"forged length": "Password reset: the link was opened, once",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				p.Verify(text)
			}
		})
	}
}

func BenchmarkAnonymize(b *testing.B) {
	p := newTest(b, "")
	for name, addr := range map[string]netip.Addr{"ipv4": ip("192.0.2.44"), "ipv6": ip("2001:db8::1")} {
		b.Run(name+" cached", func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(addr.BitLen() / 8))
			for b.Loop() {
				p.Anonymize(addr)
			}
		})
		b.Run(name+" missed", func(b *testing.B) {
			pan := p.ring.Load().addresses.pan
			b.ReportAllocs()
			b.SetBytes(int64(addr.BitLen() / 8))
			for b.Loop() {
				pan.anonymize(addr)
			}
		})
	}
}
