package generalize

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestClass(t *testing.T) {
	for addr, want := range map[string]string{
		"0.0.0.0": ClassUnspecified, "::": ClassUnspecified, "127.0.0.1": ClassLoopback, "127.255.0.1": ClassLoopback, "::1": ClassLoopback,
		"10.1.2.3": ClassPrivate, "172.16.0.1": ClassPrivate, "172.31.255.255": ClassPrivate, "192.168.0.1": ClassPrivate,
		"172.32.0.1": ClassPublic, "fd00::1": ClassPrivate, "fc00::1": ClassPrivate, "64:ff9b:1::1": ClassPrivate,
		"169.254.0.1": ClassLinkLocal, "fe80::1%eth0": ClassLinkLocal, "100.64.0.1": ClassCarrierGradeNAT, "100.128.0.1": ClassPublic,
		"192.0.2.1": ClassDocumentation, "198.51.100.1": ClassDocumentation, "203.0.113.1": ClassDocumentation,
		"2001:db8::1": ClassDocumentation, "3fff::1": ClassDocumentation, "198.18.0.1": ClassBenchmarking, "2001:2::1": ClassBenchmarking,
		"224.0.0.1": ClassMulticast, "239.1.1.1": ClassMulticast, "ff02::1": ClassMulticast, "255.255.255.255": ClassBroadcast,
		"240.0.0.1": ClassReserved, "0.1.2.3": ClassReserved, "192.0.0.1": ClassReserved, "192.0.0.9": ClassPublic,
		"100::1": ClassReserved, "fec0::1": ClassReserved, "5f00::1": ClassReserved,
		"8.8.8.8": ClassPublic, "2606:4700::1111": ClassPublic, "2001:db9::1%eth0": ClassPublic, "192.88.99.1": ClassPublic,
		"::ffff:10.1.2.3": ClassPrivate, "::ffff:8.8.8.8": ClassPublic, "2002:0a01:0203::1": ClassPrivate, "2002:0808:0808::1": ClassPublic,
		"64:ff9b::10.1.2.3": ClassPrivate, "64:ff9b::8.8.8.8": ClassPublic,
	} {
		assert.Equal(t, want, Class(netip.MustParseAddr(addr)), addr)
	}
	assert.Empty(t, Class(netip.Addr{}))
}
