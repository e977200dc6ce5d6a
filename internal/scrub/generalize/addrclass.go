package generalize

import "net/netip"

// Classes of addresses, after the IANA special-purpose address registries (RFC
// 6890 and its updates).
const (
	ClassUnspecified     = "unspecified"
	ClassLoopback        = "loopback"
	ClassPrivate         = "private" // RFC 1918, and unique local IPv6
	ClassLinkLocal       = "link_local"
	ClassCarrierGradeNAT = "carrier_grade_nat"
	ClassDocumentation   = "documentation"
	ClassBenchmarking    = "benchmarking"
	ClassMulticast       = "multicast"
	ClassBroadcast       = "broadcast"
	ClassReserved        = "reserved" // any other that no packet on the Internet comes from
	ClassPublic          = "public"
)

type block struct {
	prefix netip.Prefix
	class  string
}

// blocks are the special-purpose blocks that net/netip has no method for. The
// first that holds an address counts: a narrow one stands before a wide one.
var blocks = [...]block{
	{netip.MustParsePrefix("100.64.0.0/10"), ClassCarrierGradeNAT},
	{netip.MustParsePrefix("192.0.2.0/24"), ClassDocumentation},
	{netip.MustParsePrefix("198.51.100.0/24"), ClassDocumentation},
	{netip.MustParsePrefix("203.0.113.0/24"), ClassDocumentation},
	{netip.MustParsePrefix("198.18.0.0/15"), ClassBenchmarking},
	{netip.MustParsePrefix("255.255.255.255/32"), ClassBroadcast},
	{netip.MustParsePrefix("192.0.0.9/32"), ClassPublic},  // port control protocol anycast
	{netip.MustParsePrefix("192.0.0.10/32"), ClassPublic}, // TURN anycast
	{netip.MustParsePrefix("192.0.0.0/24"), ClassReserved},
	{netip.MustParsePrefix("0.0.0.0/8"), ClassReserved},
	{netip.MustParsePrefix("240.0.0.0/4"), ClassReserved},
	{netip.MustParsePrefix("2001:db8::/32"), ClassDocumentation},
	{netip.MustParsePrefix("3fff::/20"), ClassDocumentation},
	{netip.MustParsePrefix("2001:2::/48"), ClassBenchmarking},
	{netip.MustParsePrefix("64:ff9b:1::/48"), ClassPrivate}, // translation within a network
	{netip.MustParsePrefix("100::/64"), ClassReserved},      // discard
	{netip.MustParsePrefix("100:0:0:1::/64"), ClassReserved},
	{netip.MustParsePrefix("2001:10::/28"), ClassReserved},
	{netip.MustParsePrefix("5f00::/16"), ClassReserved},
	{netip.MustParsePrefix("fec0::/10"), ClassReserved},
}

var (
	sixToFour = netip.MustParsePrefix("2002::/16")
	nat64     = netip.MustParsePrefix("64:ff9b::/96")
)

// Class returns the class of an address, one of the constants, or "" for the
// zero Addr. An IPv4 address inside an IPv6 one (mapped, 6to4, NAT64) is what
// counts: it is the host's.
func Class(addr netip.Addr) string {
	if !addr.IsValid() {
		return ""
	}
	addr = embedded(addr)
	switch {
	case addr.IsUnspecified():
		return ClassUnspecified
	case addr.IsLoopback():
		return ClassLoopback
	case addr.IsPrivate():
		return ClassPrivate
	case addr.IsLinkLocalUnicast():
		return ClassLinkLocal
	case addr.IsMulticast():
		return ClassMulticast
	}
	for i := range blocks {
		if blocks[i].prefix.Contains(addr) {
			return blocks[i].class
		}
	}
	return ClassPublic
}

// embedded returns the IPv4 address inside addr, else addr without its zone.
func embedded(addr netip.Addr) netip.Addr {
	addr = addr.Unmap().WithZone("")
	b := addr.As16()
	switch {
	case sixToFour.Contains(addr):
		return netip.AddrFrom4([4]byte(b[2:6]))
	case nat64.Contains(addr):
		return netip.AddrFrom4([4]byte(b[12:16]))
	}
	return addr
}
