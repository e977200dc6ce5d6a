package generalize

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
)

const chromeOnWindows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"

// TestNoAllocations: the functions run on every record.
func TestNoAllocations(t *testing.T) {
	dst, addr := make([]byte, 0, 256), netip.MustParseAddr("2001:db8::1")
	for name, f := range map[string]func(){
		"UserAgent":   func() { UserAgent(chromeOnWindows) },
		"Major":       func() { _ = Major("126.0.6478.122") },
		"Origin":      func() { Origin("https://[2001:db8::1]:8443/users/42?x=1") },
		"AppendPath":  func() { AppendPath(dst, "/Api/v1/Users/00u1abvz4pYqdM8ms4x6/x%41/logo-1a.png;a=b") },
		"EmailDomain": func() { EmailDomain("Hotmail.Co.UK") },
		"Class":       func() { Class(addr) },
	} {
		assert.Zero(t, testing.AllocsPerRun(100, f), name)
	}
}

func BenchmarkUserAgent(b *testing.B) {
	b.ReportAllocs()
	b.SetBytes(int64(len(chromeOnWindows)))
	for b.Loop() {
		UserAgent(chromeOnWindows)
	}
}

func BenchmarkOrigin(b *testing.B) {
	const url = "https://idp.example.com:8443/openid_connect/authorize?client_id=x"
	b.ReportAllocs()
	b.SetBytes(int64(len(url)))
	for b.Loop() {
		Origin(url)
	}
}

func BenchmarkRegistrable(b *testing.B) {
	b.ReportAllocs()
	b.SetBytes(int64(len("mail.example.co.uk")))
	for b.Loop() {
		Registrable("mail.example.co.uk")
	}
}

func BenchmarkClass(b *testing.B) {
	addr := netip.MustParseAddr("2606:4700::1111")
	b.ReportAllocs()
	b.SetBytes(16)
	for b.Loop() {
		Class(addr)
	}
}
